/** Everything that lives in the computing thread, and the few things that happen to all of it. */
import type { BackendName, ExecutorName, ModelConfig, PresetName } from '../contract/config';
import type { CheckpointInfo, EngineInfo, RunSpec } from '../contract/domain';
import { LabError } from '../contract/errors';
import type { Course, RunState } from '../contract/protocol';
import { ExecutorError } from '../core/kernels/gpu/plan';
import type { CausalNetwork } from '../core/model/causalNetwork';
import { prepareExecutor } from '../core/model/executor';
import type { Corpus } from '../core/text/corpus';
import type { BackendOptions } from '../core/tf';
import { Corpora, type CorpusMemory } from './corpora';
import { createDriver } from './drivers/createDriver';
import { RunPlace } from './drivers/place';
import { Engine } from './engine';
import { reportError } from './errors';
import { type Host, RunController } from './runController';
import { parseRunSpec } from './schemas';
import type { Emit } from './serve';
import { Shelf } from './shelf';
import { decodeRun, type StoredRun } from './storedRun';
import { type Steps, telling } from './telling';

/** What the thread gives the session; tests give their own. */
export interface Surroundings {
  emit: Emit;
  /** milliseconds, steady */
  now(): number;
  /** the date: milliseconds since 1970 */
  today(): number;
  /** lets waiting calls be answered */
  breathe(): Promise<void>;
  /** a file that ships with the page, by its path below the page */
  fetchShipped(path: string): Promise<Uint8Array>;
  /** fetches everything that may be wanted later; rejects when something did not come */
  fetchFiles(): Promise<void>;
  wasmPath?: BackendOptions['wasmPath'];
  crossOriginIsolated: boolean;
}

/** a trained model that ships with the page */
export const shippedFile = (preset: PresetName): string => `checkpoints/${preset}.safetensors`;

/** names the network that a run trains at the moment: `live:<runId>` */
export const LIVE = 'live:';

/** news of a lost device comes at most this much after the work on it has failed */
const LATE_NEWS_MS = 100;

interface LiveRun {
  controller: RunController;
  /** to build it again on another engine */
  spec: RunSpec;
  corpus: CorpusMemory;
}

/** A network that someone looks at or writes with. */
export interface Model {
  network: CausalNetwork;
  corpus: Corpus;
}

/** how far the building of a run is, and what may end it */
type Building = Pick<Course, 'breathe' | 'tell'>;

/** whether a run trains on the texts of the corpus themselves */
const readsCorpus = (spec: RunSpec): boolean => spec.kind === 'pretrain' || (spec.kind === 'ppo' && spec.config.ptxCoef > 0);

export class Session {
  readonly engine: Engine;
  readonly corpora = new Corpora();
  readonly shelf = new Shelf();
  /** measured by the last probe */
  flopsPerSecond: number | null = null;
  private readonly runs = new Map<string, LiveRun>();
  private recovery: Promise<void> | null = null;
  /** for what no call asked for, and nobody can cancel */
  private readonly unheard: Building = { breathe: () => this.surroundings.breathe(), tell: () => {} };

  constructor(readonly surroundings: Surroundings) {
    const { wasmPath, crossOriginIsolated, now } = surroundings;
    this.engine = new Engine({
      wasmPath,
      crossOriginIsolated,
      now,
      onLost: (message) => void this.recover(message),
      onGpuError: (message) => void this.stumble(message),
    });
  }

  /** a second start moves everything that lives to the new path */
  async start(backend: BackendName | 'auto', executor: ExecutorName | 'auto'): Promise<EngineInfo> {
    const moving = this.engine.info !== null;
    if (moving) await this.pauseAll();
    const info = await this.engine.start(backend, executor);
    if (moving) await this.rebuildAll('The engine was changed');
    return this.engine.info ?? info; // what was rebuilt may have found that a kernel does not compile here
  }

  /** what work in steps for a call is done under */
  steps({ breathe, tell }: Building): Steps {
    return { breathe, tell, now: this.surroundings.now };
  }

  run(runId: string): RunController {
    const run = this.runs.get(runId);
    if (!run) throw new LabError('run/missingInput', `There is no run ${runId}. Reset, then train again.`);
    return run.controller;
  }

  /** an earlier run of this name is disposed of */
  async createRun(runId: string, value: RunSpec, course: Building = this.unheard): Promise<RunState> {
    const spec = parseRunSpec(value);
    const corpus = spec.kind === 'pretrain' ? this.corpora.memory : this.shelf.memoryOf(spec.baseId);
    await this.disposeRun(runId);
    const driver = await this.driverOf(runId, { spec, corpus, saved: null }, course);
    const controller = new RunController(runId, driver, this.host);
    this.runs.set(runId, { controller, spec, corpus });
    return controller.state;
  }

  /** @throws LabError('storage/corrupt') when the snapshot cannot be read; then nothing was changed */
  async restoreRun(runId: string, snapshot: Uint8Array, course: Building = this.unheard): Promise<RunState> {
    const stored = decodeRun(snapshot);
    const driver = await this.driverOf(runId, stored, course);
    await this.disposeRun(runId);
    const controller = new RunController(runId, driver, this.host, stored.memory);
    controller.snapshots.restore(snapshot, driver.step);
    this.runs.set(runId, { controller, spec: stored.spec, corpus: stored.corpus });
    return controller.state;
  }

  async disposeRun(runId: string): Promise<void> {
    const run = this.runs.get(runId);
    this.runs.delete(runId);
    await run?.controller.dispose();
  }

