/**
 * The small state machine around one run:
 *
 *   idle ──play──▶ running ──pause──▶ paused ──play──▶ running ──last step──▶ done
 *                     └── KL ceiling ─▶ stopped     └── number not finite ─▶ failed
 *
 * It pulls the driver; pause is not pulling. Nothing ticks while nothing runs.
 */
import type { LiveKnobs } from '../contract/config';
import type { CheckpointInfo, RunStatus } from '../contract/domain';
import { LabError } from '../contract/errors';
import type { MetricValues } from '../contract/metrics';
import type { MetricPoint } from '../contract/observations';
import type { RunState } from '../contract/protocol';
import type { Account } from '../core/kernels/gpu/account';
import { Costs } from './costs';
import type { Driver, RunMemory } from './driver';
import { explain, reportError } from './errors';
import type { Emit } from './serve';
import { Snapshots } from './snapshots';

/** What the controller takes from its surroundings. */
export interface Host {
  emit: Emit;
  /** milliseconds, steady */
  now(): number;
  /** lets waiting calls be answered */
  breathe(): Promise<void>;
  /** whether this error is the engine's end; then the session rebuilds the run */
  isEngineLost(error: unknown): Promise<boolean>;
  /** of the graphics card in use; null off WebGPU */
  account(): Account | null;
}

/** at most ten batches of numbers a second reach the page */
const FLUSH_MS = 100;
const OVER: readonly RunStatus[] = ['done', 'stopped', 'failed'];

/** a run that leaves nothing on the shelf is done when its last step is */
const isFinished = ({ kind, step, totalSteps }: Driver): boolean => kind === 'bestOf' && step >= totalSteps;

interface Waiting {
  run(): Promise<void>;
  drop(reason: Error): void;
}

export class RunController {
  state: RunState;
  readonly snapshots: Snapshots;
  private readonly costs: Costs;
  /** everything that touches the driver, one after the other */
  private job: Promise<void> = Promise.resolve();
  private looping = false;
  private pausing = false;
  /** step after which it pauses by itself */
  private until: number | null = null;
  private disposed = false;
  private abandoned = false;
  /** rises when the driver is replaced; an older loop that wakes up then leaves quietly */
  private era = 0;
  private points: MetricPoint[] = [];
  private flushedAt = Number.NEGATIVE_INFINITY;
  /** until here its time is counted, while it plays: what the device finishes between two pulls is part of it; null at rest */
  private countedUntil: number | null = null;
  private waiting: Waiting[] = [];
  private resume = () => {};

  constructor(
    readonly runId: string,
    private driver: Driver,
    private readonly host: Host,
    private readonly memory: RunMemory = { elapsedMs: 0, latest: {}, checkpointId: null },
  ) {
    this.snapshots = new Snapshots(host.now);
    this.costs = new Costs(host.now);
    this.state = {
      runId,
      kind: driver.kind,
      status: memory.checkpointId !== null || isFinished(driver) ? 'done' : driver.step > 0 ? 'paused' : 'idle',
      step: driver.step,
      totalSteps: driver.totalSteps,
      phase: driver.phase,
      phaseMs: {},
      elapsedMs: memory.elapsedMs,
      message: driver.step > 0 ? `Stands at step ${driver.step} of ${driver.totalSteps}.` : 'Ready.',
      checkpointId: memory.checkpointId,
    };
  }

  get network() {
    return this.driver.network;
  }

  /** @param until pauses after this many steps; it stands there already when they are finished */
  play(until?: number): RunState {
    if (this.isOver || (until !== undefined && this.atBoundary && this.driver.step >= until)) return this.state;
    this.until = until ?? null;
    this.pausing = false;
    this.resume();
    this.change({ status: 'running', message: 'Training.' });
    if (!this.looping) {
      this.looping = true;
      this.start((era) => this.loop(era));
    }
    return this.state;
  }

  /** resolves when the step in hand is finished, or when someone presses play again meanwhile */
  async pause(): Promise<RunState> {
    this.pausing = true;
    const resumed = new Promise<void>((resolve) => {
      this.resume = resolve;
    });
    await Promise.race([this.job, resumed]);
    return this.state;
  }

