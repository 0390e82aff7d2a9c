import { shortened } from '../../contract/limits';
import type { ChartMark, LineSeries } from './chartTypes';
import { LineCanvas } from './LineCanvas';
import LineFrame, { type LineFrameProps } from './LineFrame';
import type { LinePlotData } from './lineData';
import { PlotLabels } from './PlotLabels';
import { plotArea, tickCharacter, tickHeight } from './plotFrame';
import { FEWEST_LETTERS, type PlotLabel } from './plotLabels';

interface LinePlotProps extends Omit<LineFrameProps, 'end' | 'y'> {
  series: readonly LineSeries[];
  data: LinePlotData;
}

/** a mark in the last part of the axis has its name on its left */
const LATE = 0.7;
/** of a name from its mark and from the upper edge, px */
const GAP = 5;

const nameOf = ({ step, label }: ChartMark, end: number, width: number): PlotLabel => {
  const x = (step / end) * width;
  const letters = (room: number) => Math.floor((room - GAP) / tickCharacter());
  const isLate = step > LATE * end || (step > end / 2 && label.length > letters(width - x));
  return {
    key: `${step}-${label}`,
    text: shortened(label, Math.max(FEWEST_LETTERS, letters(isLate ? x : width - x))),
    at: [x + (isLate ? -GAP : GAP), GAP + tickHeight() / 2],
    anchor: isLate ? 'end' : 'start',
    color: 'var(--accent)',
  };
};

/**
 * The drawing itself, in a chunk of its own: recharts for what stays, a canvas for what moves, names above both. All is
 * decided before.
 */
export default function LinePlot({ series, data, ...frame }: LinePlotProps) {
  const { width } = plotArea(frame.size);
  return (
    <>
      <LineFrame {...frame} end={data.x[1]} y={data.y} />
      <LineCanvas size={frame.size} series={series} data={data} logAxis={frame.logAxis} />
      <PlotLabels labels={frame.marks.map((mark) => nameOf(mark, data.x[1], width))} />
    </>
  );
}
