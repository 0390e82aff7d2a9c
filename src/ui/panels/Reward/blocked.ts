import { VOTES_NEEDED } from '../../../contract/enough';
import { countOf } from '../../../contract/numbers';
import type { OpinionCounts } from '../../../store/state';

/** Why the reward model cannot be trained yet, and what is missing; null when it can. */
export function blockedBy(hasModel: boolean, counts: OpinionCounts): string | null {
  if (!hasModel) return 'There is no language model to start from: load the trained one on Start, or pretrain one.';
  const missing = VOTES_NEEDED - counts.usable - counts.simulated - counts.ranked.simulated.comparisons;
  if (missing <= 0) return null;
  return `${countOf(missing, 'more vote that chooses', 'more votes that choose')} a side: it needs ${VOTES_NEEDED} to learn anything.`;
}
