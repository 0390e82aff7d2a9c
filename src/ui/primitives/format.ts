import { LABELS, type Label, type MetricId } from '../../contract/labels';
import { fixed, rounded, signed, withMinus } from '../../contract/numbers';
import { ENOUGH_CASES, wilsonInterval } from '../../contract/shares';

/** 0.00123 → "1.2e-3": rates and coefficients over many magnitudes */
export function formatRate(value: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return fixed(value, 0);
  if (Math.abs(value) >= 0.01 && Math.abs(value) < 1000) return withMinus(String(Number(value.toPrecision(3))));
  return withMinus(value.toExponential(1).replace('.0e', 'e').replace('e+', 'e'));
}

/** below it zeros are counted, not read */
const LEAST_WRITTEN_OUT = 1e-4;

/** Two or three telling digits, thousands separated: 0.0035, 0.01, 1.31, 42.0, 1,234 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return fixed(value, 0);
  const size = Math.abs(value);
  if (size >= 1e15) return formatRate(value); // beyond what a double counts one by one
  if (size >= 1000) return withMinus(Math.round(value).toLocaleString('en-US'));
  if (size >= 100) return fixed(value, 0);
  if (size >= 10) return fixed(value, 1);
  if (size >= 0.01 || size === 0) return fixed(value, 2);
  return size >= LEAST_WRITTEN_OUT ? withMinus(String(Number(value.toPrecision(2)))) : formatRate(value);
}

export const formatInteger = (value: number): string => withMinus(Math.round(value).toLocaleString('en-US'));

/** 0.347 → "35 %" */
export const formatShare = (value: number): string => `${fixed(100 * value, 0)} %`;

/** "30–95 %": the 95 % interval (Wilson) of a share of so many cases */
export function formatInterval(share: number, count: number): string {
  const { low, high } = wilsonInterval(share * count, count);
  return `${fixed(100 * low, 0)}–${formatShare(high)}`;
}

/** "3 of 4" of few cases, for a share of them would claim more than they know; "93 %" of many */
export const formatPart = (share: number, count: number): string =>
  count < ENOUGH_CASES ? `${rounded(share * count, 1)} of ${count}` : formatShare(share);

/**
 * "3 of 4 (30–95 %)", "93 % of 60 (84–97 %)": what was counted, with its 95 % interval.
 * @param noun "3 of 4 repeats (30–95 %)"
 */
export function formatCounted(share: number, count: number, noun = ''): string {
  const part = count < ENOUGH_CASES ? formatPart(share, count) : `${formatShare(share)} of ${count}`;
  return `${part}${noun && ` ${noun}`} (${formatInterval(share, count)})`;
}

/** +1.92, −0.40: a score or a margin, whose sign is half the message */
export const formatSigned = (value: number): string => signed(value);

/** 117504 → "0.12 M", 98234 → "98 k" */
export function formatCount(value: number): string {
  if (value >= 1e8) return `${Math.round(value / 1e6).toLocaleString('en-US')} M`;
  if (value >= 1e5) return `${fixed(value / 1e6, value < 1e7 ? 2 : 1)} M`;
  return value >= 1e4 ? `${Math.round(value / 1e3)} k` : formatInteger(value);
}

export function formatBytes(bytes: number): string {
  if (bytes >= 2 ** 30) return `${fixed(bytes / 2 ** 30, 1)} GB`;
  if (bytes >= 2 ** 20) return `${fixed(bytes / 2 ** 20, bytes < 10 * 2 ** 20 ? 1 : 0)} MB`;
  return `${Math.max(1, Math.round(bytes / 1024))} kB`;
}

/** 4200 → "4 s", 83000 → "1 min 23 s" */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @returns the number as its unit likes to be written */
export function formatMetric(id: MetricId, value: number): string {
  const { unit } = LABELS[id] as Label;
  if (id === 'train/lr') return formatRate(value);
  if (unit === 'share') return fixed(value, 2);
  if (unit === 'ms') return `${formatInteger(value)} ms`;
  return unit === 'tokens/s' || unit === 'count' ? formatInteger(value) : formatNumber(value);
}
