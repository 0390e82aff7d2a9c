/** Who may play which part in the next run, and what stands in the way, in words. */

import type { CheckpointInfo, Role, RunKind } from '../../contract/domain';
import { RUN_KINDS } from '../../contract/domain';
import { countOf } from '../../contract/numbers';
import type { LabState } from '../state';
import { checkpointById, rolesOf } from './inUse';

export const ROLE_NAMES: Record<Role, string> = {
  policy: 'policy',
  reference: 'reference',
  rewardModel: 'reward model',
  valueModel: 'value model',
};

const shapeWords = ({ model }: CheckpointInfo): string =>
  `${model.layers} × ${model.width}, ${countOf(model.heads, 'head')}, ${countOf(model.contextLength, 'token')}`;

/** every weight of one has its counterpart in the other */
const sameShape = (one: CheckpointInfo, other: CheckpointInfo): boolean =>
  JSON.stringify(one.model) === JSON.stringify(other.model);

/** null when the two read the same tokens */
function otherTokens(info: CheckpointInfo, beside: CheckpointInfo): string | null {
  if (info.tokenizerKey === beside.tokenizerKey) return null;
  const sizes = [info, beside].map(({ model }) => model.vocabSize);
  const size = sizes[0] === sizes[1] ? '' : ` (${sizes[0]} against ${sizes[1]})`;
  return `it reads other tokens than ${beside.name}${size}`;
}

/** null when the two can be held weight against weight, as a policy and its reference are */
function otherShape(info: CheckpointInfo, beside: CheckpointInfo): string | null {
  const tokens = otherTokens(info, beside);
  if (tokens !== null) return tokens;
  return sameShape(info, beside)
    ? null
    : `it has another shape than ${beside.name} (${shapeWords(info)} against ${shapeWords(beside)})`;
}

/** the misfit beside whoever plays the other part, if anybody does */
function beside(state: LabState, role: Role, info: CheckpointInfo, misfit: typeof otherTokens): string | null {
  const other = checkpointById(state, rolesOf(state)[role]);
  return other === null || other.checkpointId === info.checkpointId ? null : misfit(info, other);
}

/** @returns why a checkpoint cannot play a part, half a sentence; null when it can */
export function misfit(state: LabState, role: Role, info: CheckpointInfo): string | null {
  const writes = info.kind !== 'reward';
  switch (role) {
    case 'policy':
      if (!writes) return 'it scores texts and writes none';
      if (info.kind !== 'policy') return null; // the whole pipeline goes on from it
      if (rolesOf(state).reference === null) return 'there is no reference yet to keep it near: choose that first';
      return beside(state, 'reference', info, otherShape);
    case 'reference':
      return writes ? beside(state, 'policy', info, otherShape) : 'it scores texts and writes none';
    case 'rewardModel':
      return writes ? 'it writes texts and scores none' : beside(state, 'policy', info, otherTokens);
    case 'valueModel':
      return writes ? 'it writes texts and has no head for values' : beside(state, 'policy', info, otherShape);
  }
}

/** runs as their stages and tabs are called */
export const RUN_NAMES: Record<RunKind, string> = {
  pretrain: 'Pretrain',
  finetune: 'Fine-tune',
  reward: 'Reward model',
  ppo: 'PPO',
  dpo: 'DPO',
  bestOf: 'Best of N',
};

/** what a lesson is called among the runs */
export const LESSON = 'The lesson';

/** the same of a sweep */
export const SWEEP = 'The sweep';

/** models of adapters on one of adapters, whose own weights are in no other file */
export const MODELS_ON_IT = 'Its models';

/**
 * @returns what could not go on or go back to where it stood without this checkpoint, in words: runs that are not over,
 * a lesson, a sweep, and models that are adapters beside it
 */
export function usersOf({ runs, lesson, sweep, shelf }: LabState, info: CheckpointInfo): string[] {
  const { checkpointId, name } = info;
  const kinds = RUN_KINDS.filter((kind) => {
    const { runId, spec, state } = runs[kind];
    if (runId === null || spec === null || state?.status === 'done') return false;
    return Object.entries(spec).some(([field, value]) => field.endsWith('Id') && value === checkpointId);
  });
  const isTaught = lesson.live?.status === 'running' && lesson.live.base === name;
  const isSwept = sweep.uses.includes(checkpointId);
  const others = [...(isTaught ? [LESSON] : []), ...(isSwept ? [SWEEP] : [])];
  if (info.trunk && shelf.checkpoints.some(({ trunk }) => trunk?.checkpointId === checkpointId))
    others.push(MODELS_ON_IT);
  return [...kinds.map((kind) => RUN_NAMES[kind]), ...others];
}
