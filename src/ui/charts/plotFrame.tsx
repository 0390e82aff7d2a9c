import { remPixels } from './useCanvas';
import type { Size } from './useSize';

interface TickProps {
  x: number | string;
  y: number | string;
  payload: { value: number };
  index: number;
  textAnchor: 'start' | 'middle' | 'end' | 'inherit' | undefined;
  verticalAnchor: 'start' | 'middle' | 'end' | undefined;
  tickFormatter?: ((value: number, index: number) => string) | undefined;
}

/**
 * A number in the ink of notes. The library's own text is measured word by word to be broken into lines, which a number
 * never is.
 */
function Tick({ x, y, payload, index, textAnchor, verticalAnchor, tickFormatter }: TickProps) {
  const down = verticalAnchor === 'start' ? '0.71em' : '0.355em';
  return (
    <text x={x} y={y} dy={down} textAnchor={textAnchor} fill="var(--ink-3)" fontSize="var(--text-tick)">
      {tickFormatter ? tickFormatter(payload.value, index) : payload.value}
    </text>
  );
}

/** Without lines of their own: the grid is drawn apart. */
const AXIS = { type: 'number', tick: Tick, tickLine: false, axisLine: false, interval: 0 } as const;

/**
 * Room around the plot, as .inPlot of Chart.module.css has it: px above, rem on the right, below and on the left
 * ("−0.8475").
 */
const ROOM = { above: 8, right: 1, below: 1.4, left: 3.2 };

/** What the plots share: recharts' props of the chart and of its two axes. */
export function plotFrame() {
  const rem = remPixels();
  return {
    chart: {
      margin: { top: ROOM.above, right: ROOM.right * rem, bottom: 0, left: 0 },
      style: { position: 'absolute' },
      accessibilityLayer: false,
    },
    x: { ...AXIS, height: ROOM.below * rem, tickMargin: 0.24 * rem },
    y: { ...AXIS, width: ROOM.left * rem, tickSize: 0, tickMargin: 0.4 * rem },
  } as const;
}

/** @returns what is left between the axes, in CSS pixels */
export function plotArea({ width, height }: Size): Size {
  const rem = remPixels();
  return {
    width: Math.max(0, width - (ROOM.left + ROOM.right) * rem),
    height: Math.max(0, height - ROOM.above - ROOM.below * rem),
  };
}

/**
 * @returns about the width of a digit of a tick, in px: --text-tick of Chart.module.css is 0.73 rem, and a digit 0.62
 * of that
 */
export const tickCharacter = (): number => 0.73 * 0.62 * remPixels();

/** @returns the height of a line of such letters, in px */
export const tickHeight = (): number => 0.73 * 1.2 * remPixels();
