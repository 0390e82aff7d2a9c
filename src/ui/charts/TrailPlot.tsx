import { CartesianGrid, LineChart as Chart, Line, ReferenceDot, ReferenceLine, XAxis, YAxis } from 'recharts';
import { LABEL_HALO } from './chartTypes';
import { plotFrame } from './plotFrame';
import { linearAxis, tickFormat } from './scales';
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

const finite = (values: readonly (number | null)[]): number[] =>
  values.filter((value): value is number => value !== null && Number.isFinite(value));

function axesOf(points: readonly TrailPoint[]) {
  const kl = finite(points.map((point) => point.kl));
  const rewards = finite(points.flatMap((point) => [point.proxy, point.gold]));
  return {
    x: linearAxis(Math.min(0, ...kl), Math.max(FEW_NATS, ...kl), 6),
    y: linearAxis(Math.min(0, ...rewards), Math.max(1, ...rewards), 5),
  };
}

/** The end of a grey trail, or its one point: proxy filled and named, gold open. */
function endMarks(id: string, label: string, trail: readonly TrailPoint[], widest: number) {
  const end = trail.at(-1);
  if (!end) return [];
  const position = end.kl > LATE * widest ? 'left' : 'right';
  const name = { value: label, position, fill: 'var(--ink-2)', fontSize: 'var(--text-tick)', ...LABEL_HALO } as const;
  const dot = { x: end.kl, stroke: 'var(--ink-3)', strokeWidth: 1.5 };
  return [
    end.proxy !== null && <ReferenceDot key={`${id}-end`} {...dot} y={end.proxy} r={3.5} fill="var(--ink-3)" label={name} />,
    end.gold !== null && (
      <ReferenceDot key={`${id}-gold`} {...dot} y={end.gold} r={3.5} fill="var(--surface)" {...(end.proxy === null && { label: name })} />
    ),
  ];
}

/** The trail itself, in the chunk of the charts: points are joined in the order of iterations, even where the policy walks back. */
export default function TrailPlot({ size, points, others, peak, crosshair, marks }: TrailPlotProps) {
  const { x, y } = axesOf([points, ...others.map((other) => other.points)].flat());
  const frame = plotFrame();
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
      {others.flatMap(({ id, label, points: trail }) => endMarks(id, label, trail, x.high))}
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
          label={{ value: peak?.label, position: 'bottom', fill: 'var(--gold-text)', fontSize: 'var(--text-tick)', fontWeight: 600 }}
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
