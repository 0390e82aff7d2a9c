import { useCallback, useMemo } from 'react';
import { drawDot, drawLine } from './drawLine';
import { PlotCanvas } from './PlotCanvas';
import type { Axis } from './scales';
import { type TrailPoint, trailLine } from './trailLayout';
import { chartStroke, tokenColor } from './useCanvas';
import type { Size } from './useSize';

interface TrailCanvasProps {
  /** of the whole chart */
  size: Size;
  x: Axis;
  y: Axis;
  points: readonly TrailPoint[];
  /** the point under the shared crosshair */
  pointed: TrailPoint | undefined;
}

/** the own trail is a little thicker than a curve */
const THICKER = 1.2;
const GOLD_PATTERN = [7, 4];

/** The own trail over the frame: points are joined in the order of iterations, even where the policy walks back. */
export function TrailCanvas({ size, x, y, points, pointed }: TrailCanvasProps) {
  const proxy = useMemo(() => trailLine(points, 'proxy'), [points]);
  const gold = useMemo(() => trailLine(points, 'gold'), [points]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, plot: Size) => {
      const frame = { ...plot, x, y, logAxis: false };
      const width = THICKER * chartStroke();
      drawLine(context, proxy, frame, { color: tokenColor('reward'), width });
      drawLine(context, gold, frame, { color: tokenColor('gold'), width, dash: GOLD_PATTERN });
      if (pointed?.proxy != null)
        drawDot(context, { x: pointed.kl, y: pointed.proxy }, frame, {
          radius: 5,
          stroke: tokenColor('ink-2'),
          width: 1.5,
        });
      const [lastProxy, lastGold] = [proxy.at(-1), gold.at(-1)];
      if (lastProxy) drawDot(context, lastProxy, frame, { radius: 5, fill: tokenColor('reward') });
      if (lastGold)
        drawDot(context, lastGold, frame, {
          radius: 4,
          fill: tokenColor('surface'),
          stroke: tokenColor('gold'),
          width: 2,
        });
    },
    [x, y, proxy, gold, pointed],
  );
  return <PlotCanvas size={size} draw={draw} />;
}
