/**
 * Whether the gold of a rater may speak for somebody: of the pairs in which they chose a side, how many that rater
 * would have decided the same way. A pair that ties for the rater shows nothing of its taste, and a text with words
 * that the grammar lacks has no gold.
 */
import type { Agreement, Rater } from '../../contract/preferences';
import type { Corpus } from './corpus';
import type { PreferencePair } from './pairs';
import { isTie } from './raters';
import { each, type TrainingProgress } from './steps';

/** pairs judged in one step */
const JUDGED_AT_ONCE = 500;

/**
 * @returns whether the rater likes the chosen text better too; null where both are worth the same to it, or nobody can
 * tell
 */
export function goldSides(corpus: Corpus, rater: Rater, { prompt, chosen, rejected }: PreferencePair): boolean | null {
  // whether a text ended is not stored with a vote
  const [better, worse] = [chosen, rejected].map((text) => corpus.gold(rater, prompt, text, true));
  return better == null || worse == null || isTie(better, worse) ? null : better > worse;
}

const isKnown = ({ tokenizer }: Corpus, { prompt, chosen, rejected }: PreferencePair): boolean =>
  [prompt, chosen, rejected].every((text) => tokenizer.unknownWords(text).length === 0);

/** Counts in steps, for there may be a hundred thousand pairs. */
export function* countingAgreement(
  corpus: Corpus,
  rater: Rater,
  pairs: readonly PreferencePair[],
): Generator<TrainingProgress, Agreement> {
  const count = { agree: 0, of: 0 };
  yield* each(pairs, 'asking the gold rater', JUDGED_AT_ONCE, (pair) => {
    const sides = isKnown(corpus, pair) ? goldSides(corpus, rater, pair) : null;
    if (sides === null) return;
    count.of++;
    if (sides) count.agree++;
  });
  return count;
}
