import { type KeyboardEvent, useId, useState } from 'react';
import { fixed } from '../../../contract/numbers';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import styles from './AttentionGrid.module.css';
import { type AttentionView, cellSentence, strongestColumn, weightAt } from './words';

/** a weight from here on is printed */
const PRINTED = 0.05;
/** share of the colour at weight 1: its number stays readable */
const STRONGEST = 56;

interface At {
  row: number;
  column: number;
}

type Group = 'Translate, attention';

const MOVES: KeyMap<Group, readonly [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const clamp = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));

/** ".45"; one that rounds to 1 in full */
const printed = (weight: number): string => fixed(weight, 2).replace(/^0/, '');

interface AttentionGridProps {
  view: AttentionView;
  /** "Cross-attention" */
  label: string;
}

/**
 * One head as a table of weights: row reads column. Arrow keys or the pointer move the cell that the sentence below is
 * about; a click or Enter holds it, Escape lets go.
 */
export function AttentionGrid({ view, label }: AttentionGridProps) {
  const id = useId();
  const [held, setHeld] = useState<At | null>(null);
  const [pointed, setPointed] = useState<At | null>(null);
  const [rows, columns] = [view.rows.length, view.columns.length];
  if (rows === 0) return <p className={styles.reading}>It wrote no word.</p>;
  const first = { row: 0, column: strongestColumn(view, 0) };
  const wanted = pointed ?? held ?? first;
  const at = { row: clamp(wanted.row, rows), column: clamp(wanted.column, columns) };
  const cellId = ({ row, column }: At): string => `${id}-${row}-${column}`;
  const onKeyDown = (event: KeyboardEvent) => {
    const code = codeOf<Group>(event);
    const move = MOVES[code];
    if (move) setHeld({ row: clamp(at.row + move[0], rows), column: clamp(at.column + move[1], columns) });
    else if (code === 'Escape' && held) setHeld(null);
    else return;
    setPointed(null);
    event.preventDefault();
  };
  const grid = (
    <table
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table that takes the arrow keys
      role="grid"
      aria-label={`${label}: row reads column`}
      aria-activedescendant={cellId(at)}
      tabIndex={0}
      className={styles.grid}
      onKeyDown={onKeyDown}
      onPointerLeave={() => setPointed(null)}
    >
      <thead>
        <tr>
          <td />
          {view.columns.map((word, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
            <th key={column} scope="col" className={styles.column}>
              <span>{word}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {view.rows.map((word, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place
          <tr key={row}>
            <th scope="row" className={styles.row}>
              {word}
            </th>
            {[...view.columns.keys()].map((column) => (
              <Cell
                key={column}
                id={cellId({ row, column })}
                weight={weightAt(view, row, column)}
                isFuture={view.causal && column > row}
                isPartner={view.partner[row] === column}
                isCurrent={at.row === row && at.column === column}
                onPoint={() => setPointed({ row, column })}
                onHold={() => setHeld({ row, column })}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <div className={styles.room}>
      <div className={styles.scroll}>{grid}</div>
      <p className={styles.reading} aria-live="polite">
        {cellSentence(view, at.row, at.column)}
      </p>
    </div>
  );
}

interface CellProps {
  id: string;
  weight: number;
  isFuture: boolean;
  isPartner: boolean;
  isCurrent: boolean;
  onPoint: () => void;
  onHold: () => void;
}

function Cell({ id, weight, isFuture, isPartner, isCurrent, onPoint, onHold }: CellProps) {
  const classes = [isFuture && styles.future, isPartner && styles.partner, isCurrent && styles.current];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <td
      id={id}
      className={classes.filter(Boolean).join(' ')}
      style={
        isFuture ? undefined : { background: `color-mix(in srgb, var(--policy) ${STRONGEST * weight}%, var(--sunk))` }
      }
      onPointerEnter={onPoint}
      onClick={onHold}
    >
      {isFuture || weight < PRINTED ? <span className="visually-hidden">{printed(weight)}</span> : printed(weight)}
    </td>
  );
}
