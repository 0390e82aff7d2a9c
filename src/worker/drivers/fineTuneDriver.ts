/** Supervised fine-tuning as the run controller sees it. */

import type { RunSpec } from '../../contract/domain';
import type { MetricValues } from '../../contract/metrics';
import { countOf } from '../../contract/numbers';
import type { RunBatch } from '../../contract/stepBatch';
import { type FineTuneReport, fineTune } from '../../core/train/fineTune';
import { type FineTuneInputs, FineTuneRun, type FineTuneState } from '../../core/train/fineTuneRun';
import type { SavedRun } from '../../core/train/snapshot';
import { fineTuneBatch } from '../../core/train/stepBatches';
import { LoopDriver, resumed } from './loopDriver';
import type { RunContext } from './runContext';

export type FineTuneSpec = Extract<RunSpec, { kind: 'finetune' }>;

export class FineTuneDriver extends LoopDriver<FineTuneSpec, FineTuneRun, FineTuneReport> {
  /**
   * @param inputs its networks belong to the driver once it is made
   * @throws LabError('run/tooFewDemonstrations'), or LabError('storage/corrupt') when `saved` does not fit; then they
   * stay the caller's
   */
  constructor(spec: FineTuneSpec, inputs: FineTuneInputs, context: RunContext, saved: SavedRun<FineTuneState> | null) {
    const run = resumed(context, new FineTuneRun(inputs), saved);
    const lent = [inputs.base, inputs.rewardModel?.network];
    super(spec, context, { run, reports: fineTune(run, context.now), lent, parents: [spec.baseId] });
  }

  get step() {
    return this.run.step;
  }

  get network() {
    return this.run.network;
  }

  override batch(): Promise<RunBatch | null> {
    return fineTuneBatch(this.run);
  }

  protected notice({ step, beforeAfter }: FineTuneReport): void {
    if (beforeAfter) this.tellLater('run/beforeAfter', { step, rows: beforeAfter });
  }

  /** once done the network is the selected one, and carries the numbers of its own epoch */
  protected label(metrics: MetricValues) {
    const { step, run } = this;
    const selected = step === run.totalSteps ? run.best : null;
    const name = `Fine-tuned on ${countOf(run.inputs.demonstrations.length, 'demonstration')}, ${selected ? `epoch ${selected.epoch}` : countOf(step, 'step')}`;
    return { kind: 'finetuned', name, metrics: { ...metrics, ...selected?.metrics } } as const;
  }
}
