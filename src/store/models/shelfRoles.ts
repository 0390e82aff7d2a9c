/** Which checkpoint plays which part, as the visitor wants it. */
import type { CheckpointInfo, Role } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { attempt, type Context, inTurn } from '../context';
import { writerId } from '../rounds/rounds';
import type { ShelfSlice, Slots } from '../state';
import { takeCorpus } from '../text/corpus';
import { checkpointById, rolesOf } from './inUse';
import { misfit, ROLE_NAMES } from './roles';
import { withSlot } from './slots';

interface Roles extends Pick<ShelfSlice, 'setSlot' | 'assign'> {
  /** a base model with its corpus; what was made from it stays in use */
  takeBase(info: CheckpointInfo): Promise<void>;
  /** a part that nobody plays goes to a newcomer who fits */
  welcome(info: CheckpointInfo): Promise<void>;
}

export function shelfRoles(context: Context): Roles {
  const slots = () => context.get().shelf.slots;
  const turn = inTurn();
  const patchSlots = (fields: Slots) => context.patch('shelf', { slots: fields });

  /** prompts, tokens and raters are those of the model that writes */
  const takeCorpusOf = async ({ checkpointId }: CheckpointInfo) => {
    const summary = await context.call('corpus/checkpoint', { checkpointId });
    need(checkpointId); // it may have been deleted meanwhile
    const { origin } = context.get().corpus;
    const isOpenText = summary.kind === 'text' && origin?.kind === 'text'; // a checkpoint holds the tokens of a text, not the text
    takeCorpus(context, summary, isOpenText ? origin : { kind: 'checkpoint', checkpointId });
  };

  const takeBase = async (info: CheckpointInfo) => {
    await takeCorpusOf(info);
    const { fineTunedId } = slots();
    const fineTuned = checkpointById(context.get(), fineTunedId);
    const stays = fineTuned?.parents.includes(info.checkpointId) ? fineTunedId : null; // another base's is not where this one leads
    patchSlots({ ...withSlot(slots(), 'baseId', info.checkpointId), fineTunedId: stays });
  };

  /** the base it was made from comes with it, where it is on the shelf */
  const takeFineTuned = async (info: CheckpointInfo) => {
    const { baseId } = slots();
    const own = checkpointById(context.get(), info.parents[0] ?? null);
    if (own && own.checkpointId !== baseId) await takeBase(own);
    else if (!own) {
      await takeCorpusOf(info);
      patchSlots(withSlot(slots(), 'baseId', null));
    }
    patchSlots({ ...withSlot(slots(), 'fineTunedId', info.checkpointId), startId: null });
  };

  /** everything after it begins from this model */
  const takeWriter = async (info: CheckpointInfo) => {
    if (info.kind === 'finetuned') return takeFineTuned(info);
    await takeBase(info);
    patchSlots({ ...slots(), fineTunedId: null, startId: null });
    if (rolesOf(context.get()).policy !== info.checkpointId) patchSlots({ ...slots(), startId: info.checkpointId }); // in a later round a newer one writes
  };

  /** who does not fit beside a new writer any more stays on the shelf without a part */
  const dropMisfits = (): string[] => {
    const parts: [Role, keyof Slots][] = [
      ['reference', 'referenceId'],
      ['rewardModel', 'rewardId'],
      ['valueModel', 'valueId'],
    ];
    return parts.flatMap(([role, slot]) => {
      const info = checkpointById(context.get(), slots()[slot]);
      if (!info || misfit(context.get(), role, info) === null) return [];
      patchSlots(withSlot(slots(), slot, null));
      return [`${info.name} is no longer the ${ROLE_NAMES[role]}: ${misfit(context.get(), role, info)}.`];
    });
  };

  const play = async (role: Role, info: CheckpointInfo | null) => {
    const id = info?.checkpointId ?? null;
    const ownOr = (usual: string | null) => (id === usual ? null : id);
    if (role === 'policy' && info && info.kind !== 'policy') await takeWriter(info);
    else if (role === 'policy') patchSlots({ ...slots(), startId: id });
    else if (role === 'reference') patchSlots({ ...slots(), referenceId: ownOr(writerId(context.get())) });
    else if (role === 'rewardModel') patchSlots({ ...slots(), rewardId: id });
    else patchSlots({ ...slots(), valueId: ownOr(slots().rewardId) });
  };

  const need = (checkpointId: string): CheckpointInfo => {
    const info = checkpointById(context.get(), checkpointId);
    if (!info) throw new LabError('run/missingInput', 'That model is no longer in Checkpoints.');
    return info;
  };

  return {
    takeBase,

    async setSlot(slot, checkpointId) {
      await turn(() =>
        attempt(context, async () => {
          const info = checkpointId === null ? null : need(checkpointId);
          if (slot === 'baseId' && info) await takeBase(info);
          else patchSlots(withSlot(slots(), slot, checkpointId));
        }),
      );
    },

    async assign(role, checkpointId) {
      await turn(() =>
        attempt(context, async () => {
          const info = checkpointId === null ? null : need(checkpointId);
          const reason = info && misfit(context.get(), role, info);
          if (info && reason) throw new LabError('shelf/misfit', `${info.name} cannot be the ${ROLE_NAMES[role]}: ${reason}`);
          await play(role, info);
          context.get().notices.clear('shelf/misfit');
          const dropped = dropMisfits();
          const said = info
            ? `${info.name} is the ${ROLE_NAMES[role]} of the next run.`
            : `The ${ROLE_NAMES[role]} is chosen as usual again.`;
          context.get().notices.toast([said, ...dropped].join(' '));
        }),
      );
    },

    async welcome(info) {
      const state = context.get();
      const { baseId, rewardId, policyId } = slots();
      if (info.kind === 'base' && baseId === null) await takeBase(info);
      else if (info.kind === 'finetuned' && writerId(state) === null) await takeFineTuned(info);
      else if (info.kind === 'reward' && rewardId === null && misfit(state, 'rewardModel', info) === null)
        patchSlots(withSlot(slots(), 'rewardId', info.checkpointId));
      else if (info.kind === 'policy' && policyId === null) patchSlots(withSlot(slots(), 'policyId', info.checkpointId));
    },
  };
}
