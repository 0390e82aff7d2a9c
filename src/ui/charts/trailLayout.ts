/** Where a trail and its names stand. */
import { shortened } from '../../contract/limits';
import { thin } from '../../store/persistence/thin';
import { FEWEST_LETTERS, type Side } from './plotLabels';
import { type Axis, extentOf, linearAxis } from './scales';
import { MAX_POINTS, type PlotPoint } from './thinned';

/**
 * Where a policy stands at an iteration, a step or an N: how far, what the reward model pays, what the gold rater says.
 */
export interface TrailPoint {
  step: number;
  /** nats per completion from the reference */
  kl: number;
  /** null when there is no reward model */
  proxy: number | null;
  /** null when the corpus has no gold rater */
  gold: number | null;
}

/** Another method or another run on the same axis, in grey, named where it ends. A single point is a dot. */
export interface OtherTrail {
  id: string;
  label: string;
  points: readonly TrailPoint[];
  /** the step at which its gold turned down while the score went on; null or absent when it did not */
  peak?: number | null;
  /** a model of the shelf that was measured for this chart, by texts of its own */
  placed?: boolean;
  /** its points are means of several, as PPO's of five iterations */
  averaged?: boolean;
}

const FEW_NATS = 2;
/** a name in the last part of the axis stands on the left of its point */
const LATE = 0.75;

/** the smallest range of the given one and all finite values */
function widened([low, high]: readonly [number, number], values: Iterable<number | null>): readonly [number, number] {
  const [lowest, highest] = extentOf(numbersIn(values)) ?? [low, high];
  return [Math.min(low, lowest), Math.max(high, highest)];
}

function* numbersIn(values: Iterable<number | null>): Generator<number> {
  for (const value of values) if (value !== null) yield value;
}

/** Both axes hold 0 and a little more, so that a run that just began does not look like much. */
export function trailAxes(points: readonly TrailPoint[]): { x: Axis; y: Axis } {
  const [nearest, farthest] = widened(
    [0, FEW_NATS],
    points.map((point) => point.kl),
  );
  const [lowest, highest] = widened(
    [0, 1],
    points.flatMap((point) => [point.proxy, point.gold]),
  );
  return { x: linearAxis(nearest, farthest, 6), y: linearAxis(lowest, highest, 5) };
}

/**
 * @returns what is drawn of one side of a trail, in the order of iterations: where it was measured, and no more than
 * can be told apart
 */
export function trailLine(points: readonly TrailPoint[], side: 'proxy' | 'gold'): PlotPoint[] {
  const measured = points.flatMap(({ kl, [side]: value }) =>
    value !== null && Number.isFinite(value) && Number.isFinite(kl) ? [{ kl, value }] : [],
  );
  return thin(measured, MAX_POINTS).map(({ kl, value }) => ({ x: kl, y: value }));
}

export const partOf = (value: number, { low, high }: Pick<Axis, 'low' | 'high'>): number =>
  (value - low) / (high - low);

/** ends nearer to each other than these parts of the axes would write over each other */
const NEAR = { across: 0.14, up: 0.07 };

/** Where a trail ends, in parts of the axes, and what part of the width its whole name would take. */
interface End {
  x: number;
  y: number;
  name?: number;
}

const endsLate = ({ x, name = 0 }: End): boolean => x > LATE || (x > 0.5 && name > 1 - x);

/**
 * @returns for each trail the side of its end on which its name has room: the right, unless the axis ends there or a
 * name stands there already
 */
export function namePlaces(ends: readonly (End | null)[]): Side[] {
  const placed: { x: number; y: number; side: Side }[] = [];
  return ends.map((end) => {
    if (!end) return 'right';
    const taken = placed
      .filter(({ x, y }) => Math.abs(x - end.x) < NEAR.across && Math.abs(y - end.y) < NEAR.up)
      .map(({ side }) => side);
    const sides: readonly Side[] = endsLate(end) ? ['left', 'top', 'bottom'] : ['right', 'bottom', 'top', 'left'];
    const side = sides.find((one) => !taken.includes(one)) ?? sides[0]!;
    placed.push({ ...end, side });
    return side;
  });
}

/**
 * @param x where its point is, in parts of the axis
 * @param width of the axis in letters
 * @returns the name, or as much of its beginning as there is room for on that side of the point
 */
export function fittedName(name: string, side: Side, x: number, width: number): string {
  const room = { right: 1 - x, left: x, top: 2 * Math.min(x, 1 - x), bottom: 2 * Math.min(x, 1 - x) }[side];
  const letters = Math.floor(room * width) - 1; // the sign for what is left out takes one
  return shortened(name, letters > FEWEST_LETTERS ? letters : FEWEST_LETTERS);
}
