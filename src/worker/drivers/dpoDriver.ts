/** DPO as the run controller sees it. */
import type { RunSpec } from '../../contract/domain';
import { dpoName } from '../../contract/lineage';
import type { RunBatch } from '../../contract/stepBatch';
import { type DpoReport, dpo } from '../../core/train/dpo';
import { type DpoInputs, DpoRun, type DpoState } from '../../core/train/dpoRun';
import type { SavedRun } from '../../core/train/snapshot';
import { dpoBatch } from '../../core/train/stepBatches';
import { LoopDriver, resumed } from './loopDriver';
import { ofRound, type RunContext } from './runContext';

export type DpoSpec = Extract<RunSpec, { kind: 'dpo' }>;

export class DpoDriver extends LoopDriver<DpoSpec, DpoRun, DpoReport> {
  /**
   * @param inputs its networks belong to the driver once it is made
   * @throws LabError('run/tooFewVotes'), or LabError('storage/corrupt') when `saved` does not fit; then they stay the
   * caller's
   */
  constructor(spec: DpoSpec, inputs: DpoInputs, context: RunContext, saved: SavedRun<DpoState> | null) {
    const run = resumed(context, new DpoRun(inputs), saved);
    const lent = [inputs.base, inputs.start, inputs.rewardModel?.network];
    const parents = [spec.baseId, ...(spec.startId === undefined ? [] : [spec.startId])];
    super(spec, context, { run, reports: dpo(run, context.now), lent, parents });
  }

  get step() {
    return this.run.step;
  }

  get network() {
    return this.run.policy;
  }

  override get labels() {
    return this.run.inputs.rulePairs ?? [];
  }

  override batch(): Promise<RunBatch | null> {
    return dpoBatch(this.run);
  }

  protected notice({ step, beforeAfter }: DpoReport): void {
    if (beforeAfter) this.tellLater('run/beforeAfter', { step, rows: beforeAfter });
  }

  protected label() {
    return { kind: 'policy', name: `${dpoName(this.spec.config)}${ofRound(this.spec)}` } as const;
  }
}
