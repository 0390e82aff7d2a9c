/** What a change of one thing did to the score, in words; and which words it exchanged. */
import { signed } from '../../../contract/numbers';
import type { Contrast, ScoredContrast } from '../../../contract/taste';
import { LEAST_TOLD } from './likedWords';

export interface Difference {
  start: string;
  removed: string;
  added: string;
  end: string;
}

/** @returns the words that differ, between the words that both begin and end with */
export function differenceOf({ before, after }: Pick<Contrast, 'before' | 'after'>): Difference {
  const [old, fresh] = [before.split(' '), after.split(' ')];
  const most = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < most && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < most - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  const cut = (words: readonly string[]) => words.slice(start, words.length - end).join(' ');
  return {
    start: old.slice(0, start).join(' '),
    removed: cut(old),
    added: cut(fresh),
    end: end === 0 ? '' : old.slice(-end).join(' '),
  };
}

export const changeOf = ({ scores }: ScoredContrast): number => scores.after - scores.before;

export interface Verdict {
  lead: string;
  words: string;
}

/** @param label of the attribute, e.g. 'politeness' */
export function contrastVerdict(contrasts: readonly ScoredContrast[], label: string): Verdict {
  const changes = contrasts.map(changeOf);
  const mean = changes.reduce((sum, one) => sum + one, 0) / Math.max(1, changes.length);
  const rising = changes.filter((one) => one > 0).length;
  const by = `by ${signed(mean)} on average.`;
  if (Math.abs(mean) < LEAST_TOLD)
    return { lead: `Hardly anything moves, ${by}`, words: `It does not mind: ${label}.` };
  if (rising === changes.length) return { lead: `All ${rising} rise, ${by}`, words: `It pays for this: ${label}.` };
  if (rising === 0) return { lead: `All ${changes.length} fall, ${by}`, words: `It charges for this: ${label}.` };
  return {
    lead: `${rising} of ${changes.length} rise, ${by}`,
    words: `What it makes of ${label} depends on the rest of the text.`,
  };
}
