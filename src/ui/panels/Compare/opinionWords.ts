import { fixed } from '../../../contract/numbers';
import type { Ranking } from '../../../contract/preferences';
import { STRENGTHS } from '../../../store/opinions/arrangement';
import { raterLabel } from '../../../store/opinions/raterLabel';

/** "yours · 2.5 s", "simulated · politeness" */
export function sourceWords({ source, seconds, rater }: Pick<Ranking, 'source' | 'seconds' | 'rater'>): string {
  if (source === 'human') return `yours · ${fixed(seconds, 1)} s`;
  return rater ? `${source} · ${raterLabel(rater)}` : source;
}

/** "much"; a file may hold any number */
export const strengthWords = (strength: number): string =>
  STRENGTHS.find(({ value }) => Math.abs(value - strength) < 1e-6)?.label ?? `by ${Number(strength.toPrecision(2))}`;
