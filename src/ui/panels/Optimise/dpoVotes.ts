import type { Ranking, Vote } from '../../../contract/preferences';
import { pairsIn, USABLE_VOTES } from '../../../store/selectors';
import { pairCounts, pairsSentence } from '../Compare/pairCounts';

export interface LearnsFrom {
  /** every pair with a better side, rankings included */
  pairs: number;
  /** "24 yours + 300 simulated" */
  sentence: string;
}

/** What DPO would learn from: votes for a side by their source, and the pairs that rankings make. No rule labels any for it. */
export function learnsFrom(votes: readonly Vote[], rankings: readonly Ranking[]): LearnsFrom {
  const counts = pairCounts(votes, 0);
  const ranked = rankings.reduce((sum, ranking) => sum + pairsIn(ranking), 0);
  const from = pairsSentence(counts);
  return {
    pairs: counts.human + counts.imported + counts.simulated + ranked,
    sentence: ranked > 0 ? `${from} + ${ranked} from ${rankings.length} ${rankings.length === 1 ? 'ranking' : 'rankings'}` : from,
  };
}

/** Why DPO cannot start, and what is missing; null when it can. */
export function dpoBlocked(hasModel: boolean, pairs: number): string | null {
  if (!hasModel) return 'There is no language model to start from: load the trained one on Start, or pretrain one.';
  const missing = USABLE_VOTES - pairs;
  if (missing <= 0) return null;
  return `${missing} more ${missing === 1 ? 'vote that chooses' : 'votes that choose'} a side: DPO needs ${USABLE_VOTES} to learn anything.`;
}
