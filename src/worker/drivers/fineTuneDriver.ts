/** Supervised fine-tuning as the run controller sees it. */
import type { LiveKnobs } from '../../contract/config';
import type { RunSpec } from '../../contract/domain';
import type { MetricValues } from '../../contract/metrics';
import { type FineTuneReport, fineTune } from '../../core/train/fineTune';
import { type FineTuneInputs, FineTuneRun, type FineTuneState } from '../../core/train/fineTuneRun';
import type { SavedRun } from '../../core/train/snapshot';
import type { Driver, Progress, RunMemory } from '../driver';
import type { RunPlace } from './place';

export type FineTuneSpec = Extract<RunSpec, { kind: 'finetune' }>;

export class FineTuneDriver implements Driver {
  readonly kind = 'finetune';
  readonly phase = null;
  readonly parents: readonly string[];
  private readonly run: FineTuneRun;
  private readonly reports: AsyncGenerator<FineTuneReport>;
  private report: FineTuneReport | null = null;

  /**
   * @param inputs its networks belong to the driver once it is made
   * @throws LabError('run/tooFewDemonstrations'), or LabError('storage/corrupt') when `saved` does not fit; then they stay the caller's
   */
  constructor(
    private readonly spec: FineTuneSpec,
    private readonly inputs: FineTuneInputs,
    private readonly place: RunPlace,
    saved: SavedRun<FineTuneState> | null,
  ) {
    this.parents = [spec.baseId];
    this.run = new FineTuneRun(inputs);
    if (saved) this.restore(saved);
    this.reports = fineTune(this.run, place.now);
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

  /** once done the network is the selected one, and carries the numbers of its own epoch */
  keep(metrics: MetricValues) {
    const { step, network, run } = this;
    const selected = step === run.totalSteps ? run.best : null;
    const name = `Fine-tuned on ${run.inputs.demonstrations.length}${selected ? `, epoch ${selected.epoch}` : `, ${step} steps`}`;
    const own = { ...metrics, ...selected?.metrics };
    return this.place.keep({ kind: 'finetuned', name, network, pooling: null, parents: [...this.parents], step, metrics: own });
  }

  async dispose(): Promise<void> {
    await this.reports.return(undefined);
    this.run.dispose();
    this.inputs.base.dispose();
    this.inputs.rewardModel?.network.dispose();
  }

  private restore(saved: SavedRun<FineTuneState>): void {
    try {
      this.place.restore(() => this.run.load(saved));
    } catch (error) {
      this.run.dispose();
      throw error;
    }
  }
}
