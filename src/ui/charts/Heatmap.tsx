import { type ReactNode, useCallback, useId } from 'react';
import { formatShare } from '../primitives/format';
import type { Tone } from '../theme/tone';
import whole from './canvas.module.css';
import { drawHeatmap } from './drawHeatmap';
import styles from './Heatmap.module.css';
import { HeatmapTable } from './HeatmapTable';
import { HeatmapTools } from './HeatmapTools';
import type { Cell } from './heatmapLayout';
import { useCanvas } from './useCanvas';
import { useHeatmapCell } from './useHeatmapCell';
import { type Size, useSize } from './useSize';

interface HeatmapProps {
  /** "Attention, layer 2 head 1" */
  label: string;
  tokens: readonly string[];
  /** row-major [T,T]; the row looks, the column is looked at */
  weights: ArrayLike<number>;
  /** nothing right of the diagonal */
  causal?: boolean;
  tone?: Tone;
  /** controlled cursor; the heatmap keeps its own when absent */
  cell?: Cell | null;
  onCell?: (cell: Cell | null) => void;
  /** instead of the sentence about the row under the cursor */
  reading?: (cell: Cell) => ReactNode;
  /** false for a picture that is looked at from afar: nothing enlarges it */
  tools?: boolean;
}

const MAX_NAMED = 3;

/** "“glad” looks at “was” 41 %, “fox” 33 %, itself 8 %": the strongest columns of a row */
export function readRow(tokens: readonly string[], weights: ArrayLike<number>, { row, column }: Cell): string {
  const count = tokens.length;
  const shares = Array.from({ length: count }, (_, index) => ({ index, weight: weights[row * count + index] ?? 0 }));
  const strongest = [...shares].sort((a, b) => b.weight - a.weight).slice(0, MAX_NAMED);
  if (!strongest.some((share) => share.index === column))
    strongest.push(shares[column] as { index: number; weight: number });
  const named = strongest.map(
    ({ index, weight }) => `${index === row ? 'itself' : `“${tokens[index]}”`} ${formatShare(weight)}`,
  );
  return `“${tokens[row]}” looks at ${named.join(', ')}.`;
}

/**
 * A matrix of attention with its words: hover or arrow keys move the cell, a click or Enter holds it, Escape lets go.
 * Where there are too many tokens for the room, every second or third is named, + and − enlarge and reduce, and the
 * hand drags what is enlarged.
 */
export function Heatmap({
  label,
  tokens,
  weights,
  causal = true,
  tone = 'policy',
  cell,
  onCell,
  reading,
  tools = true,
}: HeatmapProps) {
  const id = useId();
  const [ref, size] = useSize<HTMLButtonElement>();
  const { current, held, layoutOf, moves, hand } = useHeatmapCell({ tokens, size, causal, cell, onCell });
  const draw = useCallback(
    (context: CanvasRenderingContext2D, area: Size) =>
      drawHeatmap(context, layoutOf(area), { tokens, weights, causal, tone, cell: current }),
    [layoutOf, tokens, weights, causal, tone, current],
  );
  const canvas = useCanvas(size, draw);
  return (
    <figure className={styles.figure} aria-label={label}>
      <button
        type="button"
        ref={ref}
        className={`${styles.stage} ${moves.isWhole ? '' : styles.movable}`}
        data-arrow-keys
        data-keeps-escape={held || undefined}
        aria-label={`${label}: arrow keys move the cell`}
        aria-pressed={held}
        aria-describedby={id}
        {...hand}
      >
        <canvas className={whole.canvas} ref={canvas} />
      </button>
      <div className={styles.foot}>
        <figcaption className={styles.reading} id={id} aria-live="polite">
          {current
            ? (reading?.(current) ?? readRow(tokens, weights, current))
            : 'Point at a cell, or use the arrow keys.'}
        </figcaption>
        {tools && <HeatmapTools moves={moves} />}
      </div>
      <HeatmapTable label={label} tokens={tokens} weights={weights} />
    </figure>
  );
}
