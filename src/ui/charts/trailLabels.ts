/** What is named on a trail chart, and where: ends of other trails, moves of a knob, the peak of gold. */
import { type Frame, pixelOf } from './drawLine';
import { plotArea, tickCharacter, tickHeight } from './plotFrame';
import { beside, clearestSide, type Pixel, type PlotLabel, type Side } from './plotLabels';
import type { Axis } from './scales';
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

function namesOfOthers({ others, x, y }: TrailNames, frame: Frame): PlotLabel[] {
  const letters = frame.width / tickCharacter();
  const ends = others.map(({ label, points }) => {
    const end = points.at(-1);
    return end
      ? { x: partOf(end.kl, x), y: partOf(end.proxy ?? end.gold ?? 0, y), name: label.length / letters }
      : null;
  });
  const places = namePlaces(ends);
  return others.flatMap(({ id, label, points }, i) => {
    const end = points.at(-1);
    const value = end?.proxy ?? end?.gold ?? null;
    if (!end || value === null) return [];
    const at = beside(pixelOf({ x: end.kl, y: value }, frame), places[i]!, tickHeight());
    return [{ key: id, text: fittedName(label, places[i]!, ends[i]?.x ?? 0, letters), ...at, color: 'var(--ink-2)' }];
  });
}

/** what goes up first stands above its ring, and so does a peak */
const SIDES: readonly Side[] = ['top', 'bottom', 'right', 'left'];

/** @returns names of the chart in the order in which they are drawn, the peak over all */
export function trailLabels(names: TrailNames): PlotLabel[] {
  const frame = frameOf(names);
  const lines = curves(names, frame);
  const named = ({ kl, value, label }: NamedPoint, look: Pick<PlotLabel, 'color' | 'bold'>): PlotLabel => {
    const point = pixelOf({ x: kl, y: value }, frame);
    const side = clearestSide(
      point,
      { width: label.length * tickCharacter(), height: tickHeight() },
      lines,
      frame,
      SIDES,
    );
    return { key: `${kl}-${label}`, text: label, ...beside(point, side, tickHeight()), ...look };
  };
  return [
    ...namesOfOthers(names, frame),
    ...names.marks.map((mark) => named(mark, { color: 'var(--accent)' })),
    ...(names.peak ? [named(names.peak, { color: 'var(--gold-text)', bold: true })] : []),
  ];
}
