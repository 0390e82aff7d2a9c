import type { CorpusWords } from '../../../store/corpusWords';
import { comparisonWords, rankingWords } from '../../../store/opinions';
import { TASTE_FROM, USABLE_VOTES } from '../../../store/selectors';
import type { OpinionCounts } from '../../../store/state';

/** So many make a good start; measured for models of these sizes. Training is possible from `USABLE_VOTES` on. */
export const ENOUGH_VOTES = 24;
/** Beyond this, more votes of one person change little. */
export const PLENTY_OF_VOTES = 100;

/**
 * Where the visitor stands, in words.
 * @param usable votes that choose a side, hidden repeats not counted, and comparisons of rankings
 */
export function progressSentence(usable: number, { ownText }: Pick<CorpusWords, 'ownText'>): string {
  if (usable === 0 && ownText)
    return `Say which text you like better. From ${USABLE_VOTES} votes on you can train; ${ENOUGH_VOTES} are a good start.`;
  if (usable === 0)
    return `Say which endings you like better. From ${USABLE_VOTES} votes on you can train, from ${TASTE_FROM} the lab says what you seem to like; ${ENOUGH_VOTES} are a good start.`;
  if (usable < USABLE_VOTES) return `${USABLE_VOTES - usable} more and you can train; ${ENOUGH_VOTES} are a good start.`;
  if (usable < ENOUGH_VOTES) return `You can train now; ${ENOUGH_VOTES - usable} more make it better.`;
  if (usable < PLENTY_OF_VOTES) return `Enough for a good start. The reward model keeps improving to about ${PLENTY_OF_VOTES} votes.`;
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
