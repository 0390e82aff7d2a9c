/** Everything that lives in the computing thread, and the few things that happen to all of it. */

import type { BackendName, ExecutorName, KernelStyleName, ModelConfig, PresetName } from '../contract/config';
import type { CheckpointInfo, EngineInfo, RunSpec, SwiftestKernels } from '../contract/domain';
import { LabError } from '../contract/errors';
import { inWords } from '../contract/limits';
import type { RulePair } from '../contract/preferences';
import type { Course, RunState } from '../contract/protocol';
import { measuring, openTimeline, type Timeline } from '../core/kernels/timeline';
import type { CausalNetwork } from '../core/model/causalNetwork';
import { type Preferences, prepareExecutor } from '../core/model/executor';
import type { Corpus } from '../core/text/corpus';
import type { BackendOptions } from '../core/tf';
import { Corpora, type CorpusMemory } from './corpora';
import { createDriver } from './drivers/createDriver';
import { RunContext } from './drivers/runContext';
import { Engine } from './engine';
import { Recovery } from './recovery';
import { type Host, RunController } from './runController';
import { parse, parseRunSpec } from './schemas';
import type { Emit } from './serve';
import { Shelf } from './shelf';
import { decodeRun, encodeRun, LabelsSchema, type StoredRun } from './storedRun';
import { type Steps, telling } from './telling';
import { Translating } from './translating';

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
  /** where tf.js finds its files, and how they come */
  wasmFiles?: Pick<BackendOptions, 'wasmPath' | 'fetchWasm'>;
  /** makes the kernels of WebAssembly ready; left out where there are none */
  kernels?: () => Promise<unknown>;
  crossOriginIsolated: boolean;
  /** numbers from which on a model is not stored again in what learned on it; left out, the shelf's own choice */
  storedOnce?: number;
}

/** a trained model that ships with the page */
export const shippedFile = (preset: PresetName): string => `checkpoints/${preset}.safetensors`;

/** names the network that a run trains at the moment: `live:<runId>` */
export const LIVE = 'live:';

interface LiveRun {
  controller: RunController;
  /** to build it again on another engine */
  spec: RunSpec;
  labels: readonly RulePair[];
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
const readsCorpus = (spec: RunSpec): boolean =>
  spec.kind === 'pretrain' || (spec.kind === 'ppo' && spec.config.ptxCoef > 0);

export class Session {
  readonly engine: Engine;
  /** what happens when the engine breaks */
  readonly recovery: Recovery;
  readonly corpora = new Corpora();
  readonly shelf: Shelf;
  readonly timeline: Timeline;
  /** the translator of the page Translate */
  readonly translating: Translating;
  /** measured by the last probe */
  flopsPerSecond: number | null = null;
  private readonly runs = new Map<string, LiveRun>();
  /** for what no call asked for, and nobody can cancel */
  private readonly unheard: Building = { breathe: () => this.surroundings.breathe(), tell: () => {} };

  constructor(readonly surroundings: Surroundings) {
    const { wasmFiles = {}, kernels = null, crossOriginIsolated, emit, now, breathe } = surroundings;
    this.shelf = new Shelf(surroundings.storedOnce);
    this.timeline = openTimeline(now);
    this.translating = new Translating(now);
    this.engine = new Engine({
      wasmFiles,
      kernels,
      crossOriginIsolated,
      now,
      onLost: (message) => void this.recovery.recover(message),
      onGpuError: (message) => this.recovery.stumble(message),
    });
    const rebuild = (reason: string) => this.rebuildAll(reason);
    this.recovery = new Recovery({ engine: this.engine, emit, now, breathe, runs: () => this.controllers(), rebuild });
  }

  /** a second start moves everything that lives to the new path */
  async start(
    backend: BackendName | 'auto',
    executor: ExecutorName | 'auto',
    swiftest: SwiftestKernels = {},
  ): Promise<EngineInfo> {
    const moving = this.engine.info !== null;
    await this.recovery.settled();
    if (moving) await this.pauseAll();
    const info = await this.engine.start(backend, executor, swiftest);
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

  /**
   * an earlier run of this name is disposed of
   * @param labels those of a run that is made again; without them the rule labels some, and the page is told
   */
  async createRun(
    runId: string,
    value: RunSpec,
    labels: readonly RulePair[] = [],
    course: Building = this.unheard,
  ): Promise<RunState> {
    const spec = parseRunSpec(value);
    const known = parse(LabelsSchema, labels);
    const corpus = spec.kind === 'pretrain' ? this.corpora.memory : this.shelf.memoryOf(spec.baseId);
    await this.disposeRun(runId);
    const driver = await measuring('phase', 'preparing', () =>
      this.driverOf(runId, { spec, labels: known, corpus, saved: null }, course),
    );
    const controller = new RunController(runId, driver, this.host);
    this.runs.set(runId, { controller, spec, labels: driver.labels, corpus });
    this.tellLabels(runId, known.length);
    return controller.state;
  }

  /**
   * @param madeFrom with `labels`, where the snapshot holds what changes only
   * @throws LabError('storage/corrupt') when the snapshot cannot be read; then nothing was changed
   */
  async restoreRun(
    runId: string,
    snapshot: Uint8Array,
    madeFrom?: RunSpec,
    labels: readonly RulePair[] = [],
    course: Building = this.unheard,
  ): Promise<RunState> {
    const stored = decodeRun(snapshot, madeFrom, parse(LabelsSchema, labels));
    if (stored.memory.trunk) this.shelf.need(stored.memory.trunk, 'The stored run');
    const driver = await this.driverOf(runId, stored, course, this.keptBy(stored));
    await this.disposeRun(runId);
    const controller = new RunController(runId, driver, this.host, stored.memory);
    controller.snapshots.restore(snapshot, driver.step);
    this.runs.set(runId, { controller, spec: stored.spec, labels: stored.labels, corpus: stored.corpus });
    this.tellLabels(runId, labels.length);
    return controller.state;
  }

  /** @param changes without what it was made from */
  async saveRun(runId: string, changes: boolean): Promise<Uint8Array> {
    const bytes = await this.run(runId).save();
    const { spec, labels } = this.runs.get(runId) as LiveRun;
    return changes ? bytes : encodeRun(decodeRun(bytes, spec, labels));
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
      await this.prepare(info.model, { learns: false });
      const corpus = this.corpora.readable(this.shelf.memoryOf(id));
      return this.shelf.lend(id, (network) => work({ network, corpus }, info));
    }
    const runId = id.slice(LIVE.length);
    const { network } = this.run(runId);
    const corpus = this.corpora.readable((this.runs.get(runId) as LiveRun).corpus);
    return work({ network, corpus }, null);
  }

