/** DPO as the run controller sees it. */
import type { LiveKnobs } from '../../contract/config';
import type { RunSpec } from '../../contract/domain';
import type { MetricValues } from '../../contract/metrics';
import { type DpoReport, dpo } from '../../core/train/dpo';
import { type DpoInputs, DpoRun, type DpoState } from '../../core/train/dpoRun';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver, Progress, RunMemory } from '../driver';
import type { RunPlace } from './place';

export type DpoSpec = Extract<RunSpec, { kind: 'dpo' }>;

export class DpoDriver implements Driver {
  readonly kind = 'dpo';
  readonly phase = null;
  readonly parents: readonly string[];
  private readonly run: DpoRun;
  private readonly reports: AsyncGenerator<DpoReport>;
  private report: DpoReport | null = null;

  /**
   * @param inputs its networks belong to the driver once it is made
   * @throws LabError('run/tooFewVotes'), or LabError('storage/corrupt') when `saved` does not fit; then they stay the caller's
   */
  constructor(
    private readonly spec: DpoSpec,
    private readonly inputs: DpoInputs,
    private readonly place: RunPlace,
    saved: SavedRun<DpoState> | null,
  ) {
    this.parents = [spec.baseId];
    this.run = new DpoRun(inputs);
    if (saved) this.restore(saved);
    this.reports = dpo(this.run, place.now);
  }

  get totalSteps(): number {
    return this.run.totalSteps;
  }

  get step(): number {
    return this.run.step;
  }

  get network() {
    return this.run.policy;
  }

  async next(): Promise<Progress | null> {
    const { value, done } = await this.reports.next();
    if (done) return null;
    if (value.beforeAfter) this.report = value;
    return { values: value.metrics };
  }

  async show(): Promise<void> {
    const { runId } = this.place;
    const report = this.report;
    this.report = null;
    if (report?.beforeAfter) this.place.emit('run/beforeAfter', { runId, step: report.step, rows: report.beforeAfter });
  }

  watch(): void {}

  /** acts from the next step on; snapshots remember it */
  adjust({ learningRate }: LiveKnobs): void {
    if (learningRate !== undefined) this.spec.config.learningRate = learningRate;
  }

  async save(memory: RunMemory): Promise<Uint8Array> {
    return this.place.save(this.spec, await this.run.save(), memory);
  }

  keep(metrics: MetricValues) {
    const { step, network } = this;
    const name = `DPO policy, ${step} steps`;
    return this.place.keep({ kind: 'policy', name, network, pooling: null, parents: [...this.parents], step, metrics });
  }

  async dispose(): Promise<void> {
    await this.reports.return(undefined);
    this.run.dispose();
    this.inputs.base.dispose();
    this.inputs.rewardModel?.network.dispose();
  }

  private restore(saved: SavedRun<DpoState>): void {
    try {
      this.place.restore(() => this.run.load(saved));
    } catch (error) {
      this.run.dispose();
      throw error;
    }
  }
}
