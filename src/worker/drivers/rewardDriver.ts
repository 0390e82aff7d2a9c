/** Reward-model training as the run controller sees it. */
import type { LiveKnobs } from '../../contract/config';
import type { RunSpec } from '../../contract/domain';
import type { MetricValues } from '../../contract/metrics';
import type { CausalNetwork } from '../../core/model/causalNetwork';
import { type RewardReport, trainRewardModel } from '../../core/train/rewardModel';
import { type RewardInputs, RewardRun, type RewardState } from '../../core/train/rewardRun';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver, Progress, RunMemory } from '../driver';
import type { RunPlace } from './place';

export type RewardSpec = Extract<RunSpec, { kind: 'reward' }>;

export class RewardDriver implements Driver {
  readonly kind = 'reward';
  readonly phase = null;
  readonly parents: readonly string[];
  private readonly reports: AsyncGenerator<RewardReport>;
  private report: RewardReport | null = null;

  private constructor(
    private readonly spec: RewardSpec,
    private readonly run: RewardRun,
    private readonly base: CausalNetwork,
    private readonly place: RunPlace,
  ) {
    this.parents = [spec.baseId];
    this.reports = trainRewardModel(run, place.now);
  }

  /**
   * @param inputs its `base` belongs to the driver once it is made
   * @throws LabError('run/tooFewVotes'), or LabError('storage/corrupt') when `saved` does not fit
   */
  static async create(spec: RewardSpec, inputs: RewardInputs, place: RunPlace, saved: SavedRun<RewardState> | null): Promise<RewardDriver> {
    const run = saved ? place.restore(() => RewardRun.restore(inputs, saved)) : await RewardRun.create(inputs);
    return new RewardDriver(spec, run, inputs.base, place);
  }

  get totalSteps(): number {
    return this.run.totalSteps;
  }

  get step(): number {
    return this.run.step;
  }

  get network() {
    return this.run.network;
  }

  async next(): Promise<Progress | null> {
    const { value, done } = await this.reports.next();
    if (done) return null;
    this.report = value;
    return { values: value.metrics };
  }

  async show(): Promise<void> {
    const { runId } = this.place;
    const report = this.report;
    this.report = null;
    if (report?.review) this.place.emit('run/review', { runId, step: report.step, review: report.review });
  }

  watch(): void {}

  /** after going back from numbers that ran away; snapshots remember it */
  adjust({ learningRate }: LiveKnobs): void {
    if (learningRate !== undefined) this.spec.config.learningRate = learningRate;
  }

  async save(memory: RunMemory): Promise<Uint8Array> {
    return this.place.save(this.spec, await this.run.save(), memory);
  }

  keep(metrics: MetricValues) {
    const { pooling } = this.spec.config;
    const name = `Reward model (${pooling}), ${this.run.trainPairs.length + this.run.heldOutPairs.length} pairs`;
    const { step, network } = this;
    return this.place.keep({ kind: 'reward', name, network, pooling, parents: [...this.parents], step, metrics });
  }

  async dispose(): Promise<void> {
    await this.reports.return(undefined);
    this.run.dispose();
    this.base.dispose();
  }
}
