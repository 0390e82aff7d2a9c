/** What the visitor's own rater likes, in words, and what was typed as phrases. */
import { hasAtMost } from '../../../contract/limits';
import { type OwnTaste, TASTE_LIMITS, type TastePart } from '../../../contract/ownTaste';
import { tasteInWords } from '../../../store/opinions/tasteInWords';

export const PART_LABELS: Record<TastePart, string> = {
  liked: 'liked',
  disliked: 'disliked',
  length: 'length',
  repetition: 'repetition',
  ends: 'end',
  pattern: 'pattern',
};

/** "It likes “shop”, “park”; dislikes repetition." @returns null where it says nothing yet */
export function tasteSentence(taste: OwnTaste): string | null {
  const said = tasteInWords(taste);
  return said && `It ${said}.`;
}

/** What came of what was typed, a phrase a line. */
export interface TypedPhrases {
  phrases: string[];
  /** what is left out, in words; null where nothing is */
  trouble: string | null;
}

export function phrasesIn(typed: string): TypedPhrases {
  const lines = typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const different = [...new Set(lines)];
  const short = different.filter((line) => hasAtMost(line, TASTE_LIMITS.phrase));
  const phrases = short.slice(0, TASTE_LIMITS.phrases);
  if (short.length < different.length)
    return { phrases, trouble: `A phrase has at most ${TASTE_LIMITS.phrase} characters: longer ones are left out.` };
  if (phrases.length < short.length)
    return { phrases, trouble: `At most ${TASTE_LIMITS.phrases} phrases: the rest is left out.` };
  return { phrases, trouble: null };
}
