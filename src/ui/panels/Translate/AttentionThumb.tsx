import styles from './AttentionThumb.module.css';
import { type AttentionView, weightAt } from './words';

interface AttentionThumbProps {
  view: AttentionView | null;
  /** "Encoder" */
  title: string;
  note: string;
  onEnlarge: () => void;
}

const CELL = 10;

/** A live miniature of one kind of attention; pressed, it takes the large place. */
export function AttentionThumb({ view, title, note, onEnlarge }: AttentionThumbProps) {
  return (
    <button type="button" className={styles.thumb} onClick={onEnlarge} disabled={view === null}>
      <b>{title}</b>
      <span className={styles.note}>{view ? `${note} · press to enlarge` : 'cut: nothing is read'}</span>
      {view && <Miniature view={view} />}
    </button>
  );
}

function Miniature({ view }: { view: AttentionView }) {
  const [rows, columns] = [[...view.rows.keys()], [...view.columns.keys()]];
  return (
    <svg
      className={styles.picture}
      viewBox={`0 0 ${CELL * columns.length} ${CELL * rows.length}`}
      preserveAspectRatio="xMinYMid meet"
      aria-hidden="true"
    >
      {rows.flatMap((row) =>
        columns.map((column) => {
          const isFuture = view.causal && column > row;
          return (
            <rect
              key={`${row}-${column}`}
              x={CELL * column + 0.5}
              y={CELL * row + 0.5}
              width={CELL - 1}
              height={CELL - 1}
              rx={1.5}
              className={isFuture ? styles.future : undefined}
              fill={
                isFuture
                  ? 'none'
                  : `color-mix(in srgb, var(--policy) ${100 * Math.sqrt(weightAt(view, row, column))}%, var(--sunk))`
              }
            />
          );
        }),
      )}
    </svg>
  );
}
