import { formatNumber, formatShare, formatSigned } from '../../ui/primitives/format';

/** +1.2, −0.7: a score in a sentence */
export const score = (value: number): string => formatSigned(Number(value.toFixed(2)));
/** "from +0.1 to +1.5" */
export const fromTo = (from: number, to: number): string => `from ${score(from)} to ${score(to)}`;
export const share = formatShare;
export const nats = (value: number): string => `${formatNumber(value)} nats`;
/** "13 tokens" */
export const tokens = (value: number): string => `${value.toFixed(0)} tokens`;

/** "rose from +0.1 to +1.5", "fell …", or "stayed …": by what the two numbers say */
export function moved(from: number, to: number, clearly: number): string {
  if (Math.abs(to - from) < clearly) return `stayed near ${score(to)} (it began at ${score(from)})`;
  return `${to > from ? 'rose' : 'fell'} ${fromTo(from, to)}`;
}
