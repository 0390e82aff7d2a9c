import { type KeyboardEvent, useId, useState } from 'react';
import { fixed } from '../../../contract/numbers';
import { ARROW_MOVES, type ArrowMove, cellWithin, type GridCell, movedCell } from '../../primitives/arrowMoves';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import styles from './AttentionGrid.module.css';
import { type AttentionView, cellSentence, strongestColumn, weightAt } from './words';

/** a weight from here on is printed */
const PRINTED = 0.05;
/** share of the colour at weight 1: its number stays readable */
const STRONGEST = 56;

type Group = 'Translate, attention';
const MOVES: KeyMap<Group, ArrowMove> = ARROW_MOVES;

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
  const [held, setHeld] = useState<GridCell | null>(null);
  const [pointed, setPointed] = useState<GridCell | null>(null);
  const [rows, columns] = [view.rows.length, view.columns.length];
  if (rows === 0) return <p className={styles.reading}>It wrote no word.</p>;
  const first = { row: 0, column: strongestColumn(view, 0) };
  const at = cellWithin(pointed ?? held ?? first, rows, columns);
  const onKeyDown = (event: KeyboardEvent) => {
    const code = codeOf<Group>(event);
    const move = MOVES[code];
    if (move) setHeld(movedCell(at, move, rows, columns));
    else if (code === 'Escape' && held) setHeld(null);
    else return;
    setPointed(null);
    event.preventDefault();
  };
  return (
    <div className={styles.room}>
      <div className={styles.scroll}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table that takes the arrow keys
          role="grid"
          aria-label={`${label}: row reads column`}
          aria-activedescendant={cellId(id, at)}
          tabIndex={0}
          className={styles.grid}
          onKeyDown={onKeyDown}
          onPointerLeave={() => setPointed(null)}
        >
          <Weights id={id} view={view} at={at} onPoint={setPointed} onHold={setHeld} />
        </table>
      </div>
      <p className={styles.reading} aria-live="polite">
        {cellSentence(view, at.row, at.column)}
      </p>
    </div>
  );
}

const cellId = (id: string, { row, column }: GridCell): string => `${id}-${row}-${column}`;

interface WeightsProps {
  id: string;
  view: AttentionView;
  at: GridCell;
  onPoint: (cell: GridCell) => void;
  onHold: (cell: GridCell) => void;
}

function Weights({ id, view, at, onPoint, onHold }: WeightsProps) {
  return (
    <>
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
                id={cellId(id, { row, column })}
                weight={weightAt(view, row, column)}
                isFuture={view.causal && column > row}
                isPartner={view.partner[row] === column}
                isCurrent={at.row === row && at.column === column}
                onPoint={() => onPoint({ row, column })}
                onHold={() => onHold({ row, column })}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </>
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
