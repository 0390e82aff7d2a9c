/** Raters as the thread is told of them: checked before they are asked, and asked only where they can tell. */
import { LabError } from '../contract/errors';
import { type OwnTaste, partsAsked, tasteKey } from '../contract/ownTaste';
import type { Rater } from '../contract/preferences';
import type { Corpus } from '../core/text/corpus';
import { tasteText } from '../core/text/ownRater';
import { readPattern } from '../core/text/pattern';
import { OwnTasteSchema, RaterSchema } from '../formats/opinionSchemas';
import { parse } from './schemas';

const NOTHING = { before: '', completion: '', finished: true };

/** @returns why its regular expression cannot be used; null where it can */
export function troubleOf(taste: OwnTaste): string | null {
  const read = partsAsked(taste).includes('pattern') ? readPattern(taste.pattern) : null;
  return read && 'trouble' in read ? read.trouble : null;
}

/** @throws LabError('run/missingInput') in words where its regular expression cannot be used */
export function readTaste(value: unknown): OwnTaste | undefined {
  if (value === undefined) return undefined;
  const taste = parse(OwnTasteSchema, value);
  tasteText(taste, NOTHING);
  return taste;
}

/** @throws LabError('run/missingInput') in words where its regular expression cannot be used, Error where it is no rater */
export function readRater(value: unknown): Rater {
  const rater = parse(RaterSchema, value) as Rater;
  if (rater.taste) tasteText(rater.taste, NOTHING);
  return rater;
}

/** who cast a vote: an own rater by the key of its taste, which may be long, for there may be many votes */
export const voterOf = ({ taste, ...rater }: Rater): Rater => (taste ? { ...rater, key: tasteKey(taste) } : rater);

export const givesGold = (corpus: Corpus, rater: Rater): boolean => corpus.gold(rater, '', '', true) !== null;

/** @throws LabError('run/missingInput') where the rater cannot tell what texts of this corpus are worth */
export function needGold(corpus: Corpus, rater: Rater): void {
  if (givesGold(corpus, rater)) return;
  throw new LabError(
    'run/missingInput',
    rater.name === 'own'
      ? 'Your own rater likes and dislikes nothing yet. Say what it should, then it can judge.'
      : 'This rater judges micro-stories. Say what a rater of your own should like, then it can judge your text.',
  );
}
