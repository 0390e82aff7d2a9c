import { useMemo } from 'react';
import { thin } from '../../store/persistence/thin';
import { type Tone, toneColor } from '../theme/tone';
import { drawable, extentOf } from './scales';

interface SparklineProps {
  values: readonly number[];
  /** fixed limits, e.g. 0 and 1 of a share; those of the values when absent */
  range?: readonly [number, number] | undefined;
  tone?: Tone;
}

const WIDTH = 48;
const HEIGHT = 14;
const MARGIN = 1.5;
const MOST_POINTS = 64;

/**
 * @returns corners of the line in the coordinates of the drawing, as many as can be told apart; a single value is a
 * flat line, values out of range lie on its edge, what is not finite is left out
 */
export function sparkPoints(values: readonly number[], range?: readonly [number, number]): [number, number][] {
  const [lowest, highest] = range ?? extentOf(values) ?? [0, 0];
  const [low, high] = [drawable(lowest, 0), drawable(highest, 0)];
  const finite = values.filter(Number.isFinite).map((value) => ({ value: drawable(value, 0) }));
  const drawn = thin(finite, MOST_POINTS);
  const x = (i: number) => MARGIN + (i * (WIDTH - 2 * MARGIN)) / Math.max(1, drawn.length - 1);
  const share = (value: number) => (high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5);
  const corners = drawn.map(({ value }, i): [number, number] => [
    x(i),
    MARGIN + (1 - share(value)) * (HEIGHT - 2 * MARGIN),
  ]);
  return corners.length === 1 ? [corners[0]!, [WIDTH - MARGIN, corners[0]![1]]] : corners;
}

/** How a number came about, beside the number: no axes, so it is for eyes only; who draws several gives a table. */
export function Sparkline({ values, range, tone = 'ink-3' }: SparklineProps) {
  const points = useMemo(
    () =>
      sparkPoints(values, range)
        .map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`)
        .join(' '),
    [values, range],
  );
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline points={points} fill="none" stroke={toneColor(tone)} strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  );
}
