/**
 * Names inside a plot: each beside its point, on the side where no curve runs through it. All in CSS pixels from the
 * plot's upper left corner.
 */
import type { Size } from './useSize';

export type Side = 'right' | 'left' | 'top' | 'bottom';
export type Pixel = readonly [x: number, y: number];

export interface PlotLabel {
  key: string;
  text: string;
  /** y is the middle of its height */
  at: Pixel;
  anchor: 'start' | 'middle' | 'end';
  color: string;
  bold?: boolean;
}

/** a name keeps so many letters of its beginning, however little room there is */
export const FEWEST_LETTERS = 8;
/** from a point to its name: a ring stands between */
const GAP = 9;
const ANCHORS = { right: 'start', left: 'end', top: 'middle', bottom: 'middle' } as const;

/** @returns where a text of this size is written on one side of its point; above and below it keeps inside the plot */
export function beside([x, y]: Pixel, side: Side, text: Size, plot: Size): Pick<PlotLabel, 'at' | 'anchor'> {
  const [half, away] = [text.width / 2, GAP + text.height / 2];
  const middle = Math.min(Math.max(x, half), plot.width - half);
  const at = {
    right: [x + GAP, y],
    left: [x - GAP, y],
    top: [middle, y - away],
    bottom: [middle, y + away],
  } as const;
  return { at: at[side], anchor: ANCHORS[side] };
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** something is written there */
  isName?: true;
}

/** @returns what a text of this size covers on one side of its point */
export function boxOf(point: Pixel, side: Side, text: Size, plot: Size): Box {
  const { width, height } = text;
  const [x, y] = beside(point, side, text, plot).at;
  const left = { right: x, left: x - width, top: x - width / 2, bottom: x - width / 2 }[side];
  return { left, right: left + width, top: y - height / 2, bottom: y + height / 2 };
}

/**
 * @returns the part of from … to, as shares of the way, in which start + share · length lies between low and high; null
 * for none
 */
function within([from, to]: Pixel, start: number, length: number, low: number, high: number): Pixel | null {
  if (length === 0) return start >= low && start <= high ? [from, to] : null;
  const [one, other] = [(low - start) / length, (high - start) / length];
  const part: Pixel = [Math.max(from, Math.min(one, other)), Math.min(to, Math.max(one, other))];
  return part[0] <= part[1] ? part : null;
}

/** whether the straight line between two points touches the box (Liang and Barsky 1984) */
function touches(box: Box, [x0, y0]: Pixel, [x1, y1]: Pixel): boolean {
  const across = within([0, 1], x0, x1 - x0, box.left, box.right);
  return across !== null && within(across, y0, y1 - y0, box.top, box.bottom) !== null;
}

const crossings = (box: Box, line: readonly Pixel[]): number =>
  line.filter((point, i) => touches(box, line[i - 1] ?? point, point)).length;

/** @returns what a dot covers */
export const dotBox = ([x, y]: Pixel, radius: number): Box => ({
  left: x - radius,
  right: x + radius,
  top: y - radius,
  bottom: y + radius,
});

const overlap = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** a name over a name is worse than one that is cut off, that than one over a dot, and that than one that is crossed */
const [OVER_NAME, CUT, OVER_DOT] = [1e9, 1e6, 1e3];

/** what reaches out of the plot is cut off, or lies over the numbers of an axis: those stand left of it and below */
function costOfEdges({ left, right, top, bottom }: Box, { width, height }: Size): number {
  if (left < 0 || bottom > height) return OVER_NAME;
  return right > width || top < 0 ? CUT : 0;
}

/** @returns how bad it would be to write there, over what is taken; 0 where nothing stands */
export const costOf = (box: Box, taken: readonly Box[], plot: Size): number =>
  taken
    .filter((other) => overlap(box, other))
    .reduce((sum, { isName }) => sum + (isName ? OVER_NAME : OVER_DOT), costOfEdges(box, plot));

/** @returns the first of the cheapest */
export function cheapest(sides: readonly Side[], costs: readonly number[]): Side {
  return sides[costs.indexOf(costs.reduce((least, cost) => Math.min(least, cost)))] as Side;
}

/**
 * @param text its size
 * @param lines the curves of the plot
 * @param sides in the order of preference
 * @param taken dots and names that should stay in sight
 * @returns the first side on which a name stays inside the plot, hides the least and is crossed by the fewest pieces of
 * curves
 */
export function clearestSide(
  point: Pixel,
  text: Size,
  lines: readonly (readonly Pixel[])[],
  plot: Size,
  sides: readonly Side[],
  taken: readonly Box[] = [],
): Side {
  const costs = sides.map((side) => {
    const box = boxOf(point, side, text, plot);
    return lines.reduce((sum, line) => sum + crossings(box, line), costOf(box, taken, plot));
  });
  return cheapest(sides, costs);
}
