/** The demonstrations that are here: how they come, wherever from, how they go, and what is said of them. */
import { LabError } from '../../contract/errors';
import { countOf } from '../../contract/numbers';
import type { Demonstration, DemonstrationSource, Wish } from '../../contract/preferences';
import { attempt, type Context } from '../context';
import type { DemonstrationsSlice, LabState, NoticeAction } from '../state';
import { fitting, tellLimits } from './room';
import { checkTexts } from './textCheck';

type Text = Pick<Demonstration, 'prompt' | 'completion'>;

const NO_BASE = 'There is no base model to show anything to yet: finish Pretrain, or start with the trained model.';
const OPEN_PRETRAIN: NoticeAction[] = [{ kind: 'stage', stage: 'pretrain', label: 'Open Pretrain' }];

/** the same of two demonstrations that show the same */
export const keyOf = ({ prompt, completion }: Text): string => JSON.stringify([prompt, completion]);

/** How many demonstrations came from where. */
export function demonstrationCounts(demonstrations: readonly Demonstration[]): Record<DemonstrationSource, number> {
  const counts: Record<DemonstrationSource, number> = { grammar: 0, human: 0, imported: 0 };
  for (const { source } of demonstrations) counts[source]++;
  return counts;
}

/** @returns the wish in words: "polite, short, about the fox"; "any story" when nothing is wished for */
export function wishWords({ happy, polite, short, animal }: Wish): string {
  const parts = [
    polite && 'polite',
    short && 'short',
    happy && 'happy',
    animal !== null && `about the ${animal}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'any story';
}

/** @throws LabError run/missingInput while there is no model */
export function needBase({ shelf }: LabState): string {
  if (shelf.slots.baseId === null) throw new LabError('run/missingInput', NO_BASE);
  return shelf.slots.baseId;
}

/** @returns for each, what keeps the base model from learning from it; null where nothing does */
export const checkDemonstrations = (asking: Context, texts: readonly Text[]): Promise<(string | null)[]> =>
  checkTexts(
    asking,
    needBase(asking.get()),
    texts.map(({ prompt, completion }) => ({ prompt, completions: [completion] })),
  );

/** Adds those for which there is room, and says so where there is not. @returns how many */
export function addDemonstrations(context: Context, demonstrations: readonly Demonstration[]): number {
  tellLimits(context, { demonstrations: demonstrations.length });
  const taken = fitting(context, 'demonstrations', demonstrations);
  if (taken.length > 0) context.patch('demonstrations', { all: [...context.get().demonstrations.all, ...taken] });
  return taken.length;
}

/** They can be put back until others are taken out. */
export function takeOut(context: Context, gone: readonly Demonstration[]): void {
  if (gone.length === 0) return;
  const { all, row } = context.get().demonstrations;
  const ids = new Set(gone.map(({ demonstrationId }) => demonstrationId));
  context.patch('demonstrations', {
    all: all.filter(({ demonstrationId }) => !ids.has(demonstrationId)),
    removed: [...gone],
    ...(row && ids.has(row.demonstrationId) && { row: null }),
  });
}

/** One thing at a time, once what was stored is back; what goes wrong is told. */
export async function whileBusy(
  context: Context,
  busy: NonNullable<DemonstrationsSlice['busy']>,
  body: () => Promise<void>,
): Promise<void> {
  if (context.get().demonstrations.busy !== null) return;
  context.patch('demonstrations', { busy, error: null });
  const afterRestoring = async () => {
    await context.settled();
    await body();
  };
  const error = await attempt(context, afterRestoring, OPEN_PRETRAIN);
  context.patch('demonstrations', { busy: null, error });
}

/** Those of a file, counted apart from the visitor's. */
export function addImported(context: Context, demonstrations: readonly Demonstration[]): void {
  const count = addDemonstrations(context, demonstrations);
  const { clear, toast } = context.get().notices;
  context.patch('demonstrations', { pendingImport: null });
  clear('file/noDemonstrations');
  if (count > 0) toast(`${countOf(count, 'demonstration')} imported, counted apart from yours.`);
}
