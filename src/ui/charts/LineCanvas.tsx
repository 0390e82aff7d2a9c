import { useCallback, useMemo } from 'react';
import styles from './Chart.module.css';
import { type LineSeries, SERIES_PATTERN } from './chartTypes';
import { drawLine } from './drawLine';
import type { LinePlotData } from './lineData';
import { plotArea } from './plotFrame';
import { chartStroke, tokenColor, useCanvas } from './useCanvas';
import type { Size } from './useSize';

interface LineCanvasProps {
  /** of the whole chart */
  size: Size;
  series: readonly LineSeries[];
  data: LinePlotData;
  logAxis: boolean;
}

/** share of a raw line's colour under its smoothed self */
const GHOST = 0.28;

type LookOf = Pick<LineSeries, 'tone' | 'dashed' | 'raw'>;

/** All ghosts first, so that no thick line lies under one. */
export function drawLines(
  context: CanvasRenderingContext2D,
  area: Size,
  { lines, x, y }: LinePlotData,
  looks: readonly LookOf[],
  logAxis: boolean,
): void {
  const frame = { ...area, x: { low: x[0], high: x[1] }, y, logAxis };
  lines.forEach(({ raw }, i) => {
    const look = looks[i];
    if (look && !look.raw) drawLine(context, raw, frame, { color: tokenColor(look.tone), width: 1, opacity: GHOST });
  });
  lines.forEach(({ smoothed }, i) => {
    const look = looks[i];
    if (!look) return;
    drawLine(context, smoothed, frame, { color: tokenColor(look.tone), width: chartStroke(), dash: look.dashed ? SERIES_PATTERN : [] });
  });
}

/** The lines over the frame: a canvas, because new numbers redraw them several times a second and SVG would lay out every point anew. */
export function LineCanvas({ size, series, data, logAxis }: LineCanvasProps) {
  const area = useMemo(() => plotArea(size), [size]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, plot: Size) => drawLines(context, plot, data, series, logAxis),
    [data, series, logAxis],
  );
  return <canvas className={styles.inPlot} style={area} ref={useCanvas(area, draw)} />;
}
