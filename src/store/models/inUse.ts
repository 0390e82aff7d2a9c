/** Which models are in use, and for what. */
import type { ModelConfig } from '../../contract/config';
import type { CheckpointInfo, Role } from '../../contract/domain';
import { newestId, writerId } from '../rounds/rounds';
import type { LabState } from '../state';

/**
 * Who plays which part when a policy is bent by PPO or DPO, or sampled by Best of N; what is assigned comes first, then
 * the newest policy.
 */
export function rolesOf(state: LabState): Record<Role, string | null> {
  const { startId, referenceId, rewardId, valueId } = state.shelf.slots;
  const writer = writerId(state);
  return {
    policy: startId ?? newestId(state),
    reference: referenceId ?? writer,
    rewardModel: rewardId,
    valueModel: valueId ?? rewardId,
  };
}

/** @returns the whole shape of the next model; the vocabulary is the corpus's, 0 before there is one */
export const modelConfig = (state: LabState): ModelConfig => ({
  ...state.config.value.model,
  vocabSize: state.corpus.summary?.vocabSize ?? 0,
});

export const checkpointById = (state: LabState, checkpointId: string | null): CheckpointInfo | null =>
  state.shelf.checkpoints.find((info) => info.checkpointId === checkpointId) ?? null;