  /** @returns the step at which the model of a run stands; null for a checkpoint */
  stepOf(id: string): number | null {
    return id.startsWith(LIVE) ? this.run(id.slice(LIVE.length)).state.step : null;
  }

  private *controllers(): Iterable<RunController> {
    for (const { controller } of this.runs.values()) yield controller;
  }

  /** @param known how many the page has: it stores them beside what the run is made from, before the first snapshot */
  private tellLabels(runId: string, known: number): void {
    const { labels } = this.runs.get(runId) as LiveRun;
    if (labels.length > 0 && known === 0) this.surroundings.emit('run/labelled', { runId, labels: [...labels] });
  }

  private async pauseAll(): Promise<void> {
    for (const run of this.controllers()) await run.pause();
    for (const run of this.controllers()) await run.save().catch(() => undefined); // one that never began begins anew
    await this.translating.save();
  }

  private async rebuildAll(reason: string): Promise<void> {
    this.shelf.forgetNetworks();
    this.translating.rebuild();
    for (const [runId, { controller, spec, labels, corpus }] of this.runs) {
      const { last } = controller.snapshots;
      const stored = last && decodeRun(last, spec, labels);
      const { kernels = null, arithmetic } = stored?.memory ?? {};
      const kept = { style: kernels, ...(stored && { fast: arithmetic === 'wasmFast' }) };
      const driver = await this.driverOf(runId, stored ?? { spec, labels, corpus, saved: null }, this.unheard, kept);
      controller.replaceDriver(
        driver,
        `${reason}; this run stands at step ${inWords(driver.step)} of ${inWords(driver.totalSteps)}.`,
      );
    }
  }

  private async driverOf(
    runId: string,
    { spec, labels, corpus, saved }: Omit<StoredRun, 'memory' | 'saved'> & { saved: StoredRun['saved'] | null },
    course: Building,
    kept: Partial<Preferences> = {},
  ) {
    if (readsCorpus(spec)) await this.corpora.writeStories(corpus, telling(this.steps(course)));
    const whole = this.corpora.whole(corpus);
    const model =
      spec.kind === 'pretrain'
        ? { ...spec.model, vocabSize: whole.tokenizer.vocabSize }
        : this.shelf.get(spec.baseId).info.model;
    await this.prepare(model, { style: kept.style ?? null });
    this.tellEngine(this.engine.tune());
    const driver = await createDriver(this.contextOf(runId, corpus, course, kept), whole, spec, { saved, labels });
    try {
      await course.breathe(); // the last chance to hear that nobody waits for it
      return driver;
    } catch (error) {
      await driver.dispose();
      throw error;
    }
  }

  /**
   * compiles what networks of this shape need, and tells which executor they will get
   * @param asked with the style of the kernels of a run that began with them
   */
  private async prepare(
    model: ModelConfig,
    asked: { style?: KernelStyleName | null; learns?: boolean },
  ): Promise<void> {
    const { emit } = this.surroundings;
    const choice = await prepareExecutor(model, { ...asked, onProgress: (done) => emit('engine/compiling', { done }) });
    const changed = this.engine.use(choice);
    if (changed?.executor === 'portable') this.shelf.rest(); // what wrote before the executor was tried is made anew
    this.tellEngine(changed);
    const found = await this.engine.tuneCard(model);
    if (found) emit('engine/tuned', found);
  }

  private tellEngine(info: EngineInfo | null): void {
    if (info) this.surroundings.emit('engine/changed', { info, error: null });
  }

  private contextOf(runId: string, corpus: CorpusMemory, course: Building, kept: Partial<Preferences>): RunContext {
    return new RunContext(runId, { ...this.surroundings, ...this.steps(course) }, this.shelf, corpus, kept);
  }

  /**
   * on WebAssembly, where the same run is to give the same bits, it goes on with the arithmetic with which it was
   * stored; on a graphics card with its kernels, where the card can run them
   */
  private keptBy({ memory: { arithmetic = 'tf.js', kernels } }: StoredRun): Partial<Preferences> {
    const isPortable = this.engine.info?.backend === 'wasm' && arithmetic === 'tf.js';
    return isPortable ? { executor: 'portable' } : { style: kernels ?? null, fast: arithmetic === 'wasmFast' };
  }

  private get host(): Host {
    const { emit, now, breathe } = this.surroundings;
    const isEngineLost = (error: unknown) => this.recovery.isEngineLost(error);
    return { emit, now, breathe, isEngineLost, account: () => this.engine.account };
  }
}
