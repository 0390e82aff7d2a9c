import { useCallback } from 'react';
import { type LineSeries, SERIES_PATTERN } from './chartTypes';
import { drawDot, drawLine } from './drawLine';
import type { LinePlotData } from './lineData';
import { PlotCanvas } from './PlotCanvas';
import { chartStroke, tokenColor } from './useCanvas';
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

type LookOf = Pick<LineSeries, 'tone' | 'dashed' | 'raw' | 'dots'>;

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
    if (look.dots) {
      for (const point of smoothed)
        drawDot(context, point, frame, { radius: dotRadius(), fill: tokenColor(look.tone) });
      return;
    }
    drawLine(context, smoothed, frame, {
      color: tokenColor(look.tone),
      width: chartStroke(),
      dash: look.dashed ? SERIES_PATTERN : [],
    });
  });
}

/** of a point that is drawn for itself */
const dotRadius = (): number => chartStroke() + 1;

/** what leaves the view is cut off, but not half of a line or a point that lies on its edge */
function clipToView(context: CanvasRenderingContext2D, { width, height }: Size): void {
  const edge = dotRadius();
  context.beginPath();
  context.rect(-edge, -edge, width + 2 * edge, height + 2 * edge);
  context.clip();
}

/**
 * The lines over the frame: a canvas, because new numbers redraw them several times a second and SVG would lay out
 * every point anew.
 */
export function LineCanvas({ size, series, data, logAxis }: LineCanvasProps) {
  const draw = useCallback(
    (context: CanvasRenderingContext2D, plot: Size) => {
      clipToView(context, plot);
      drawLines(context, plot, data, series, logAxis);
    },
    [data, series, logAxis],
  );
  return <PlotCanvas size={size} draw={draw} />;
}
