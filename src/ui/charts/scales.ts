/**
 * Axes: round numbers at round distances. Every function answers for every input: what cannot be drawn is brought to
 * what can.
 */

import { withMinus } from '../../contract/numbers';

/** Magnitudes beyond these would over- or underflow once they are added or divided. */
const LARGEST = 1e300;
const SMALLEST = 1e-300;
/** of a tick: fewer than a double has, so that 3 × 0.1 is 0.3 */
const DIGITS = 12;

export interface Axis {
  low: number;
  high: number;
  ticks: number[];
}

/** @returns the number between ±1e300, so that differences stay finite; `otherwise` for what is not a number */
export const drawable = (value: number, otherwise: number): number =>
  Number.isNaN(value) ? otherwise : Math.min(LARGEST, Math.max(-LARGEST, value));

/**
 * @returns the smallest and the largest finite number; null of none. A loop: a long history does not fit into the
 * arguments of Math.min
 */
export function extentOf(values: Iterable<number>): [low: number, high: number] | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** @returns the smallest of 1, 2, 2.5, 5 × 10^n that is not below `rough`; 1 where that is no step at all */
export function niceStep(rough: number): number {
  if (!(rough >= SMALLEST && rough <= LARGEST)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/**
 * the multiples first … last of a step, written with the digits that are sure; at most 100, for a step that is too
 * small for its domain
 */
const multiples = (step: number, first: number, last: number): number[] =>
  Array.from({ length: Math.min(100, Math.max(0, last - first + 1)) }, (_, index) =>
    Number(((first + index) * step).toPrecision(DIGITS)),
  );

/**
 * Round limits around [low, high] with about `count` intervals. A single value, or several that differ by rounding
 * alone, gets room on both sides.
 */
export function linearAxis(lowest: number, highest: number, count = 4): Axis {
  const low = drawable(lowest, 0);
  const high = Math.max(low, drawable(highest, low));
  const intervals = Math.max(1, count);
  const differ = high - low > Math.max(SMALLEST * intervals, 1e-9 * Math.max(Math.abs(low), Math.abs(high)));
  const room = differ ? 0 : Math.max(Math.abs(high) * 0.1, 0.5);
  const step = niceStep((high + room - (low - room)) / intervals);
  const first = Math.floor((low - room) / step + 1e-9);
  const last = Math.ceil((high + room) / step - 1e-9);
  const ticks = multiples(step, first, last);
  return { low: ticks[0] ?? low, high: ticks.at(-1) ?? high, ticks };
}

/** shown where there is nothing above 0 */
const EMPTY_DECADE = [1, 10] as const;
/** powers of ten on one axis; where a domain has more decades, every second, third … is left */
const MOST_POWERS = 12;

/** of LARGEST */
const MOST_POWER = 300;

const positive = (value: number): number => Math.min(LARGEST, Math.max(SMALLEST, value));

/** 10^first … 10^last, with 2 and 5 between them when there are few */
function powersOfTen(first: number, last: number): number[] {
  const stride = Math.ceil((last - first + 1) / MOST_POWERS);
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  const count = Math.ceil((last - first) / stride) + 1;
  const powers = Array.from({ length: count }, (_, index) => Math.min(first + index * stride, MOST_POWER));
  return powers.flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)));
}

/** Powers of ten around the positive part of [low, high]; one empty decade where there is none. */
export function logAxis(lowest: number, highest: number): Axis {
  const [low, high] =
    highest > 0 ? [positive(lowest > 0 ? Math.min(lowest, highest) : highest), positive(highest)] : EMPTY_DECADE;
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
  const ticks = powersOfTen(first, last);
  const floor = Math.max(
    0,
    ticks.findLastIndex((tick) => tick <= low * (1 + 1e-9)),
  );
  const above = ticks.findIndex((tick, index) => index > floor && tick >= high * (1 - 1e-9));
  const shown = ticks.slice(floor, above < 0 ? ticks.length : above + 1);
  return { low: shown[0] as number, high: shown.at(-1) as number, ticks: shown };
}