  async step(): Promise<RunState> {
    if (this.looping) return this.pause();
    if (!this.isOver) this.start((era) => this.stepOnce(era));
    await this.job;
    return this.state;
  }

  adjust(knobs: LiveKnobs): RunState {
    this.driver.adjust(knobs);
    this.snapshots.outdate();
    return this.state;
  }

  watch(attention: boolean): void {
    this.driver.watch(attention);
  }

  async save(): Promise<Uint8Array> {
    await this.between(async () => {
      await this.snapshot();
      this.flush(); // the numbers up to it are told before it is: stored without them, its curve would have a gap
    });
    const { last } = this.snapshots;
    if (!last) throw new Error(`run ${this.runId} has not been saved yet`);
    return last.slice();
  }

  async keep(): Promise<CheckpointInfo> {
    const kept = await this.between(() => this.driver.keep(this.memory.latest));
    if (!kept) throw new LabError('run/missingInput', 'This run trains no model, so there is nothing to keep.');
    return kept;
  }

  /** ends the run for good; nothing is told about it any more */
  async dispose(): Promise<void> {
    this.disposed = true;
    this.pausing = true;
    await this.job;
    const freed = this.driver.dispose();
    if (!this.abandoned) await freed; // an answer of a dead device may never come
  }

  /** ends the run from outside: what it computes with is gone */
  end(error: unknown): void {
    if (this.isOver) return;
    this.era++;
    this.looping = false;
    this.abandoned = true;
    this.job = Promise.resolve();
    this.tellFailure(error);
    for (const { drop } of this.waiting.splice(0)) drop(explain(error));
  }

  /** goes on with another driver after the engine was replaced; the old one died with it */
  replaceDriver(driver: Driver, message: string): void {
    this.era++;
    void this.driver.dispose().catch(() => undefined);
    this.driver = driver;
    this.countedUntil = null;
    this.looping = false;
    for (const { drop } of this.waiting.splice(0)) drop(new LabError('webgpu/lost', message));
    this.job = Promise.resolve();
    const status = this.isOver ? this.state.status : driver.step > 0 ? 'paused' : 'idle';
    this.points = this.points.filter(({ step }) => step <= driver.step); // the steps after it will be told when they are done again
    this.state = { ...this.state, status, step: driver.step, phase: driver.phase, message };
    this.flush();
  }

  private get isOver(): boolean {
    return OVER.includes(this.state.status);
  }

  private get atBoundary(): boolean {
    return this.driver.phase === null || this.driver.phase === 'rollout';
  }

  private start(work: (era: number) => Promise<void>): void {
    const era = this.era;
    this.job = this.job.then(() => work(era)).catch((error) => this.fail(error, era));
  }

  private async loop(era: number): Promise<void> {
    while (era === this.era && !this.isOver) {
      while (!this.pausing) {
        if (!(await this.pull(era))) return;
        await this.serveWaiting();
        await this.host.breathe();
        if (era !== this.era) return;
      }
      await this.store(era);
      if (!this.pausing) continue; // someone pressed play meanwhile
      this.rest(era);
      return this.leaveLoop();
    }
  }

  private async stepOnce(era: number): Promise<void> {
    if (this.isOver) return;
    if (!(await this.pull(era))) return;
    await this.store(era);
    this.rest(era);
  }

  /** @returns false when the run ended or was replaced meanwhile */
  private async pull(era: number): Promise<boolean> {
    const { phase } = this.driver;
    const began = this.host.now();
    this.costs.begin(this.host.account());
    const progress = await this.driver.next();
    this.costs.end();
    if (era !== this.era) return false;
    if (progress === null) {
      await this.finish(era);
      return false;
    }
    this.count(phase, began, progress.values);
    if (this.atBoundary && this.driver.step >= this.driver.totalSteps) {
      await this.finish(era);
      return false;
    }
    if (this.until !== null && this.atBoundary && this.driver.step >= this.until) this.pausing = true;
    await this.housekeeping();
    return era === this.era;
  }

