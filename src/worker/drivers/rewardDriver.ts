/** Reward-model training as the run controller sees it. */

import type { RunSpec } from '../../contract/domain';
import { countOf } from '../../contract/numbers';
import type { RunBatch } from '../../contract/stepBatch';
import { type RewardReport, trainRewardModel } from '../../core/train/rewardModel';
import { type RewardInputs, RewardRun, type RewardState } from '../../core/train/rewardRun';
import type { SavedRun } from '../../core/train/snapshot';
import { rewardBatch } from '../../core/train/stepBatches';
import { telling } from '../telling';
import { LoopDriver } from './loopDriver';
import { ofRound, type RunContext } from './runContext';

export type RewardSpec = Extract<RunSpec, { kind: 'reward' }>;

export class RewardDriver extends LoopDriver<RewardSpec, RewardRun, RewardReport> {
  /**
   * @param inputs its `base` belongs to the driver once it is made
   * @throws LabError('run/tooFewVotes'), or LabError('storage/corrupt') when `saved` does not fit
   */
  static async create(
    spec: RewardSpec,
    inputs: RewardInputs,
    context: RunContext,
    saved: SavedRun<RewardState> | null,
  ): Promise<RewardDriver> {
    const run = saved
      ? context.restore(() => RewardRun.restore(inputs, saved))
      : await RewardRun.create(inputs, telling(context));
    return new RewardDriver(spec, context, {
      run,
      reports: trainRewardModel(run, context.now),
      lent: [inputs.base],
      parents: [spec.baseId],
    });
  }

  get step() {
    return this.run.step;
  }

  get network() {
    return this.run.network;
  }

  override get labels() {
    return this.run.rulePairs;
  }

  override batch(): Promise<RunBatch | null> {
    return rewardBatch(this.run);
  }

  protected notice({ step, review }: RewardReport): void {
    if (review) this.tellLater('run/review', { step, review });
  }

  protected label() {
    const { pooling } = this.spec.config;
    const name = `Reward model${ofRound(this.spec)} (${pooling}), ${countOf(this.run.trainPairs.length + this.run.heldOutPairs.length, 'pair')}`;
    return { kind: 'reward', name, pooling } as const;
  }
}
