import type { LineSeries } from './chartTypes';
import { LineCanvas } from './LineCanvas';
import LineFrame, { type LineFrameProps } from './LineFrame';
import type { LinePlotData } from './lineData';

interface LinePlotProps extends Omit<LineFrameProps, 'end' | 'y'> {
  series: readonly LineSeries[];
  data: LinePlotData;
}

/** The drawing itself, in a chunk of its own: recharts for what stays, a canvas for what moves. All is decided before. */
export default function LinePlot({ series, data, ...frame }: LinePlotProps) {
  return (
    <>
      <LineFrame {...frame} end={data.x[1]} y={data.y} />
      <LineCanvas size={frame.size} series={series} data={data} logAxis={frame.logAxis} />
    </>
  );
}
