import type { WrittenWord } from '../../../contract/translate';
import { useSize } from '../../charts/useSize';
import { toneColor } from '../../theme/tone';
import styles from './Ribbons.module.css';
import { type AttentionView, TONE_OF_CLASS, weightAt } from './words';

/** a weight below it is no ribbon: all lines at once are a hairball */
const LEAST = 0.06;
/** pixels of a ribbon of weight 1 */
const WIDEST = 12;
/** pixels that a word wants beside its neighbours; with less, words stand below each other */
const WORD_ROOM = 72;
/** left of the words: which row reads, and which writes */
const MARGIN = 46;
const ROW = 30;

interface Ribbon {
  key: string;
  row: number;
  column: number;
  weight: number;
}

const ribbonsOf = (view: AttentionView): Ribbon[] =>
  view.rows.flatMap((_, row) =>
    [...view.columns.keys()].flatMap((column) => {
      const weight = weightAt(view, row, column);
      return weight < LEAST ? [] : [{ key: `${row}-${column}`, row, column, weight }];
    }),
  );

/** where the words stand, and how a ribbon runs from what is read to what is written */
interface Layout {
  width: number;
  height: number;
  read(column: number): { x: number; y: number };
  written(row: number): { x: number; y: number };
  path(column: number, row: number): string;
}

/** what is read above, what is written below */
function across(width: number, { rows, columns }: AttentionView): Layout {
  const height = 146;
  const [top, bottom] = [30, height - 32];
  const at = (index: number, count: number): number => MARGIN + ((width - MARGIN) / count) * (index + 0.5);
  return {
    width,
    height,
    read: (column) => ({ x: at(column, columns.length), y: 18 }),
    written: (row) => ({ x: at(row, rows.length), y: height - 8 }),
    path(column, row) {
      const [from, to, middle] = [at(column, columns.length), at(row, rows.length), (top + bottom) / 2];
      return `M${from} ${top}C${from} ${middle} ${to} ${middle} ${to} ${bottom}`;
    },
  };
}

/** what is read on the left, what is written on the right */
function downwards(width: number, { rows, columns }: AttentionView): Layout {
  const at = (index: number): number => ROW * (index + 0.5);
  const [left, right] = [0.32 * width, 0.68 * width];
  return {
    width,
    height: ROW * Math.max(rows.length, columns.length),
    read: (column) => ({ x: left - 10, y: at(column) + 6 }),
    written: (row) => ({ x: right + 10, y: at(row) + 6 }),
    path(column, row) {
      const middle = (left + right) / 2;
      return `M${left} ${at(column)}C${middle} ${at(column)} ${middle} ${at(row)} ${right} ${at(row)}`;
    },
  };
}

interface RibbonsProps {
  view: AttentionView;
  written: readonly WrittenWord[];
  /** the picture in a sentence */
  label: string;
  /** of the table that says the same */
  tableId: string;
}

/**
 * What each new word reads in the sentence: as wide as its weight, in the colour of its word class where it comes from
 * the true partner, grey elsewhere.
 */
export function Ribbons({ view, written, label, tableId }: RibbonsProps) {
  const [ref, size] = useSize<HTMLDivElement>();
  const width = Math.max(240, size.width);
  const isDown = width < WORD_ROOM * Math.max(view.rows.length, view.columns.length);
  const layout = isDown ? downwards(width, view) : across(width, view);
  return (
    <div ref={ref} className={styles.room}>
      <svg
        width="100%"
        height={layout.height}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="img"
        aria-label={label}
        aria-details={tableId}
        className={isDown ? styles.down : styles.across}
      >
        {!isDown && (
          <>
            <text y={18} className={styles.side}>
              reads
            </text>
            <text y={layout.height - 8} className={styles.side}>
              writes
            </text>
          </>
        )}
        {ribbonsOf(view).map(({ key, row, column, weight }) => {
          const isPartner = view.partner[row] === column;
          return (
            <path
              key={key}
              d={layout.path(column, row)}
              className={isPartner ? styles.partner : styles.other}
              stroke={toneColor(isPartner ? TONE_OF_CLASS[written[row]!.wordClass] : 'reference')}
              strokeWidth={WIDEST * weight}
            />
          );
        })}
        {view.columns.map((word, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
          <text key={column} {...layout.read(column)} className={styles.read}>
            {word}
          </text>
        ))}
        {view.rows.map((word, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
          <text key={row} {...layout.written(row)} className={styles.written}>
            {word}
          </text>
        ))}
      </svg>
    </div>
  );
}
