import { memo } from 'react';
import { CartesianGrid, LineChart as Chart, Line, ReferenceArea, ReferenceLine, XAxis, YAxis } from 'recharts';
import { toneColor } from '../theme/tone';
import { type ChartLevel, type ChartMark, LABEL_HALO, type LineSeries, levelDash, SERIES_DASH } from './chartTypes';
import type { LinePlotData } from './lineData';
import { plotFrame } from './plotFrame';
import { innerTicks, tickFormat } from './scales';
import type { Size } from './useSize';

interface LinePlotProps {
  size: Size;
  series: readonly LineSeries[];
  data: LinePlotData;
  logAxis: boolean;
  band?: readonly [number, number];
  marks: readonly ChartMark[];
  levels: readonly ChartLevel[];
}

/** a mark in the last part of the axis has its label on its left */
const LATE = 0.7;

/** The drawing itself, in a chunk of its own. Everything that moves has been decided before: recharts only draws. */
function LinePlot({ size, series, data, logAxis, band, marks, levels }: LinePlotProps) {
  const { x, y, rows } = data;
  const frame = plotFrame();
  const xTicks = innerTicks(x[0], x[1], size.width < 320 ? 3 : 4).filter(Number.isInteger); // there is no half a step
  const inside = (value: number) => Math.min(y.high, Math.max(y.low, value));
  return (
    <Chart
      width={size.width}
      height={size.height}
      data={rows.length > 0 ? rows : [{ x: x[0] }, { x: x[1] }]} // without any row recharts draws no axis and no level
      {...frame.chart}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      {band && <ReferenceArea y1={inside(band[0])} y2={inside(band[1])} fill="var(--good)" fillOpacity={0.08} strokeOpacity={0} />}
      <XAxis {...frame.x} dataKey="x" domain={[x[0], x[1]]} ticks={xTicks} tickFormatter={tickFormat(xTicks)} />
      <YAxis
        {...frame.y}
        scale={logAxis ? 'log' : 'linear'}
        domain={[y.low, y.high]}
        ticks={y.ticks}
        tickFormatter={tickFormat(y.ticks)}
        allowDataOverflow
      />
      {levels.map(
        (level, index) =>
          (!logAxis || level.value > 0) && (
            <ReferenceLine key={level.label} y={level.value} stroke="var(--ink-3)" strokeDasharray={levelDash(index)} />
          ),
      )}
      {marks.map((mark) => (
        <ReferenceLine
          key={`${mark.step}-${mark.label}`}
          x={mark.step}
          stroke="var(--accent)"
          strokeDasharray="3 3"
          label={{
            value: mark.label,
            position: mark.step > LATE * x[1] ? 'insideTopRight' : 'insideTopLeft',
            fill: 'var(--accent)',
            fontSize: 'var(--text-tick)',
            ...LABEL_HALO,
          }}
        />
      ))}
      {series.map((line) => (
        <Line
          key={`${line.id}:raw`}
          dataKey={`${line.id}:raw`}
          stroke={toneColor(line.tone)}
          strokeOpacity={line.raw ? 0 : 0.28}
          strokeWidth={1}
          dot={false}
          connectNulls
          isAnimationActive={false}
        />
      ))}
      {series.map((line) => (
        <Line
          key={line.id}
          dataKey={line.id}
          stroke={toneColor(line.tone)}
          style={{ strokeWidth: 'var(--chart-stroke)' }}
          strokeDasharray={line.dashed ? SERIES_DASH : undefined}
          dot={false}
          connectNulls
          isAnimationActive={false}
        />
      ))}
    </Chart>
  );
}

/** drawn again for new numbers only: the crosshair moves above it */
export default memo(LinePlot);
