/** What the visitor's own rater likes, in words, and what was typed as phrases. */
import { hasAtMost, shortened } from '../../../contract/limits';
import { countOf } from '../../../contract/numbers';
import { type OwnTaste, partsAsked, TASTE_LIMITS, type TastePart } from '../../../contract/ownTaste';

export const PART_LABELS: Record<TastePart, string> = {
  liked: 'liked',
  disliked: 'disliked',
  length: 'length',
  repetition: 'repetition',
  ends: 'end',
  pattern: 'pattern',
};

/** how many phrases a sentence names */
const NAMED = 3;

function named(phrases: readonly string[]): string {
  const shown = phrases.slice(0, NAMED).map((phrase) => `“${shortened(phrase, 24)}”`);
  const more = phrases.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const SAID: Record<TastePart, (taste: OwnTaste) => string> = {
  liked: ({ liked }) => `likes ${named(liked)}`,
  disliked: ({ disliked }) => `dislikes ${named(disliked)}`,
  length: ({ length }) => `wants about ${countOf(length, 'word')}`,
  repetition: () => 'dislikes repetition',
  ends: () => 'likes whole sentences at the end',
  pattern: ({ pattern, weights }) =>
    `${weights.pattern > 0 ? 'likes' : 'dislikes'} what fits /${shortened(pattern, 24)}/`,
};

/** "It likes “shop”, “park”; dislikes repetition." @returns null where it says nothing yet */
export function tasteSentence(taste: OwnTaste): string | null {
  const parts = partsAsked(taste).map((part) => SAID[part](taste));
  return parts.length === 0 ? null : `It ${parts.join('; ')}.`;
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
