/** What is named on a trail chart, and where: ends of other trails, moves of a knob, the peak of gold. */
import { type Frame, pixelOf } from './drawLine';
import { plotArea, tickCharacter, tickHeight } from './plotFrame';
import {
  type Box,
  beside,
  boxOf,
  cheapest,
  clearestSide,
  costOf,
  dotBox,
  type Pixel,
  type PlotLabel,
  type Side,
} from './plotLabels';
import type { Axis } from './scales';
import type { PlotPoint } from './thinned';
import { fittedName, namePlaces, type OtherTrail, partOf, type TrailPoint, trailLine } from './trailLayout';
import type { Size } from './useSize';

/** A point of the own trail that has a name. */
export interface NamedPoint {
  kl: number;
  value: number;
  label: string;
}

export interface TrailNames {
  /** of the whole chart */
  size: Size;
  x: Axis;
  y: Axis;
  /** the own trail */
  points: readonly TrailPoint[];
  others: readonly OtherTrail[];
  /** where gold turned */
  peak: NamedPoint | null;
  /** moves in β and the like */
  marks: readonly NamedPoint[];
}

const frameOf = ({ size, x, y }: TrailNames): Frame => ({ ...plotArea(size), x, y, logAxis: false });

/** the curves that a name should not lie on, own ones and those of others */
const curves = ({ points, others }: TrailNames, frame: Frame): Pixel[][] =>
  [points, ...others.map((other) => other.points)].flatMap((trail) =>
    (['proxy', 'gold'] as const).map((side) => trailLine(trail, side).map((point) => pixelOf(point, frame))),
  );

/** the largest dot of a chart: the end of the own trail, and a ring around a turn */
const DOT = 6;

/** where each trail ends, gold and score apart; where a knob was turned, and the peak */
function dots({ points, others, marks, peak }: TrailNames, frame: Frame): Box[] {
  const ends = [points, ...others.map((other) => other.points)].flatMap((trail) =>
    (['proxy', 'gold'] as const).flatMap((side) => trailLine(trail.slice(-1), side)),
  );
  const named = [...marks, ...(peak ? [peak] : [])].map(({ kl, value }) => ({ x: kl, y: value }));
  return [...ends, ...named].map((point) => dotBox(pixelOf(point, frame), DOT));
}

/** what goes up first stands above its ring, and so does a peak */
const SIDES: readonly Side[] = ['top', 'bottom', 'right', 'left'];

/** @returns the last point of a trail that has a place: its score's, else its gold's */
function endOf(points: readonly TrailPoint[]): PlotPoint | null {
  for (const { kl, proxy, gold } of points.toReversed()) {
    const y = [proxy, gold].find((value) => value !== null && Number.isFinite(value));
    if (Number.isFinite(kl) && typeof y === 'number') return { x: kl, y };
  }
  return null;
}

/** @param taken grows by what each name covers, so that none hides another */
function namesOfOthers({ others, x, y }: TrailNames, frame: Frame, taken: Box[]): PlotLabel[] {
  const letters = frame.width / tickCharacter();
  const height = tickHeight();
  const ends = others.map(({ points }) => endOf(points));
  const parts = ends.map(
    (end, i) => end && { x: partOf(end.x, x), y: partOf(end.y, y), name: others[i]!.label.length / letters },
  );
  const places = namePlaces(parts);
  return others.flatMap(({ id, label }, i) => {
    const end = ends[i];
    if (!end) return [];
    const point = pixelOf(end, frame);
    const textOn = (side: Side) => fittedName(label, side, parts[i]!.x, letters);
    const sizeOn = (side: Side) => ({ width: textOn(side).length * tickCharacter(), height });
    const boxOn = (side: Side) => boxOf(point, side, sizeOn(side), frame);
    const sides = [places[i]!, ...SIDES];
    const side = cheapest(
      sides,
      sides.map((one) => costOf(boxOn(one), taken, frame)),
    );
    taken.push({ ...boxOn(side), isName: true });
    return [{ key: id, text: textOn(side), ...beside(point, side, sizeOn(side), frame), color: 'var(--ink-2)' }];
  });
}

/** @returns names of the chart in the order in which they are drawn, the peak over all */
export function trailLabels(names: TrailNames): PlotLabel[] {
  const frame = frameOf(names);
  const lines = curves(names, frame);
  const taken = dots(names, frame);
  const named = ({ kl, value, label }: NamedPoint, look: Pick<PlotLabel, 'color' | 'bold'>): PlotLabel => {
    const point = pixelOf({ x: kl, y: value }, frame);
    const text = { width: label.length * tickCharacter(), height: tickHeight() };
    const side = clearestSide(point, text, lines, frame, SIDES, taken);
    taken.push({ ...boxOf(point, side, text, frame), isName: true });
    return { key: `${kl}-${label}`, text: label, ...beside(point, side, text, frame), ...look };
  };
  return [
    ...namesOfOthers(names, frame, taken),
    ...names.marks.map((mark) => named(mark, { color: 'var(--accent)' })),
    ...(names.peak ? [named(names.peak, { color: 'var(--gold-text)', bold: true })] : []),
  ];
}
