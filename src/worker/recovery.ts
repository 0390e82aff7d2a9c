/**
 * What becomes of everything in the thread when the engine under it breaks: runs are built again from their last
 * snapshots, on the next path that starts when the device was lost, on the portable executor when a kernel failed.
 * Calls that were under way are made again, so that their callers lose time and nothing else.
 */
import type { EngineInfo } from '../contract/domain';
import { LabError } from '../contract/errors';
import { ExecutorError } from '../core/kernels/plan/player';
import type { Engine } from './engine';
import { reportError } from './errors';
import type { Host, RunController } from './runController';

/** news of a lost device comes at most this much after the work on it has failed */
const LATE_NEWS_MS = 100;

/** What recovers; the session is its owner. */
export interface Patient extends Pick<Host, 'emit' | 'now' | 'breathe'> {
  engine: Pick<Engine, 'info' | 'generation' | 'isLost' | 'startNext' | 'withdrawFused'>;
  runs(): Iterable<Pick<RunController, 'state' | 'end'>>;
  /** every run from its last snapshot, on the engine as it is now */
  rebuild(reason: string): Promise<void>;
}

/** A way from an engine that broke to the next. */
interface Move {
  /** half a sentence for the runs */
  reason: string;
  error: LabError;
  change(): Promise<EngineInfo>;
}

export class Recovery {
  /** one at a time: a device that is lost while runs are on their way is left after they arrived */
  private underway: Promise<void> | null = null;

  constructor(private readonly patient: Patient) {}

  /** the device under the engine is gone: the next path */
  recover(message: string): Promise<void> {
    const { engine } = this.patient;
    const error = new LabError('webgpu/lost', `${engine.info?.backend ?? 'webgpu'}: ${message}`);
    return this.inTurn({ reason: 'The graphics device was lost', error, change: () => engine.startNext() });
  }

  /** the fused executor cannot go on here: the portable one; of several that fail together the first is told */
  withdraw(message: string): Promise<void> {
    const change = async () => this.patient.engine.withdrawFused(message);
    const error = new LabError('engine/executor', message);
    return this.underway ?? this.inTurn({ reason: 'The fused executor stopped', error, change });
  }

  /**
   * resolves when no run is on its way to another path: what is pressed meanwhile is meant for the run that arrives
   * there
   */
  async settled(): Promise<void> {
    while (this.underway) await this.underway;
  }

  /** does the work again, on the next path, when it failed because the engine went away under it */
  async survive<T>(work: () => Promise<T>): Promise<T> {
    const { generation } = this.patient.engine;
    try {
      return await work();
    } catch (error) {
      if (error instanceof ExecutorError) await this.withdraw(error.message);
      else if (error instanceof LabError || !(await this.wentAway(generation))) throw error;
      await this.settled();
      return work();
    }
  }

  /** whether a run failed because of the engine; then it will be built again */
  async isEngineLost(error: unknown): Promise<boolean> {
    if (!(error instanceof ExecutorError)) return this.wentAway(this.patient.engine.generation);
    void this.withdraw(error.message);
    return true;
  }

  /** The card refused something that nobody waits for: what runs computes with buffers that are not there. */
  stumble(message: string): void {
    const { engine, runs } = this.patient;
    if (engine.info?.executor === 'fused') void this.withdraw(message);
    // its last snapshot is kept
    else for (const run of runs()) if (run.state.status === 'running') run.end(new Error(message));
  }

  /** the browser may tell that the engine of this generation is gone a moment after the work on it has failed */
  private async wentAway(generation: number): Promise<boolean> {
    const { engine, now, breathe } = this.patient;
    const isGone = () => engine.isLost || this.underway !== null || engine.generation !== generation;
    const patience = engine.info?.backend === 'webgpu' ? LATE_NEWS_MS : 0;
    for (const began = now(); !isGone() && now() - began < patience; ) await breathe();
    return isGone();
  }

  private inTurn(move: Move): Promise<void> {
    const before = this.underway ?? Promise.resolve();
    const mine: Promise<void> = before
      .then(() => this.rebuild(move, () => this.underway === mine))
      .finally(() => {
        if (this.underway === mine) this.underway = null;
      });
    this.underway = mine;
    return mine;
  }

  /** runs that cannot be built again end, unless the engine that they were built for is left as well */
  private async rebuild({ reason, error, change }: Move, isLast: () => boolean): Promise<void> {
    const { runs, rebuild, emit } = this.patient;
    try {
      const info = await change();
      await rebuild(reason);
      emit('engine/changed', { info, error: reportError(error) });
    } catch (failure) {
      if (isLast()) for (const run of runs()) run.end(failure);
    }
  }
}
