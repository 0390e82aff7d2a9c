/** Best of N as the run controller sees it: one pull is one prompt, and nothing goes on the shelf at the end. */
import type { RunSpec } from '../../contract/domain';
import { type BestOfInputs, type BestOfReport, BestOfRun, type BestOfState, bestOfN } from '../../core/train/bestOfN';
import type { SavedRun } from '../../core/train/snapshot';
import { LoopDriver, resumed } from './loopDriver';
import type { RunContext } from './runContext';

export type BestOfSpec = Extract<RunSpec, { kind: 'bestOf' }>;

export class BestOfDriver extends LoopDriver<BestOfSpec, BestOfRun, BestOfReport> {
  /** @param inputs its networks belong to the driver once it is made */
  constructor(spec: BestOfSpec, inputs: BestOfInputs, context: RunContext, saved: SavedRun<BestOfState> | null) {
    const run = resumed(context, new BestOfRun(inputs), saved);
    const lent = [inputs.policy, inputs.rewardModel];
    const parents = [spec.baseId, inputs.rewardModel && spec.rewardId].filter((id) => id !== null);
    super(spec, context, { run, reports: bestOfN(run, context.now), lent, parents });
    this.recall();
  }

  get step() {
    return this.run.step;
  }

  get network() {
    return this.run.inputs.policy;
  }

  /** whoever begins to look sees what was drawn so far */
  override watch(attention: boolean): void {
    if (!attention) return;
    this.recall();
    void this.show(false);
  }

  protected notice({ step, result }: BestOfReport): void {
    this.tellLater('run/bestOf', { step, result });
  }

  /** nothing was trained */
  protected label() {
    return null;
  }

  /** a page that was reloaded has lost it */
  private recall(): void {
    if (this.step > 0) this.tellLater('run/bestOf', { step: this.step, result: this.run.read() });
  }
}
