import { RULE_FROM } from '../../../contract/enough';
import { isClear } from '../../../contract/evidence';
import type { TasteWeight } from '../../../contract/preferences';
import { byStrength } from '../Compare/WeightBars';

const LISTED = 3;

const joined = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** "You seem to like: happy ending and politeness. To dislike: longer. A guess." @param who with its verb */
export function tasteSentence(weights: readonly TasteWeight[] | null, who: string): string {
  if (!weights) return `Too few to say: a guess needs ${RULE_FROM} pairs in which a side was chosen.`;
  const clear = byStrength(weights).filter(isClear).slice(0, LISTED);
  const [liked, disliked] = [clear.filter(({ weight }) => weight > 0), clear.filter(({ weight }) => weight < 0)];
  if (clear.length === 0) return `${who} to go by none of the seven things that are measured. A guess.`;
  const parts = [
    liked.length > 0 ? `to like ${joined(liked.map(({ label }) => label))}` : '',
    disliked.length > 0 ? `to dislike ${joined(disliked.map(({ label }) => label))}` : '',
  ];
  return `${who} ${parts.filter(Boolean).join(', and ')}. A guess from these votes.`;
}

export const whyNoPercent = 'no pair has two votes';
/** @param percent null where nothing can be compared */
export const whyNoAlpha = (percent: number | null): string =>
  percent === null ? whyNoPercent : 'all votes that can be compared are the same, so nobody could have disagreed';
export const whyNoKappa = (percent: number | null): string =>
  percent === null
    ? 'the two voted on no pair in common'
    : 'both said one and the same everywhere, so chance would agree too';
