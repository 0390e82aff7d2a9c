/** PPO as the run controller sees it: one pull is one phase. */
import type { LiveKnobs } from '../../contract/config';
import type { RunSpec } from '../../contract/domain';
import type { MetricValues } from '../../contract/metrics';
import { type PpoReport, ppo } from '../../core/train/ppo';
import { type PpoInputs, PpoRun, type PpoState } from '../../core/train/ppoRun';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver, Progress, RunMemory } from '../driver';
import type { RunPlace } from './place';

/** a table that changes faster cannot be read */
const ROLLOUTS_MS = 250;

export type PpoSpec = Extract<RunSpec, { kind: 'ppo' }>;

export class PpoDriver implements Driver {
  readonly kind = 'ppo';
  readonly parents: readonly string[];
  private readonly run: PpoRun;
  private readonly reports: AsyncGenerator<PpoReport>;
  private rollouts: Pick<PpoReport, 'step' | 'rollouts'> | null = null;
  private beforeAfter: Pick<PpoReport, 'step' | 'beforeAfter'> | null = null;
  private shownAt = Number.NEGATIVE_INFINITY;

  /** @param inputs its networks belong to the driver from now on */
  constructor(
    private readonly spec: PpoSpec,
    private readonly inputs: PpoInputs,
    private readonly place: RunPlace,
    saved: SavedRun<PpoState> | null,
  ) {
    this.parents = [spec.baseId, spec.rewardId, ...(spec.startId === undefined ? [] : [spec.startId])];
    this.run = new PpoRun(inputs);
    if (saved) this.restore(saved);
    this.reports = ppo(this.run, place.now);
  }

  get totalSteps(): number {
    return this.run.totalSteps;
  }

  get step(): number {
    return this.run.iteration;
  }

  get phase() {
    return this.run.phase;
  }

  get network() {
    return this.run.policy;
  }

  async next(): Promise<Progress | null> {
    const { value, done } = await this.reports.next();
    if (done) return null;
    const { step, rollouts, beforeAfter, metrics } = value;
    if (rollouts) this.rollouts = { step: step + 1, rollouts }; // they belong to the iteration being computed
    if (beforeAfter) this.beforeAfter = { step, beforeAfter };
    return { values: metrics };
  }

  async show(last: boolean): Promise<void> {
    const { runId, emit, now } = this.place;
    const { rollouts, beforeAfter } = this;
    if (beforeAfter?.beforeAfter) emit('run/beforeAfter', { runId, step: beforeAfter.step, rows: beforeAfter.beforeAfter });
    this.beforeAfter = null;
    if (!rollouts?.rollouts || (!last && now() - this.shownAt < ROLLOUTS_MS)) return;
    emit('run/rollouts', { runId, step: rollouts.step, rows: rollouts.rollouts });
    this.rollouts = null;
    this.shownAt = now();
  }

  watch(): void {}

  adjust(knobs: LiveKnobs): void {
    this.run.adjust(knobs);
  }

  async save(memory: RunMemory): Promise<Uint8Array> {
    return this.place.save(this.spec, await this.run.save(), memory);
  }

  keep(metrics: MetricValues) {
    const { step, network } = this;
    const round = this.place.roundAfter(this.spec.startId);
    const name = round === 1 ? `Policy, ${step} iterations` : `Policy of round ${round}, ${step} iterations`;
    return this.place.keep({ kind: 'policy', name, network, pooling: null, parents: [...this.parents], step, metrics });
  }

  /** the generator frees what an unfinished iteration holds */
  async dispose(): Promise<void> {
    await this.reports.return(undefined);
    this.free();
  }

  private restore(saved: SavedRun<PpoState>): void {
    try {
      this.place.restore(() => this.run.load(saved));
    } catch (error) {
      this.free();
      throw error;
    }
  }

  private free(): void {
    this.run.dispose();
    this.inputs.base.dispose();
    this.inputs.start?.dispose();
    this.inputs.rewardModel.dispose();
  }
}
