import { RULE_FROM } from '../../../contract/enough';
import { type Ranking, type VoteSource, votesIn } from '../../../contract/preferences';
import { chooses, opinionCounts } from '../../../store/opinions/counts';

/** Decided pairs by who decided them. */
export interface PairCounts {
  human: number;
  simulated: number;
  imported: number;
  rule: number;
}

/**
 * What the next run will learn from: votes for a side, and the comparisons that rankings give.
 * @param rule pairs the rule may label, 0 when it is vetoed or there are no attributes
 */
export function pairCounts(opinions: readonly Ranking[], rule: number): PairCounts {
  const { ranked, usable } = opinionCounts(opinions);
  const choosing = votesIn(opinions).filter(chooses);
  const of = (whose: VoteSource) =>
    choosing.filter(({ source }) => source === whose).length + ranked[whose].comparisons;
  return {
    human: of('human'),
    simulated: of('simulated'),
    imported: of('imported'),
    rule: usable >= RULE_FROM ? rule : 0,
  };
}

/** "24 yours + 300 simulated + 600 by your rule" */
export function pairsSentence({ human, simulated, imported, rule }: PairCounts): string {
  const parts = [`${human} yours`];
  if (imported > 0) parts.push(`${imported} imported`);
  if (simulated > 0) parts.push(`${simulated} simulated`);
  if (rule > 0) parts.push(`${rule} by ${imported > 0 ? 'the' : 'your'} rule`);
  return parts.join(' + ');
}

/** Whose votes the rule is fitted to: "from 6 of yours and 2 imported" */
export function fromWhom({ human, imported }: PairCounts): string {
  if (imported === 0) return `from ${human} of yours`;
  return human === 0 ? `from ${imported} imported` : `from ${human} of yours and ${imported} imported`;
}

/** Imported votes are somebody else's, so with them the taste is not the visitor's alone. */
export function whoLikes({ human, imported }: PairCounts): string {
  if (imported === 0) return 'You seem to like';
  return human === 0 ? 'The imported votes seem to like' : 'You and the imported votes seem to like';
}
