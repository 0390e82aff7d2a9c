import { memo } from 'react';
import { CartesianGrid, LineChart as Chart, Line, ReferenceDot, ReferenceLine, XAxis, YAxis } from 'recharts';
import { plotFrame } from './plotFrame';
import { type Axis, tickFormat } from './scales';
import type { NamedPoint } from './trailLabels';
import { type OtherTrail, trailLine } from './trailLayout';
import type { Size } from './useSize';

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

/** The end of a grey trail, or its one point: proxy filled, gold open. A ring where gold turned. */
function endMarks({ id, points, peak = null }: OtherTrail) {
  const end = points.at(-1);
  if (!end) return [];
  const dot = { x: end.kl, stroke: 'var(--ink-3)', strokeWidth: 1.5 };
  const turned = points.find(({ step }) => step === peak);
  return [
    end.proxy !== null && <ReferenceDot key={`${id}-end`} {...dot} y={end.proxy} r={3.5} fill="var(--ink-3)" />,
    end.gold !== null && <ReferenceDot key={`${id}-gold`} {...dot} y={end.gold} r={3.5} fill="var(--surface)" />,
    turned && turned.gold !== null && (
      <ReferenceDot
        key={`${id}-peak`}
        x={turned.kl}
        y={turned.gold}
        r={5.5}
        fill="none"
        stroke="var(--gold)"
        strokeWidth={1.5}
      />
    ),
  ];
}

/** Axes, the trails of others, and rings. While a run goes on they stay, so the own trail is drawn apart. */
function TrailFrame({ size, x, y, others, peak, marks }: TrailFrameProps) {
  const frame = plotFrame();
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
      <YAxis
        {...frame.y}
        domain={[y.low, y.high]}
        ticks={y.ticks}
        tickFormatter={tickFormat(y.ticks)}
        allowDataOverflow
      />
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
      {others.flatMap(endMarks)}
      {marks.map(({ kl, value, label }) => (
        <ReferenceDot key={`${kl}-${label}`} x={kl} y={value} r={4} fill="var(--surface)" stroke="var(--accent)" />
      ))}
      {peak && <ReferenceDot x={peak.kl} y={peak.value} r={6} fill="none" stroke="var(--gold)" strokeWidth={2} />}
    </Chart>
  );
}

/** small, and made anew with every number: what they say is what counts */
const saysSame = (one: TrailFrameProps, other: TrailFrameProps): boolean =>
  one.size === other.size &&
  one.others === other.others &&
  JSON.stringify([one.x, one.y, one.peak, one.marks]) === JSON.stringify([other.x, other.y, other.peak, other.marks]);

export default memo(TrailFrame, saysSame);
