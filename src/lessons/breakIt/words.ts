import { formatCounted, formatNumber, formatShare, formatSigned } from '../../ui/primitives/format';
import type { ArmFacts, Reading } from './facts';
import { CLEARLY, type Scenario } from './scenario';

/** +1.2, −0.7: a score in a sentence */
export const score = (value: number): string => formatSigned(value);
/** "from +0.1 to +1.5" */
export const fromTo = (from: number, to: number): string => `from ${score(from)} to ${score(to)}`;
export const share = formatShare;
export const nats = (value: number): string => `${formatNumber(value)} nats`;
/** "from 15.4 to 6.3 tokens" */
export const lengths = (from: number, to: number): string => `from ${formatNumber(from)} to ${formatNumber(to)} tokens`;

/** "rose from +0.1 to +1.5", "fell …", or "stayed …": by what the two numbers say */
export function moved(from: number, to: number, clearly: number): string {
  if (Math.abs(to - from) < clearly) return `stayed near ${score(to)} (it began at ${score(from)})`;
  return `${to > from ? 'rose' : 'fell'} ${fromTo(from, to)}`;
}

/** the way of gold from a reading to the end: by its highest place in between, where that is clearly above both */
export function goldCourse(
  { end, peak }: ArmFacts,
  from: Reading,
  { noun, since = 0 }: { noun: Scenario['noun']; since?: number },
): string {
  const isBetween = peak !== null && peak.step > since && peak.gold - Math.max(from.gold, end.gold) > CLEARLY;
  if (!isBetween) return moved(from.gold, end.gold, CLEARLY);
  return `rose ${fromTo(from.gold, peak.gold)} by ${noun} ${peak.step} and fell back to ${score(end.gold)}`;
}

/** "1 of 2 votes it had not seen (9–91 %)"; empty where there was no judge */
export function judgedBy({ accuracy, heldOutPairs }: ArmFacts): string {
  if (accuracy === null) return '';
  return heldOutPairs === null
    ? `${share(accuracy)} of the votes it had not seen`
    : formatCounted(accuracy, heldOutPairs, 'votes it had not seen');
}
