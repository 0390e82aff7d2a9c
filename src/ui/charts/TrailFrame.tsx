import { memo } from 'react';
import { CartesianGrid, LineChart as Chart, Line, ReferenceDot, ReferenceLine, XAxis, YAxis } from 'recharts';
import { LABEL_HALO } from './chartTypes';
import { plotArea, plotFrame, tickCharacter } from './plotFrame';
import { type Axis, tickFormat } from './scales';
import { fittedName, namePlaces, type OtherTrail, partOf, peakSide, type Side, trailLine } from './trailLayout';
import type { Size } from './useSize';

/** A point of the own trail that has a name. */
export interface NamedPoint {
  kl: number;
  value: number;
  label: string;
}

interface TrailFrameProps {
  size: Size;
  x: Axis;
  y: Axis;
  others: readonly OtherTrail[];
  /** where gold turned */
  peak: NamedPoint | null;
  /** moves in β and the like */
  marks: readonly NamedPoint[];
}

/** The end of a grey trail, or its one point: proxy filled and named, gold open. A ring where gold turned. */
function endMarks({ id, points, peak = null }: OtherTrail, label: string, position: Side) {
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

/** Axes, the trails of others, and names. While a run goes on they stay, so the own trail is drawn apart. */
function TrailFrame({ size, x, y, others, peak, marks }: TrailFrameProps) {
  const frame = plotFrame();
  const letters = plotArea(size).width / tickCharacter();
  const ends = others.map(({ label, points }) => {
    const end = points.at(-1);
    return end ? { x: partOf(end.kl, x), y: partOf(end.proxy ?? end.gold ?? 0, y), name: label.length / letters } : null;
  });
  const places = namePlaces(ends);
  const names = others.map(({ label }, i) => fittedName(label, places[i]!, ends[i]?.x ?? 0, letters));
  const named = { fill: 'var(--accent)', fontSize: 'var(--text-tick)', ...LABEL_HALO };
  return (
    <Chart width={size.width} height={size.height} data={[{ x: x.low }, { x: x.high }]} {...frame.chart}>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        {...frame.x}
        dataKey="x"
        domain={[x.low, x.high]}
        ticks={x.ticks}
        tickFormatter={tickFormat(x.ticks)}
        allowDuplicatedCategory
        allowDataOverflow
      />
      <YAxis {...frame.y} domain={[y.low, y.high]} ticks={y.ticks} tickFormatter={tickFormat(y.ticks)} allowDataOverflow />
      {y.low < 0 && <ReferenceLine y={0} stroke="var(--line-strong)" />}
      {others.flatMap(({ id, points }) =>
        (['proxy', 'gold'] as const).map((side) => (
          <Line
            key={`${id}-${side}`}
            data={trailLine(points, side)}
            dataKey="y"
            stroke="var(--ink-3)"
            strokeOpacity={0.7}
            strokeDasharray={side === 'gold' ? '4 4' : undefined}
            strokeWidth={1.5}
            dot={false}
            isAnimationActive={false}
          />
        )),
      )}
      {others.flatMap((other, i) => endMarks(other, names[i]!, places[i]!))}
      {marks.map(({ kl, value, label }) => (
        <ReferenceDot
          key={`${kl}-${label}`}
          x={kl}
          y={value}
          r={4}
          fill="var(--surface)"
          stroke="var(--accent)"
          label={{ ...named, value: label, position: 'top' }}
        />
      ))}
      {peak && (
        <ReferenceDot
          x={peak.kl}
          y={peak.value}
          r={6}
          fill="none"
          stroke="var(--gold)"
          strokeWidth={2}
          label={{ ...named, value: peak.label, position: peakSide(peak.kl, x), fill: 'var(--gold-text)', fontWeight: 600 }}
        />
      )}
    </Chart>
  );
}

/** small, and made anew with every number: what they say is what counts */
const saysSame = (one: TrailFrameProps, other: TrailFrameProps): boolean =>
  one.size === other.size &&
  one.others === other.others &&
  JSON.stringify([one.x, one.y, one.peak, one.marks]) === JSON.stringify([other.x, other.y, other.peak, other.marks]);

export default memo(TrailFrame, saysSame);
