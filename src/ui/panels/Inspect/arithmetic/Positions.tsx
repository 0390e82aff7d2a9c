import { useCallback } from 'react';
import type { Arithmetic } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { useCanvas } from '../../../charts/useCanvas';
import { type Size, useSize } from '../../../charts/useSize';
import { AsTable } from '../../../primitives/TextTable';
import parts from '../parts.module.css';
import styles from './Sublayers.module.css';

/** PE(p, 2i) = sin(p / 10000^(2i/C)), PE(p, 2i+1) = cos: the waves of 2017, to be held against learned vectors */
function waves(length: number, width: number): Float32Array {
  return Float32Array.from({ length: length * width }, (_, i) => {
    const [position, c] = [Math.floor(i / width), i % width];
    const angle = position / 10_000 ** ((2 * Math.floor(c / 2)) / width);
    return c % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}

/** Rows are positions, columns the numbers of the stream; blue is positive, plum negative. */
function Picture({ label, values, rows }: { label: string; values: Float32Array; rows: number }) {
  const [ref, size] = useSize<HTMLDivElement>();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, { width, height }: Size) => {
      const columns = values.length / rows;
      const most = values.reduce((m, value) => Math.max(m, Math.abs(value)), 1e-9);
      const style = getComputedStyle(context.canvas);
      const [positive, negative] = [style.getPropertyValue('--policy'), style.getPropertyValue('--rejected')];
      values.forEach((value, i) => {
        context.globalAlpha = Math.abs(value) / most;
        context.fillStyle = value < 0 ? negative : positive;
        const [x, y] = [((i % columns) * width) / columns, (Math.floor(i / columns) * height) / rows];
        context.fillRect(x, y, width / columns + 0.5, height / rows + 0.5);
      });
      context.globalAlpha = 1;
    },
    [values, rows],
  );
  const canvas = useCanvas(size, draw);
  return (
    <figure className={styles.positions}>
      <figcaption>
        {label} <small>a row is a position, a column one of its numbers</small>
      </figcaption>
      <div ref={ref} className={styles.picture}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${label}: ${rows} positions down, ${values.length / rows} numbers across`}
        />
      </div>
      <NumbersOf label={label} values={values} rows={rows} />
    </figure>
  );
}

/** numbers of a position that the table names */
const NAMED = 6;

/** The first numbers of each position and the length of all of them. */
function NumbersOf({ label, values, rows }: { label: string; values: Float32Array; rows: number }) {
  const width = values.length / rows;
  const named = Array.from({ length: Math.min(NAMED, width) }, (_, i) => i);
  return (
    <AsTable
      caption={`${label}: the first ${named.length} of ${width} numbers, and the length of all of them together`}
      head={['position', ...named.map((i) => `${i + 1}`), 'length']}
      rows={Array.from({ length: rows }, (_, position) => {
        const own = values.subarray(position * width, (position + 1) * width);
        const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
        return [`${position + 1}`, ...named.map((i) => fixed(own[i] as number, 2)), fixed(length, 2)];
      })}
    />
  );
}

/** What is added to the token vectors so that the model knows their order: of this model, and the waves of 2017. */
export function Positions({ arithmetic }: { arithmetic: Arithmetic }) {
  const { positions, model, tokens } = arithmetic;
  const learned = model.positions === 'learned';
  return (
    <div className={styles.twoPictures}>
      <Picture
        label={learned ? 'Learned, of this model' : 'Waves, of this model'}
        values={positions}
        rows={tokens.length}
      />
      {learned && (
        <Picture label="Sinusoidal, as in 2017" values={waves(tokens.length, model.width)} rows={tokens.length} />
      )}
      <p className={parts.sentence}>
        {learned
          ? 'Added to the token vectors before the first block. Learned vectors begin as noise; the waves of 2017 are fixed, fast on the left and slow on the right, and nothing about them is learned.'
          : 'Added to the token vectors before the first block: fixed waves, fast on the left and slow on the right. GPT-2 learns a vector for each position instead.'}
      </p>
    </div>
  );
}
