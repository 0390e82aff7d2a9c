import { countOf, fixed, rounded } from '../../../contract/numbers';
import type { RewardReview } from '../../../contract/observations';
import type { Share } from '../../../contract/shares';

/** @returns what the rule "the longer one" would have won; of votes between texts of different length */
export const longerSentence = ({ share, count }: Share): string =>
  `“The longer one” would have won ${rounded(share * count, 0)} of your ${countOf(count, 'choice')} between texts of different length.`;

/** @returns the same held against a reward model; null where there is no such choice or nothing was held out */
export function longerAgainst(
  longer: Share,
  review: Pick<RewardReview, 'accuracy' | 'heldOutPairs'> | null,
): string | null {
  if (longer.count === 0) return null;
  const told = longerSentence(longer);
  if (!review || review.heldOutPairs === 0) return told;
  const [rule, model] = [fixed(longer.share, 2), fixed(review.accuracy, 2)];
  if (review.accuracy > longer.share)
    return `${told} That rule is right in ${rule} of them, the model in ${model} of its held-out pairs.`;
  return `${told} That rule is right in ${rule} of them, the model in ${model} of its held-out pairs: no better than counting words.`;
}
