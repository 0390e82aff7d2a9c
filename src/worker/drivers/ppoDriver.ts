/**
 * PPO as the run controller sees it: one pull is one phase. The loop knows no clock: what it yields says when a phase
 * ended.
 */
import type { LiveKnobs } from '../../contract/config';
import type { PpoPhase, RunSpec } from '../../contract/domain';
import { ppoName } from '../../contract/lineage';
import type { MetricValues } from '../../contract/metrics';
import type { PpoBatch } from '../../contract/ppoBatch';
import { ppo } from '../../core/train/ppo';
import type { PpoReport } from '../../core/train/ppoReport';
import { type PpoInputs, PpoRun, type PpoState } from '../../core/train/ppoRun';
import type { SavedRun } from '../../core/train/snapshot';
import type { Progress } from '../driver';
import { LoopDriver, resumed } from './loopDriver';
import { ofRound, type RunContext } from './runContext';

/** a table that changes faster cannot be read */
const ROLLOUTS_MS = 1000;

const PHASE_AFTER: Record<PpoPhase, PpoPhase> = {
  rollout: 'evaluation',
  evaluation: 'optimisation',
  optimisation: 'rollout',
};

export type PpoSpec = Extract<RunSpec, { kind: 'ppo' }>;

export class PpoDriver extends LoopDriver<PpoSpec, PpoRun, PpoReport> {
  private rollouts: Pick<PpoReport, 'step' | 'rollouts'> | null = null;
  private nextPhase: PpoPhase = 'rollout';
  /** of the phases of this iteration so far, without pauses and without what is only looked at */
  private busyMs = 0;
  private shownAt = Number.NEGATIVE_INFINITY;

  /**
   * @param inputs its networks belong to the driver once it is made
   * @throws LabError('storage/corrupt') when `saved` does not fit; then they stay the caller's
   */
  constructor(spec: PpoSpec, inputs: PpoInputs, context: RunContext, saved: SavedRun<PpoState> | null) {
    const run = resumed(context, new PpoRun(inputs), saved);
    const lent = [inputs.base, inputs.start, inputs.critic, inputs.rewardModel];
    const judge = inputs.rewardModel && spec.rewardId;
    const parents = [spec.baseId, judge, spec.startId, spec.valueId].filter((id) => typeof id === 'string');
    super(spec, context, { run, reports: ppo(run), lent, parents: [...new Set(parents)] });
  }

  get step() {
    return this.run.iteration;
  }

  override get phase() {
    return this.nextPhase;
  }

  get network() {
    return this.run.policy;
  }

  override get isWhole() {
    return this.run.isWhole;
  }

  /** The end of the last phase is the end of the iteration: whoever pauses in between would save half of one. */
  override async next(): Promise<Progress | null> {
    const [started, phase] = [this.context.now(), this.nextPhase];
    try {
      const progress = await super.next();
      this.busyMs += this.context.now() - started;
      this.nextPhase = PHASE_AFTER[phase];
      return progress && phase === 'optimisation' ? await this.endIteration() : progress;
    } catch (error) {
      this.nextPhase = 'rollout'; // what it had begun is lost
      throw error;
    }
  }

  override async show(last: boolean): Promise<void> {
    const { now } = this.context;
    if (this.rollouts?.rollouts && (last || now() - this.shownAt >= ROLLOUTS_MS)) {
      this.tellLater('run/rollouts', { step: this.rollouts.step, rows: this.rollouts.rollouts });
      this.rollouts = null;
      this.shownAt = now();
    }
    await super.show(last);
  }

  override adjust(knobs: LiveKnobs): void {
    this.run.adjust(knobs);
  }

  override batch(): Promise<PpoBatch | null> {
    return this.run.record.read();
  }

  private async endIteration(): Promise<Progress | null> {
    const progress = await super.next();
    const busyMs = this.busyMs;
    this.busyMs = 0;
    return progress?.values ? { values: { ...progress.values, ...this.speed(progress.values, busyMs) } } : progress;
  }

  private speed(metrics: MetricValues, busyMs: number): MetricValues {
    const tokens = (metrics['completion/length'] ?? 0) * (metrics['completion/count'] ?? 0);
    return { 'perf/stepMs': busyMs, ...(busyMs > 0 ? { 'perf/tokensPerSecond': (1000 * tokens) / busyMs } : {}) };
  }

  protected notice({ step, rollouts, beforeAfter }: PpoReport): void {
    if (rollouts) this.rollouts = { step: step + 1, rollouts }; // they belong to the iteration being computed
    if (beforeAfter) this.tellLater('run/beforeAfter', { step, rows: beforeAfter });
  }

  /** with the knobs as they stand now */
  protected label() {
    const spec = { ...this.spec, config: { ...this.spec.config, ...this.run.knobs } };
    return { kind: 'policy', name: `${ppoName(spec.config)}${ofRound(spec)}`, spec } as const;
  }
}
