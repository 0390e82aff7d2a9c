/**
 * Another model writes from now on: prompts, tokens and raters are those of the model that writes, so its corpus comes
 * with it.
 */
import type { CheckpointInfo } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { Context } from '../context';
import type { Slots } from '../state';
import { takeCorpus } from '../text/corpus';
import { checkpointById, rolesOf } from './inUse';
import { withSlot } from './slots';

/** @throws LabError when it is not on the shelf */
export function need(context: Context, checkpointId: string): CheckpointInfo {
  const info = checkpointById(context.get(), checkpointId);
  if (!info) throw new LabError('run/missingInput', 'That model is no longer in Checkpoints.');
  return info;
}

export const putSlots = (context: Context, change: (slots: Slots) => Slots): void =>
  context.patch('shelf', { slots: change(context.get().shelf.slots) });

async function takeCorpusOf(context: Context, { checkpointId }: CheckpointInfo): Promise<void> {
  const summary = await context.call('corpus/checkpoint', { checkpointId });
  need(context, checkpointId); // it may have been deleted meanwhile
  const { origin } = context.get().corpus;
  // a checkpoint holds the tokens of a text, not the text; one of another program is given texts to begin with
  const isOpenText = summary.kind === 'text' && origin?.kind === 'text' && !summary.starter;
  takeCorpus(context, summary, isOpenText ? origin : { kind: 'checkpoint', checkpointId });
}

/** what was made from it stays in use */
export async function takeBase(context: Context, info: CheckpointInfo): Promise<void> {
  await takeCorpusOf(context, info);
  const { fineTunedId } = context.get().shelf.slots;
  const fineTuned = checkpointById(context.get(), fineTunedId);
  // another base's is not where this one leads
  const stays = fineTuned?.parents.includes(info.checkpointId) ? fineTunedId : null;
  putSlots(context, (slots) => ({ ...withSlot(slots, 'baseId', info.checkpointId), fineTunedId: stays }));
}

/** the base it was made from comes with it, where it is on the shelf */
export async function takeFineTuned(context: Context, info: CheckpointInfo): Promise<void> {
  const { baseId } = context.get().shelf.slots;
  const own = checkpointById(context.get(), info.parents[0] ?? null);
  if (own && own.checkpointId !== baseId) await takeBase(context, own);
  else if (!own) {
    await takeCorpusOf(context, info);
    putSlots(context, (slots) => withSlot(slots, 'baseId', null));
  }
  putSlots(context, (slots) => ({ ...withSlot(slots, 'fineTunedId', info.checkpointId), startId: null }));
}

/** everything after it begins from this model */
export async function takeWriter(context: Context, info: CheckpointInfo): Promise<void> {
  if (info.kind === 'finetuned') return takeFineTuned(context, info);
  await takeBase(context, info);
  putSlots(context, (slots) => ({ ...slots, fineTunedId: null, startId: null }));
  const isNewest = rolesOf(context.get()).policy === info.checkpointId;
  // in a later round a newer one writes
  if (!isNewest) putSlots(context, (slots) => ({ ...slots, startId: info.checkpointId }));
}
