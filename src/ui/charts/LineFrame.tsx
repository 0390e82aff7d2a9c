import { memo, useMemo } from 'react';
import { CartesianGrid, LineChart as Chart, ReferenceArea, ReferenceLine, XAxis, YAxis } from 'recharts';
import { shallow } from 'zustand/shallow';
import { type ChartLevel, type ChartMark, levelDash } from './chartTypes';
import { plotArea, plotFrame, tickCharacter } from './plotFrame';
import { type Axis, stepTicks, tickFormat } from './scales';
import type { Size } from './useSize';

export interface LineFrameProps {
  size: Size;
  /** the last step */
  end: number;
  y: Axis;
  logAxis: boolean;
  band?: readonly [number, number] | undefined;
  marks: readonly ChartMark[];
  levels: readonly ChartLevel[];
}

/**
 * Axes, grid, band, levels and marks. They change rarely, for limits are round: so it is drawn again for a new one
 * only, the lines apart.
 */
function LineFrame({ size, end, y, logAxis: isLog, band, marks, levels }: LineFrameProps) {
  const frame = plotFrame();
  const xTicks = stepTicks(end, plotArea(size).width, tickCharacter());
  const ends = useMemo(() => [{ x: 0 }, { x: end }], [end]); // without any row recharts draws no axis and no level
  const inside = (value: number) => Math.min(y.high, Math.max(y.low, value));
  return (
    <Chart width={size.width} height={size.height} data={ends} {...frame.chart}>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      {band && (
        <ReferenceArea
          y1={inside(band[0])}
          y2={inside(band[1])}
          fill="var(--good)"
          fillOpacity={0.08}
          strokeOpacity={0}
        />
      )}
      <XAxis {...frame.x} dataKey="x" domain={[0, end]} ticks={xTicks} tickFormatter={tickFormat(xTicks)} />
      <YAxis
        {...frame.y}
        scale={isLog ? 'log' : 'linear'}
        domain={[y.low, y.high]}
        ticks={y.ticks}
        tickFormatter={tickFormat(y.ticks)}
        allowDataOverflow
      />
      {levels.map(
        (level, index) =>
          (!isLog || level.value > 0) && (
            <ReferenceLine key={level.label} y={level.value} stroke="var(--ink-3)" strokeDasharray={levelDash(index)} />
          ),
      )}
      {marks.map((mark) => (
        <ReferenceLine key={`${mark.step}-${mark.label}`} x={mark.step} stroke="var(--accent)" strokeDasharray="3 3" />
      ))}
    </Chart>
  );
}

/** limits are worked out with every number, and are the same most of the time */
const isSame = ({ y: old, ...before }: LineFrameProps, { y, ...after }: LineFrameProps): boolean =>
  old.ticks.join() === y.ticks.join() && shallow(before, after);

export default memo(LineFrame, isSame);
