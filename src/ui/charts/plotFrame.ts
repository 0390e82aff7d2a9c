import { remPixels } from './useCanvas';

/** Numbers in the ink of notes, without lines of their own: the grid is drawn apart. */
const AXIS = {
  type: 'number',
  tick: { fill: 'var(--ink-3)', fontSize: 'var(--text-tick)' },
  tickLine: false,
  axisLine: false,
  interval: 0,
} as const;

/**
 * What the plots share: recharts' props of the chart and of its two axes. Room in px: 1.4 rem below, 1 rem right and 3.2 rem left
 * ("−0.8475"), as the crosshair of Chart.module.css has it.
 */
export function plotFrame() {
  const rem = remPixels();
  return {
    chart: { margin: { top: 8, right: rem, bottom: 0, left: 0 }, style: { position: 'absolute' }, accessibilityLayer: false },
    x: { ...AXIS, height: 1.4 * rem, tickMargin: 2 },
    y: { ...AXIS, width: 3.2 * rem, tickSize: 0, tickMargin: 6 },
  } as const;
}