  /** lends a network from the shelf or out of a run, with enough of its corpus to read and write */
  async lend<T>(id: string, work: (model: Model, info: CheckpointInfo | null) => Promise<T>): Promise<T> {
    if (!id.startsWith(LIVE)) {
      const { info } = this.shelf.get(id);
      await this.prepare(info.model);
      const corpus = this.corpora.readable(this.shelf.memoryOf(id));
      return this.shelf.lend(id, (network) => work({ network, corpus }, info));
    }
    const runId = id.slice(LIVE.length);
    const { network } = this.run(runId);
    const corpus = this.corpora.readable((this.runs.get(runId) as LiveRun).corpus);
    return work({ network, corpus }, null);
  }

  /** the device under the engine is gone: the next path, every run from its last snapshot */
  recover(message: string): Promise<void> {
    this.recovery ??= this.move(message).finally(() => {
      this.recovery = null;
    });
    return this.recovery;
  }

  /** the fused executor cannot go on here: every run from its last snapshot, on the portable one */
  withdraw(message: string): Promise<void> {
    this.recovery ??= this.toPortable(message).finally(() => {
      this.recovery = null;
    });
    return this.recovery;
  }

  /** resolves when no run is on its way to another path: what is pressed meanwhile is meant for the run that arrives there */
  async settled(): Promise<void> {
    await this.recovery;
  }

  /** does the work again, on the next path, when it failed because the engine went away under it */
  async survive<T>(work: () => Promise<T>): Promise<T> {
    const { generation } = this.engine;
    try {
      return await work();
    } catch (error) {
      if (error instanceof ExecutorError) await this.withdraw(error.message);
      else if (error instanceof LabError || !(await this.wentAway(generation))) throw error;
      await this.recovery;
      return work();
    }
  }

  /** whether the engine of this generation is gone: the browser may tell so a moment after the work on it has failed */
  private async wentAway(generation: number): Promise<boolean> {
    const { now, breathe } = this.surroundings;
    const isGone = () => this.engine.isLost || this.recovery !== null || this.engine.generation !== generation;
    const patience = this.engine.info?.backend === 'webgpu' ? LATE_NEWS_MS : 0;
    for (const began = now(); !isGone() && now() - began < patience; ) await breathe();
    return isGone();
  }

  /** what runs at the moment computes with buffers that are not there: it ends, with its last snapshot kept */
  refuse(message: string): void {
    for (const { controller } of this.runs.values()) if (controller.state.status === 'running') controller.end(new Error(message));
  }

  /** the card refused something that nobody waits for */
  private async stumble(message: string): Promise<void> {
    if (this.engine.info?.executor === 'fused') await this.withdraw(message);
    else this.refuse(message);
  }

  private async toPortable(message: string): Promise<void> {
    const info = this.engine.withdrawFused(message);
    try {
      await this.rebuildAll('The fused executor stopped');
      this.surroundings.emit('engine/changed', { info, error: reportError(new LabError('engine/executor', message)) });
    } catch (failure) {
      for (const { controller } of this.runs.values()) controller.end(failure);
    }
  }

  private async move(message: string): Promise<void> {
    const broken = this.engine.info?.backend ?? 'webgpu';
    const error = new LabError('webgpu/lost', `${broken}: ${message}`);
    try {
      const info = await this.engine.startNext();
      await this.rebuildAll('The graphics device was lost');
      this.surroundings.emit('engine/changed', { info, error: reportError(error) });
    } catch (failure) {
      for (const { controller } of this.runs.values()) controller.end(failure);
    }
  }

  private async pauseAll(): Promise<void> {
    for (const { controller } of this.runs.values()) await controller.pause();
    for (const { controller } of this.runs.values()) await controller.save().catch(() => undefined); // one that never began begins anew
  }

  private async rebuildAll(reason: string): Promise<void> {
    this.shelf.forgetNetworks();
    for (const [runId, { controller, spec, corpus }] of this.runs) {
      const { last } = controller.snapshots;
      const stored = last && decodeRun(last);
      const driver = await this.driverOf(runId, stored ?? { spec, corpus, saved: null }, this.unheard);
      controller.replaceDriver(driver, `${reason}; this run stands at step ${driver.step} of ${driver.totalSteps}.`);
    }
  }

  private async driverOf(
    runId: string,
    { spec, corpus, saved }: Pick<StoredRun, 'spec' | 'corpus'> & { saved: StoredRun['saved'] | null },
    course: Building,
  ) {
    if (readsCorpus(spec)) await this.corpora.writeStories(corpus, telling(this.steps(course)));
    const whole = this.corpora.whole(corpus);
    const model =
      spec.kind === 'pretrain' ? { ...spec.model, vocabSize: whole.tokenizer.vocabSize } : this.shelf.get(spec.baseId).info.model;
    await this.prepare(model);
    const driver = await createDriver(this.place(runId, corpus, course), whole, spec, saved);
    try {
      await course.breathe(); // the last chance to hear that nobody waits for it
      return driver;
    } catch (error) {
      await driver.dispose();
      throw error;
    }
  }

  /** compiles what networks of this shape need, and tells which executor they will get */
  private async prepare(model: ModelConfig): Promise<void> {
    const choice = await prepareExecutor(model, (done) => this.surroundings.emit('engine/compiling', { done }));
    const info = this.engine.use(choice);
    if (info) this.surroundings.emit('engine/changed', { info, error: null });
  }

  private place(runId: string, corpus: CorpusMemory, course: Building): RunPlace {
    return new RunPlace(runId, { ...this.surroundings, ...this.steps(course) }, this.shelf, corpus);
  }

  private get host(): Host {
    const { emit, now, breathe } = this.surroundings;
    const isEngineLost = async (error: unknown) => {
      if (!(error instanceof ExecutorError)) return this.wentAway(this.engine.generation);
      void this.withdraw(error.message);
      return true;
    };
    return { emit, now, breathe, isEngineLost, account: () => this.engine.account };
  }
}
