/** Axes: round numbers at round distances. */

/** @returns the smallest of 1, 2, 2.5, 5 × 10^n that is not below `rough` */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

export interface Axis {
  low: number;
  high: number;
  ticks: number[];
}

/** Round limits around [low, high] with about `count` intervals. A single value, or several that differ by rounding alone, gets room on both sides. */
export function linearAxis(low: number, high: number, count = 4): Axis {
  const differ = high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const room = differ ? 0 : Math.max(Math.abs(high) * 0.1, 0.5);
  const step = niceStep((high + room - (low - room)) / count);
  const first = Math.floor((low - room) / step + 1e-9);
  const last = Math.ceil((high + room) / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
  return { low: ticks[0] ?? low, high: ticks.at(-1) ?? high, ticks };
}

/** Powers of ten around [low, high], with 2 and 5 between them when there are few. Both limits are above 0. */
export function logAxis(low: number, high: number): Axis {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = first; power <= last; power++) for (const factor of factors) ticks.push(Number((factor * 10 ** power).toPrecision(6)));
  const floor = ticks.findLast((tick) => tick <= low * (1 + 1e-9)) ?? 10 ** first;
  const ceiling = ticks.find((tick) => tick >= high * (1 - 1e-9)) ?? 10 ** last;
  return { low: floor, high: ceiling, ticks: ticks.filter((tick) => tick >= floor && tick <= ceiling) };
}

/** @returns ticks inside [low, high] for an axis that must end exactly there, such as steps of a run; a tick at the end where that is round */
export function innerTicks(low: number, high: number, count = 4): number[] {
  if (!(high > low)) return [low];
  const span = high - low;
  const power = 10 ** Math.floor(Math.log10(span / count));
  const steps = [1, 2, 2.5, 5, 10].map((factor) => factor * power).filter((step) => span / step >= 2 && span / step <= count + 2);
  const even = steps.filter((step) => Math.abs(span / step - Math.round(span / step)) < 1e-9);
  const distance = (step: number) => Math.abs(span / step - count);
  const step = [...(even.length > 0 ? even : steps)].sort((a, b) => distance(a) - distance(b))[0] ?? niceStep(span / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** @returns the tick as short as its neighbours allow: all ticks of an axis get the same number of decimals */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  const smallest = Math.min(...ticks.slice(1).map((tick, index) => Math.abs(tick - (ticks[index] as number))), Number.POSITIVE_INFINITY);
  const decimals = Number.isFinite(smallest) ? Math.max(0, Math.min(4, Math.ceil(-Math.log10(smallest) - 1e-9))) : 1;
  const needs = ticks.some((tick) => Number(tick.toFixed(decimals)) !== Number(tick.toFixed(decimals + 1))) ? decimals + 1 : decimals;
  const inThousands = ticks.some((tick) => Math.abs(tick) >= 1e4) && ticks.every((tick) => tick % 1000 === 0);
  if (inThousands) return (value) => `${(value / 1000).toLocaleString('en-US').replace('-', '−')}${value === 0 ? '' : 'k'}`;
  return (value) => {
    if (value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-4))
      return value.toExponential(0).replace('e+', 'e').replace('-', '−');
    return value.toLocaleString('en-US', { minimumFractionDigits: needs, maximumFractionDigits: needs }).replace('-', '−');
  };
}
