import { hasAtMost, startOf } from '../../../contract/limits';
import type { Ranking, Vote } from '../../../contract/preferences';
import { STRENGTHS } from '../../../store/arrangement';
import { raterLabel } from '../../../store/selectors';

/** More than any model here writes; texts from files may be longer, and a list is for looking over. */
const MOST_SHOWN = 240;
export const cut = (text: string): string => (hasAtMost(text, MOST_SHOWN) ? text : `${startOf(text, MOST_SHOWN).trimEnd()}…`);

/** "yours · 2.5 s", "simulated · politeness" */
export function sourceWords({ source, seconds, rater }: Pick<Vote | Ranking, 'source' | 'seconds' | 'rater'>): string {
  if (source === 'human') return `yours · ${seconds.toFixed(1)} s`;
  return rater ? `${source} · ${raterLabel(rater)}` : source;
}

/** "much"; a file may hold any number */
export const strengthWords = (strength: number): string =>
  STRENGTHS.find(({ value }) => Math.abs(value - strength) < 1e-6)?.label ?? `by ${Number(strength.toPrecision(2))}`;
