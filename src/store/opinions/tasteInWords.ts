import { shortened } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import { type OwnTaste, partsAsked, type TastePart } from '../../contract/ownTaste';

/** how many phrases a sentence names, and in how many characters each */
const NAMED = 3;
const ROOM = 24;

function named(phrases: readonly string[]): string {
  const shown = phrases.slice(0, NAMED).map((phrase) => `“${shortened(phrase, ROOM)}”`);
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
    `${weights.pattern > 0 ? 'likes' : 'dislikes'} what fits /${shortened(pattern, ROOM)}/`,
};

/** "likes “shop”, “park”; dislikes repetition". @returns null where it says nothing yet */
export function tasteInWords(taste: OwnTaste): string | null {
  const parts = partsAsked(taste).map((part) => SAID[part](taste));
  return parts.length === 0 ? null : parts.join('; ');
}
