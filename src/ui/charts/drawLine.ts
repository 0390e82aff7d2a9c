import type { Axis } from './scales';
import type { PlotPoint } from './thinned';

/** Where numbers are on a plot, in CSS pixels from its upper left corner. */
export interface Frame {
  width: number;
  height: number;
  x: Pick<Axis, 'low' | 'high'>;
  y: Pick<Axis, 'low' | 'high'>;
  logAxis: boolean;
}

/** how far outside, in plots, a line is still followed: pixels that no canvas holds are kept from it */
const FAR = 100;

const share = (value: number, { low, high }: Pick<Axis, 'low' | 'high'>): number =>
  // halves, because a difference may overflow
  Math.min(FAR, Math.max(-FAR, (value / 2 - low / 2) / (high / 2 - low / 2)));

/** @returns the pixel of a point; what is far out of view stays so, at a distance that can be drawn */
export function pixelOf({ x, y }: PlotPoint, frame: Frame): [number, number] {
  const { low, high } = frame.y;
  const up = frame.logAxis ? share(Math.log(y), { low: Math.log(low), high: Math.log(high) }) : share(y, frame.y);
  return [share(x, frame.x) * frame.width, (1 - up) * frame.height];
}

export interface Stroke {
  color: string;
  width: number;
  opacity?: number;
  dash?: readonly number[];
}

/** Joins points in their order. A single one is a dot: a line through it would have no length. */
export function drawLine(
  context: CanvasRenderingContext2D,
  points: readonly PlotPoint[],
  frame: Frame,
  stroke: Stroke,
): void {
  const { color, width, opacity = 1, dash = [] } = stroke;
  context.strokeStyle = color;
  context.globalAlpha = opacity;
  context.lineWidth = width;
  context.lineJoin = 'round';
  context.lineCap = points.length === 1 ? 'round' : 'butt';
  context.setLineDash([...dash]);
  context.beginPath();
  points.forEach((point, i) => {
    const [x, y] = pixelOf(point, frame);
    if (i === 0) context.moveTo(x, y);
    if (i > 0 || points.length === 1) context.lineTo(x, y);
  });
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

export interface Dot {
  radius: number;
  fill?: string;
  stroke?: string;
  width?: number;
}

export function drawDot(
  context: CanvasRenderingContext2D,
  point: PlotPoint,
  frame: Frame,
  { radius, fill, stroke, width = 1 }: Dot,
): void {
  const [x, y] = pixelOf(point, frame);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  if (fill) {
    context.fillStyle = fill;
    context.fill();
  }
  if (!stroke) return;
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.stroke();
}