  private count(phase: RunState['phase'], began: number, learned: MetricValues | null): void {
    const { step, totalSteps } = this.driver;
    const now = this.host.now();
    const elapsedMs = this.state.elapsedMs + now - (this.countedUntil ?? began);
    this.countedUntil = now;
    const phaseMs = phase === null ? {} : { ...this.state.phaseMs, [phase]: now - began };
    const message = `${phase === null ? 'Step' : 'Iteration'} ${step} of ${totalSteps}.`;
    this.state = { ...this.state, step, phase: this.driver.phase, phaseMs, elapsedMs, message };
    this.memory.elapsedMs = elapsedMs;
    if (learned === null) return;
    const values = { ...learned, ...this.costs.take() };
    this.memory.latest = { ...this.memory.latest, ...values };
    this.points.push({ step, elapsedMs, values });
  }

  private async housekeeping(): Promise<void> {
    if (this.host.now() - this.flushedAt >= FLUSH_MS) this.flush();
    await this.driver.show(false);
    const { save, tell } = this.snapshots.due();
    if (save) await this.snapshot();
    if (tell) this.tellSnapshot();
  }

  /** shows and saves everything, after the last pull of a pause or of a single step */
  private async store(era: number): Promise<void> {
    this.countedUntil = null;
    await this.driver.show(true);
    await this.snapshot();
    if (era !== this.era) return;
    this.flush();
    this.tellSnapshot();
    this.snapshots.rest();
  }

  private rest(era: number): void {
    if (era !== this.era) return;
    this.looping = false;
    const { step, totalSteps, phase } = this.state;
    const where = this.atBoundary ? `at step ${step} of ${totalSteps}` : `before ${phase}`;
    this.change({ status: 'paused', message: `Paused ${where}.` });
  }

  private async finish(era: number): Promise<void> {
    const checkpointId = (await this.driver.keep(this.memory.latest))?.checkpointId ?? null;
    this.memory.checkpointId = checkpointId;
    this.snapshots.outdate(); // the last one knows its checkpoint
    await this.store(era);
    if (era !== this.era) return;
    this.change({ status: 'done', checkpointId, message: `Done after ${this.state.step} steps.` });
    await this.leaveLoop();
  }

  private async fail(error: unknown, era: number): Promise<void> {
    if (era !== this.era || (await this.host.isEngineLost(error)) || era !== this.era) return;
    this.tellFailure(error);
    await this.leaveLoop();
  }

  private tellFailure(error: unknown): void {
    const explained = explain(error);
    const status = explained instanceof LabError && explained.code === 'run/klCeiling' ? 'stopped' : 'failed';
    this.flush();
    this.tellSnapshot();
    this.change({ status, step: this.driver.step, phase: this.driver.phase, message: explained.message });
    this.emit('run/failed', { runId: this.runId, error: reportError(explained) });
  }

  private async leaveLoop(): Promise<void> {
    this.looping = false;
    await this.serveWaiting();
  }

  /** a run that failed has nothing worth saving: the one before stays */
  private async snapshot(): Promise<void> {
    if (!this.isOver) await this.snapshots.take(this.driver, this.memory);
  }

  /** for storage */
  private tellSnapshot(): void {
    const snapshot = this.snapshots.tell();
    if (!snapshot) return;
    this.flush();
    this.emit('run/snapshot', { runId: this.runId, kind: this.driver.kind, ...snapshot });
  }

  private flush(): void {
    this.flushedAt = this.host.now();
    const points = this.points;
    this.points = [];
    if (points.length > 0) this.emit('run/metrics', { runId: this.runId, points });
    this.emit('run/state', this.state);
  }

  private change(change: Partial<RunState>): void {
    this.state = { ...this.state, ...change };
    this.emit('run/state', this.state);
  }

  private emit: Emit = (event, data) => {
    if (!this.disposed) this.host.emit(event, data);
  };

  /** does the task between two pulls of a run that plays, otherwise when whatever it does now is finished */
  private between<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = () => task().then(resolve, reject);
      if (this.looping) this.waiting.push({ run, drop: reject });
      else this.job = this.job.then(run);
    });
  }

  private async serveWaiting(): Promise<void> {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) await next.run();
  }
}
