/** The lab keeps so many votes, rankings and demonstrations: what comes beyond is left out, and that is said. */
import { hasAtMost, inWords, LIMITS } from '../../contract/limits';
import { groupsIn, votesIn } from '../../contract/preferences';
import type { OpinionKind } from '../../formats/opinions';
import { limitSentence, roomFor } from '../../formats/room';
import type { Context } from '../context';

/** how many are here */
function countHere(context: Context, kind: OpinionKind): number {
  const { opinions, demonstrations } = context.get();
  if (kind === 'demonstrations') return demonstrations.all.length;
  return (kind === 'votes' ? votesIn : groupsIn)(opinions.all).length;
}

/** what is told where nobody can write texts */
export const NO_WRITER = 'There is no model to write texts yet: train one, or start with the trained model.';

/** @returns those for which there is room, the first first */
export const fitting = <T>(context: Context, kind: OpinionKind, items: readonly T[]): T[] =>
  items.slice(0, roomFor(kind, items.length, countHere(context, kind)));

/** @param asked how many came, by kind; to be called before they are added */
export function tellLimits(context: Context, asked: Partial<Record<OpinionKind, number>>): void {
  const sentences = (Object.entries(asked) as [OpinionKind, number][]).flatMap(
    ([kind, count]) => limitSentence(kind, count, countHere(context, kind)) ?? [],
  );
  const { report, clear } = context.get().notices;
  if (sentences.length === 0) clear('opinions/full');
  else report({ code: 'opinions/full', message: sentences.join(' '), stack: undefined });
}

/** @returns whether there is room for one more; where there is none, that is said */
export function hasPlace(context: Context, kind: OpinionKind): boolean {
  if (countHere(context, kind) < LIMITS[kind]) return true;
  const message = `The lab keeps ${inWords(LIMITS[kind])} ${kind}, and they are all here.`;
  context.get().notices.report({ code: 'opinions/full', message, stack: undefined });
  return false;
}

/** whether the thread takes texts of this length */
export const areShort = (texts: readonly string[]): boolean => texts.every((text) => hasAtMost(text, LIMITS.text));
