import { useCallback } from 'react';
import type { Tone } from '../theme/tone';
import whole from './canvas.module.css';
import { drawCells } from './drawHeatmap';
import styles from './Heatmap.module.css';
import { heatmapLayout } from './heatmapLayout';
import { useCanvas } from './useCanvas';
import { type Size, useSize } from './useSize';

interface HeatmapThumbProps {
  /** row-major [T,T] */
  weights: ArrayLike<number>;
  count: number;
  causal?: boolean;
  tone?: Tone;
  /** "Layer 1, head 2" */
  label: string;
  selected?: boolean;
  /** −1 where arrow keys lead here instead of Tab */
  tabIndex?: number;
  onSelect: () => void;
}

/** One head among many, small: a button that chooses the head to look at. */
export function HeatmapThumb({
  weights,
  count,
  causal = true,
  tone = 'policy',
  label,
  selected = false,
  tabIndex,
  onSelect,
}: HeatmapThumbProps) {
  const [ref, size] = useSize<HTMLButtonElement>();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, { width, height }: Size) => {
      drawCells(context, heatmapLayout(width, height, count, 0, 0), { weights, causal, tone });
    },
    [weights, count, causal, tone],
  );
  const canvas = useCanvas(size, draw);
  return (
    <button
      type="button"
      ref={ref}
      className={styles.thumb}
      aria-label={label}
      title={label}
      aria-pressed={selected}
      tabIndex={tabIndex}
      onClick={onSelect}
    >
      <canvas className={whole.canvas} ref={canvas} />
    </button>
  );
}
