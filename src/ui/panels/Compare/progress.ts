import { levelsOf, RULE_FROM, VOTES_NEEDED } from '../../../contract/enough';
import { countOf } from '../../../contract/numbers';
import { comparisonWords, rankingWords } from '../../../store/opinions/counts';
import type { OpinionCounts } from '../../../store/state';

/** What the sentence depends on besides the votes. */
export interface Page {
  /** the visitor's own text, where there is no rule */
  ownText: boolean;
  /** a rule may label pairs beside the votes */
  hasRule: boolean;
  /** with the simulated ones there are enough to train on, however few the visitor's own are */
  canTrain?: boolean;
}

/**
 * Where the visitor stands, in words.
 * @param usable votes that choose a side, hidden repeats not counted, and comparisons of rankings
 */
export function progressSentence(usable: number, { ownText, hasRule, canTrain = false }: Page): string {
  const { start, plenty } = levelsOf(hasRule);
  if (usable < VOTES_NEEDED && canTrain)
    return `The simulated ones are enough to train on; of your own ${start} are a good start.`;
  if (usable === 0) {
    const rule = hasRule ? `, from ${RULE_FROM} the lab says what you seem to like` : '';
    return `Say which ${ownText ? 'text' : 'endings'} you like better. From ${VOTES_NEEDED} votes on you can train${rule}; ${start} are a good start.`;
  }
  if (usable < VOTES_NEEDED) return `${VOTES_NEEDED - usable} more and you can train; ${start} are a good start.`;
  if (usable < start) return `You can train now; ${countOf(start - usable, 'more makes', 'more make')} it better.`;
  if (usable < plenty) return `Enough for a good start. The reward model keeps improving to about ${plenty} votes.`;
  return 'That is plenty: more votes of yours change little now.';
}

/** Human, simulated and imported votes, never added up without saying so. */
export function countsSentence({ human, simulated, imported, ranked }: OpinionCounts): string {
  const votes = `${human} yours · ${simulated} simulated · ${imported} imported`;
  const rankings = rankingsSentence(ranked);
  return rankings === null ? votes : `${votes} · ${rankings}`;
}

/** "53 rankings (3 yours, 50 simulated): 318 comparisons", "3 rankings, yours: 18 comparisons"; null without any */
export function rankingsSentence(ranked: OpinionCounts['ranked']): string | null {
  const all = [
    { whose: 'yours', ...ranked.human },
    { whose: 'simulated', ...ranked.simulated },
    { whose: 'imported', ...ranked.imported },
  ].filter(({ rankings }) => rankings > 0);
  const sum = (of: 'rankings' | 'comparisons'): number => all.reduce((total, one) => total + one[of], 0);
  if (all.length === 0) return null;
  const shares = all.map(({ whose, rankings }) => `${rankings} ${whose}`).join(', ');
  const from = all.length === 1 ? `, ${all[0]?.whose}` : ` (${shares})`;
  return `${rankingWords(sum('rankings'))}${from}: ${comparisonWords(sum('comparisons'))}`;
}
