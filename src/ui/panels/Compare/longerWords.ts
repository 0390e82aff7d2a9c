import { countOf, fixed, rounded } from '../../../contract/numbers';
import type { RewardReview } from '../../../contract/observations';
import { ENOUGH_CASES, type Share } from '../../../contract/shares';

/** @returns what the rule "the longer one" would have won; of votes between texts of different length */
export function longerSentence({ share, count }: Share): string {
  const won = rounded(share * count, 0);
  const what = count === 1 ? 'your one choice' : `${won} of your ${countOf(count, 'choice')}`;
  const would = count === 1 && won === 0 ? 'would not have won' : 'would have won';
  return `“The longer one” ${would} ${what} between texts of different length.`;
}

/**
 * @returns the same, and beside the model what that rule is worth on the pairs that neither learned from; null where
 * there is no such choice
 */
export function longerAgainst(
  longer: Share,
  review: Pick<RewardReview, 'accuracy' | 'heldOutPairs' | 'longer'> | null,
): string | null {
  if (longer.count === 0) return null;
  const told = longerSentence(longer);
  const rule = review?.longer;
  if (!review || !rule || rule.count === 0) return told;
  const { accuracy, heldOutPairs: all } = review;
  const pairs = `${told} Of ${countOf(rule.count, 'held-out pair')} like that the rule is right in`;
  if (rule.count < ENOUGH_CASES) {
    const right = rounded(accuracy * all, 0);
    return `${pairs} ${rule.right}, of ${all === 1 ? 'the one there is' : `all ${all}`} the model in ${right}: too few to tell which is better.`;
  }
  const share = rule.right / rule.count;
  const beaten = accuracy > share ? '' : ': no better than “the longer one”';
  return `${pairs} ${fixed(share, 2)}, of all of them the model in ${fixed(accuracy, 2)}${beaten}.`;
}
