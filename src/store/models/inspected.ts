/** Which model the Inspect drawer and the live pictures read. */
import { RUN_KINDS, type RunKind } from '../../contract/domain';
import type { LabState } from '../state';
import { checkpointById, rolesOf } from './inUse';

/** A run's model as it stands can be looked at under this id, between two steps. */
export const liveId = (runId: string): string => `live:${runId}`;

/**
 * @returns the model as a run of this kind left it: as it stands between two steps, or what it made; null without one
 */
export function modelOfRun(state: LabState, kind: RunKind): string | null {
  const { runId, state: run } = state.runs[kind];
  if (runId === null || run === null) return null;
  if (run.status === 'idle' || run.status === 'running' || run.status === 'paused') return liveId(runId);
  return checkpointById(state, run.checkpointId)?.checkpointId ?? null;
}

/**
 * @returns the model that the stage, or the tab, of this kind of run is about: what it trains, else what is in use in
 * its place
 */
export function modelOfKind(state: LabState, kind: RunKind): string | null {
  const { baseId, fineTunedId, rewardId } = state.shelf.slots;
  const { policy } = rolesOf(state);
  const inUse = {
    pretrain: baseId,
    finetune: fineTunedId ?? baseId,
    reward: rewardId,
    ppo: policy,
    dpo: policy,
    bestOf: policy,
  };
  return modelOfRun(state, kind) ?? inUse[kind];
}

/**
 * @returns the model that Inspect reads: the chosen one, else the newest policy, else the base model, else the one
 * being trained
 */
export function inspectedId(state: LabState): string | null {
  const { checkpoints, slots } = state.shelf;
  const chosen = state.inspect.checkpointId;
  const { runId } = state.runs.pretrain;
  const live = runId === null ? null : liveId(runId);
  if (chosen !== null && (checkpoints.some((info) => info.checkpointId === chosen) || isLive(state, chosen)))
    return chosen;
  return (
    slots.policyId ??
    slots.fineTunedId ??
    slots.baseId ??
    live ??
    checkpoints.findLast((info) => info.kind !== 'reward')?.checkpointId ??
    null
  );
}

/** whether a run trains the model of this id at the moment */
export const isLive = ({ runs }: LabState, id: string): boolean =>
  RUN_KINDS.some((kind) => runs[kind].runId !== null && liveId(runs[kind].runId) === id);

/** A reward model has no language head, so it has no next token. */
export function inspectsReward(state: LabState): boolean {
  const id = inspectedId(state);
  const { runId } = state.runs.reward;
  return checkpointById(state, id)?.kind === 'reward' || (runId !== null && id === liveId(runId));
}