/** the round step that divides a span into about `count` parts, evenly where that is possible */
function innerStep(span: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(span / count));
  const steps = [1, 2, 2.5, 5, 10]
    .map((factor) => factor * power)
    .filter((step) => span / step >= 2 && span / step <= count + 2);
  const even = steps.filter((step) => Math.abs(span / step - Math.round(span / step)) < 1e-9);
  const distance = (step: number) => Math.abs(span / step - count);
  return [...(even.length > 0 ? even : steps)].sort((a, b) => distance(a) - distance(b))[0] ?? niceStep(span / count);
}

/**
 * @returns ticks inside [low, high] for an axis that must end exactly there, such as steps of a run; a tick at the end
 * where that is round
 */
export function innerTicks(lowest: number, highest: number, count = 4): number[] {
  const [low, high] = [drawable(lowest, 0), drawable(highest, 0)];
  if (!(high - low > SMALLEST)) return [low];
  const step = innerStep(high - low, Math.max(1, count));
  const ticks = multiples(step, Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9));
  const inside = ticks.filter((tick, index) => tick >= low && tick <= high && tick !== ticks[index - 1]);
  return inside.length > 0 ? inside : [low];
}

const isFar = (value: number): boolean => value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-4);

/** @returns digits after the first that very large and very small ticks need, at most three */
const farDigits = (ticks: readonly number[]): number =>
  [0, 1, 2].find((digits) =>
    ticks.filter(isFar).every((tick) => Math.abs(Number(tick.toExponential(digits)) - tick) <= 1e-9 * Math.abs(tick)),
  ) ?? 3;

/** decimals that tell neighbours apart, one more where a tick needs it */
function decimalsOf(ticks: readonly number[]): number {
  const distances = ticks.slice(1).map((tick, index) => Math.abs(tick - (ticks[index] as number)));
  const [smallest] = extentOf(distances) ?? [Number.POSITIVE_INFINITY];
  const decimals = Number.isFinite(smallest) ? Math.max(0, Math.min(4, Math.ceil(-Math.log10(smallest) - 1e-9))) : 0;
  return ticks.some((tick) => Number(tick.toFixed(decimals)) !== Number(tick.toFixed(decimals + 1)))
    ? decimals + 1
    : decimals;
}

/** @returns the tick as short as its neighbours allow: all ticks of an axis get the same number of decimals */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  const inThousands =
    ticks.some((tick) => Math.abs(tick) >= 1e4) && ticks.every((tick) => tick % 1000 === 0 && Math.abs(tick) < 1e9);
  if (inThousands) return (value) => `${withMinus((value / 1000).toLocaleString('en-US'))}${value === 0 ? '' : 'k'}`;
  const [decimals, digits] = [decimalsOf(ticks), farDigits(ticks)];
  const fixed = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return (value) =>
    isFar(value)
      ? withMinus(value.toExponential(digits).replace('e+', 'e').replace('e-', 'e−'))
      : withMinus(value.toLocaleString('en-US', fixed));
}

/**
 * Ticks of a run's steps, as many as can be read side by side.
 * @param width of the axis and `character` of a letter, in the same unit
 */
export function stepTicks(end: number, width: number, character: number): number[] {
  const fits = (ticks: readonly number[]) => {
    const letters = ticks.map(tickFormat(ticks)).reduce((sum, label) => sum + label.length + 1, 0);
    return letters * character <= width;
  };
  // there is no half a step
  const candidates = [4, 3, 2, 1].map((count) => innerTicks(0, end, count).filter(Number.isInteger));
  const round = candidates.find((ticks) => ticks.length > 0 && fits(ticks));
  return round ?? (Number.isInteger(end) && end > 0 && fits([0, end]) ? [0, end] : [0]);
}
