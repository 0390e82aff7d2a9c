import { useCallback, useMemo } from 'react';
import styles from './Chart.module.css';
import { plotArea } from './plotFrame';
import { useCanvas } from './useCanvas';
import type { Size } from './useSize';

interface PlotCanvasProps {
  /** of the whole chart */
  size: Size;
  /** 0, 0 is the upper left corner of the plot; must be stable between renders that show the same thing */
  draw: (context: CanvasRenderingContext2D, plot: Size) => void;
}

/** Room around the plot for what lies on its edge, px; .inPlot of Chart.module.css leaves it out again. */
const BLEED = 8;

/** A canvas over the plot of a frame. */
export function PlotCanvas({ size, draw }: PlotCanvasProps) {
  const plot = useMemo(() => plotArea(size), [size]);
  const area = useMemo(() => ({ width: plot.width + 2 * BLEED, height: plot.height + 2 * BLEED }), [plot]);
  const drawInside = useCallback(
    (context: CanvasRenderingContext2D) => {
      context.translate(BLEED, BLEED);
      draw(context, plot);
    },
    [draw, plot],
  );
  return <canvas className={styles.inPlot} style={area} ref={useCanvas(area, drawInside)} />;
}
