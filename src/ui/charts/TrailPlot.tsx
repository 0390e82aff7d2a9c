import { CartesianGrid, LineChart as Chart, Line, ReferenceDot, ReferenceLine, XAxis, YAxis } from 'recharts';
import { LABEL_HALO } from './chartTypes';
import { plotFrame } from './plotFrame';
import { type Axis, extentOf, linearAxis, tickFormat } from './scales';
import type { OtherTrail, TrailPoint } from './TrailChart';
import type { Size } from './useSize';

interface TrailPlotProps {
  size: Size;
  points: readonly TrailPoint[];
  others: readonly OtherTrail[];
  peak: { step: number; label: string } | null;
  crosshair: number | null;
  marks: readonly { step: number; label: string }[];
}

const FEW_NATS = 2;
/** a name in the last part of the axis stands on the left of its point */
const LATE = 0.75;
/** … and the name of a peak in the first part on the right */
const EARLY = 0.25;

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

type Side = 'right' | 'left' | 'top' | 'bottom';
/** ends nearer to each other than these parts of the axes would write over each other */
const NEAR = { across: 0.14, up: 0.07 };

/** @returns for each trail the side of its end on which its name has room: the right, unless the axis ends there or a name stands there already */
export function namePlaces(ends: readonly ({ x: number; y: number } | null)[]): Side[] {
  const placed: { x: number; y: number; side: Side }[] = [];
  return ends.map((end) => {
    if (!end) return 'right';
    const taken = placed.filter(({ x, y }) => Math.abs(x - end.x) < NEAR.across && Math.abs(y - end.y) < NEAR.up).map(({ side }) => side);
    const sides: readonly Side[] = end.x > LATE ? ['left', 'top', 'bottom'] : ['right', 'bottom', 'top', 'left'];
    const side = sides.find((one) => !taken.includes(one)) ?? sides[0]!;
    placed.push({ ...end, side });
    return side;
  });
}

/** The end of a grey trail, or its one point: proxy filled and named, gold open. A ring where gold turned. */
function endMarks({ id, label, points, peak = null }: OtherTrail, position: Side) {
  const end = points.at(-1);
  if (!end) return [];
  const name = { value: label, position, fill: 'var(--ink-2)', fontSize: 'var(--text-tick)', ...LABEL_HALO } as const;
  const dot = { x: end.kl, stroke: 'var(--ink-3)', strokeWidth: 1.5 };
  const turned = points.find(({ step }) => step === peak);
  return [
    end.proxy !== null && <ReferenceDot key={`${id}-end`} {...dot} y={end.proxy} r={3.5} fill="var(--ink-3)" label={name} />,
    end.gold !== null && (
      <ReferenceDot key={`${id}-gold`} {...dot} y={end.gold} r={3.5} fill="var(--surface)" {...(end.proxy === null && { label: name })} />
    ),
    turned && turned.gold !== null && (
      <ReferenceDot key={`${id}-peak`} x={turned.kl} y={turned.gold} r={5.5} fill="none" stroke="var(--gold)" strokeWidth={1.5} />
    ),
  ];
}

/** The trail itself, in the chunk of the charts: points are joined in the order of iterations, even where the policy walks back. */
export default function TrailPlot({ size, points, others, peak, crosshair, marks }: TrailPlotProps) {
  const { x, y } = trailAxes([points, ...others.map((other) => other.points)].flat());
  const frame = plotFrame();
  const partOf = (value: number, { low, high }: { low: number; high: number }) => (value - low) / (high - low);
  const places = namePlaces(
    others.map(({ points: trail }) => {
      const end = trail.at(-1);
      return end ? { x: partOf(end.kl, x), y: partOf(end.proxy ?? end.gold ?? 0, y) } : null;
    }),
  );
  const peakSide = (kl: number): Side => (partOf(kl, x) < EARLY ? 'right' : partOf(kl, x) > LATE ? 'left' : 'bottom');
  const last = points.at(-1);
  const at = (step: number | null) => points.find((point) => point.step === step);
  const peaked = at(peak?.step ?? null);
  const pointed = at(crosshair);
  return (
    <Chart width={size.width} height={size.height} data={[...points]} {...frame.chart}>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        {...frame.x}
        dataKey="kl"
        domain={[x.low, x.high]}
        ticks={x.ticks}
        tickFormatter={tickFormat(x.ticks)}
        allowDuplicatedCategory
      />
      <YAxis {...frame.y} domain={[y.low, y.high]} ticks={y.ticks} tickFormatter={tickFormat(y.ticks)} />
      {y.low < 0 && <ReferenceLine y={0} stroke="var(--line-strong)" />}
      {others.flatMap(({ id, points: trail }) =>
        (['proxy', 'gold'] as const).map((side) => (
          <Line
            key={`${id}-${side}`}
            data={[...trail]}
            dataKey={side}
            stroke="var(--ink-3)"
            strokeOpacity={0.7}
            strokeDasharray={side === 'gold' ? '4 4' : undefined}
            strokeWidth={1.5}
            dot={false}
            connectNulls
            isAnimationActive={false}
          />
        )),
      )}
      {others.flatMap((other, i) => endMarks(other, places[i]!))}
      <Line
        dataKey="proxy"
        stroke="var(--reward)"
        style={{ strokeWidth: 'calc(var(--chart-stroke) * 1.2)' }}
        dot={false}
        isAnimationActive={false}
      />
      <Line
        dataKey="gold"
        stroke="var(--gold)"
        strokeDasharray="7 4"
        style={{ strokeWidth: 'calc(var(--chart-stroke) * 1.2)' }}
        dot={false}
        connectNulls
        isAnimationActive={false}
      />
      {marks.map((mark) => {
        const point = at(mark.step);
        const label = { value: mark.label, position: 'top', fill: 'var(--accent)', fontSize: 'var(--text-tick)', ...LABEL_HALO } as const;
        return (
          point &&
          point.proxy !== null && (
            <ReferenceDot
              key={`${mark.step}-${mark.label}`}
              x={point.kl}
              y={point.proxy}
              r={4}
              fill="var(--surface)"
              stroke="var(--accent)"
              label={label}
            />
          )
        );
      })}
      {peaked && peaked.gold !== null && (
        <ReferenceDot
          x={peaked.kl}
          y={peaked.gold}
          r={6}
          fill="none"
          stroke="var(--gold)"
          strokeWidth={2}
          label={{
            value: peak?.label,
            position: peakSide(peaked.kl),
            fill: 'var(--gold-text)',
            fontSize: 'var(--text-tick)',
            fontWeight: 600,
            ...LABEL_HALO,
          }}
        />
      )}
      {pointed && pointed.proxy !== null && (
        <ReferenceDot x={pointed.kl} y={pointed.proxy} r={5} fill="none" stroke="var(--ink-2)" strokeWidth={1.5} />
      )}
      {last && last.proxy !== null && <ReferenceDot x={last.kl} y={last.proxy} r={5} fill="var(--reward)" stroke="none" />}
      {last && last.gold !== null && (
        <ReferenceDot x={last.kl} y={last.gold} r={4} fill="var(--surface)" stroke="var(--gold)" strokeWidth={2} />
      )}
    </Chart>
  );
}
