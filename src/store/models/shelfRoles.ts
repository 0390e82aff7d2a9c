/** Which checkpoint plays which part, as the visitor wants it. */
import type { CheckpointInfo, Role } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { attempt, type Context, inTurn } from '../context';
import { writerId } from '../rounds/rounds';
import type { ShelfSlice, Slots } from '../state';
import { checkpointById } from './inUse';
import { misfit, ROLE_NAMES } from './roles';
import { withSlot } from './slots';
import { need, putSlots, takeBase, takeFineTuned, takeWriter } from './takeWriter';

const BESIDE_THE_WRITER: readonly [Role, keyof Slots][] = [
  ['reference', 'referenceId'],
  ['rewardModel', 'rewardId'],
  ['valueModel', 'valueId'],
];

/** Who does not fit beside a new writer any more stays on the shelf without a part. @returns that in words */
function dropMisfits(context: Context): string[] {
  return BESIDE_THE_WRITER.flatMap(([role, slot]) => {
    const info = checkpointById(context.get(), context.get().shelf.slots[slot]);
    if (!info || misfit(context.get(), role, info) === null) return [];
    putSlots(context, (slots) => withSlot(slots, slot, null));
    return [`${info.name} is no longer the ${ROLE_NAMES[role]}: ${misfit(context.get(), role, info)}.`];
  });
}

async function play(context: Context, role: Role, info: CheckpointInfo | null): Promise<void> {
  if (role === 'policy' && info && info.kind !== 'policy') return takeWriter(context, info);
  const id = info?.checkpointId ?? null;
  const ownOr = (usual: string | null) => (id === usual ? null : id);
  putSlots(context, (slots) => {
    if (role === 'policy') return { ...slots, startId: id };
    if (role === 'reference') return { ...slots, referenceId: ownOr(writerId(context.get())) };
    return role === 'rewardModel' ? { ...slots, rewardId: id } : { ...slots, valueId: ownOr(slots.rewardId) };
  });
}

async function assign(context: Context, role: Role, checkpointId: string | null): Promise<void> {
  const info = checkpointId === null ? null : need(context, checkpointId);
  const reason = info && misfit(context.get(), role, info);
  if (info && reason) throw new LabError('shelf/misfit', `${info.name} cannot be the ${ROLE_NAMES[role]}: ${reason}`);
  await play(context, role, info);
  context.get().notices.clear('shelf/misfit');
  const dropped = dropMisfits(context);
  const said = info
    ? `${info.name} is the ${ROLE_NAMES[role]} of the next run.`
    : `The ${ROLE_NAMES[role]} is chosen as usual again.`;
  context.get().notices.toast([said, ...dropped].join(' '));
}

async function setSlot(context: Context, slot: keyof Slots, checkpointId: string | null): Promise<void> {
  const info = checkpointId === null ? null : need(context, checkpointId);
  if (slot === 'baseId' && info) await takeBase(context, info);
  else putSlots(context, (slots) => withSlot(slots, slot, checkpointId));
}

/** a part that nobody plays goes to a newcomer who fits */
export async function welcome(context: Context, info: CheckpointInfo): Promise<void> {
  const state = context.get();
  const { baseId, rewardId, policyId } = state.shelf.slots;
  if (info.kind === 'base' && baseId === null) await takeBase(context, info);
  else if (info.kind === 'finetuned' && writerId(state) === null) await takeFineTuned(context, info);
  else if (info.kind === 'reward' && rewardId === null && misfit(state, 'rewardModel', info) === null)
    putSlots(context, (slots) => withSlot(slots, 'rewardId', info.checkpointId));
  else if (info.kind === 'policy' && policyId === null)
    putSlots(context, (slots) => withSlot(slots, 'policyId', info.checkpointId));
}

export function shelfRoles(context: Context): Pick<ShelfSlice, 'setSlot' | 'assign'> {
  const turn = inTurn();
  return {
    async setSlot(slot, checkpointId) {
      await turn(() => attempt(context, () => setSlot(context, slot, checkpointId)));
    },
    async assign(role, checkpointId) {
      await turn(() => attempt(context, () => assign(context, role, checkpointId)));
    },
  };
}
