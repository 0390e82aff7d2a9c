import { VOTES_NEEDED } from '../../../contract/enough';
import { countOf } from '../../../contract/numbers';
import { groupsIn, type Ranking, votesIn } from '../../../contract/preferences';
import { pairsIn } from '../../../store/opinions/counts';
import { pairCounts, pairsSentence } from '../Compare/pairCounts';

export interface LearnsFrom {
  /** every pair with a better side that somebody chose, rankings included */
  chosen: number;
  /** those, and the ones that the rule labels */
  pairs: number;
  /** "24 yours + 300 simulated + 600 by your rule" */
  sentence: string;
}

/**
 * What DPO learns from: votes for a side by their source, the pairs that rankings make, and those that the rule labels.
 * @param rule how many those are
 */
export function learnsFrom(opinions: readonly Ranking[], rule = 0): LearnsFrom {
  const groups = groupsIn(opinions);
  const counts = pairCounts(votesIn(opinions), 0);
  const ranked = groups.reduce((sum, group) => sum + pairsIn(group), 0);
  const from = pairsSentence({ ...counts, rule });
  const chosen = counts.human + counts.imported + counts.simulated + ranked;
  return {
    chosen,
    pairs: chosen + rule,
    sentence: ranked > 0 ? `${from} + ${ranked} from ${countOf(groups.length, 'ranking')}` : from,
  };
}

/** Why DPO cannot start, and what is missing; null when it can. */
export function dpoBlocked(hasModel: boolean, chosen: number): string | null {
  if (!hasModel) return 'There is no language model to start from: load the trained one on Start, or pretrain one.';
  const missing = VOTES_NEEDED - chosen;
  if (missing <= 0) return null;
  return `${countOf(missing, 'more vote that chooses', 'more votes that choose')} a side: DPO needs ${VOTES_NEEDED} to learn anything.`;
}
