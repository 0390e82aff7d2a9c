import { type CSSProperties, type KeyboardEvent, type PointerEvent, useId } from 'react';
import type { HeadAt, ModelDifference } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { ARROW_MOVES, type ArrowMove } from '../../../primitives/arrowMoves';
import { TextTable } from '../../../primitives/TextTable';
import { codeOf, type KeyMap } from '../../../primitives/useKeys';
import { headName, tokenName, tokenNames } from '../attention';
import { CellsPicture } from '../CellsPicture';
import { type CellChange, cellOf, headDifference } from './changes';
import styles from './Difference.module.css';

interface DifferenceMapProps {
  difference: ModelDifference;
  cell: CellChange;
  most: number;
  onCell: (cell: CellChange) => void;
}

const MOVES: KeyMap<'Charts and attention', ArrowMove> = ARROW_MOVES;

/** below this a change is nothing to look at */
const TOLD = 0.012;

/** One head large: a click or the arrow keys choose a cell, its row is named on the left, its column above. */
export function DifferenceMap({ difference, cell, most, onCell }: DifferenceMapProps) {
  const id = useId();
  const { tokens } = difference;
  const count = tokens.length;
  const names = tokenNames(tokens);
  const name = `Change of attention, ${headName(cell)}`;
  const choose = (row: number, column: number) => {
    const inside = Math.max(0, Math.min(count - 1, row));
    onCell(cellOf(difference, cell, inside, Math.max(0, Math.min(inside, column))));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [down, right] = MOVES[codeOf<'Charts and attention'>(event)] ?? [];
    if (down === undefined || right === undefined) return;
    event.preventDefault();
    choose(cell.row + down, cell.column + right);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.querySelector('svg')?.getBoundingClientRect();
    if (!box) return;
    const at = (part: number, whole: number) => Math.floor((part / whole) * count);
    choose(at(event.clientY - box.top, box.height), at(event.clientX - box.left, box.width));
  };
  const values = headDifference(difference, cell).map((value) => (Math.abs(value) < TOLD ? 0 : value));
  return (
    <figure className={styles.map} aria-label={name}>
      <div className={styles.columnName} aria-hidden="true">
        <span style={{ '--at': `${(100 * (cell.column + 0.5)) / count}%` } as CSSProperties}>
          {tokenName(tokens[cell.column] as string)}
        </span>
      </div>
      <div className={styles.rowNames} aria-hidden="true">
        {tokens.map((token, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a token has no name but its place
          <span key={row} className={row === cell.row ? styles.own : ''}>
            {tokenName(token)}
          </span>
        ))}
      </div>
      <button
        type="button"
        className={styles.cells}
        data-arrow-keys
        aria-label={`${name}: arrow keys move the cell`}
        aria-describedby={id}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
      >
        <CellsPicture values={values} count={count} most={most} ring={cell} />
      </button>
      <figcaption className={styles.reading} id={id} aria-live="polite">
        {names[cell.row]} → {names[cell.column]}: {fixed(cell.before, 2)} → {fixed(cell.after, 2)}
      </figcaption>
      <CellsTable name={name} difference={difference} head={cell} />
    </figure>
  );
}

/** of the cells of a head */
const LISTED = 12;

/** The cells that changed most, for ears. */
function CellsTable({ name, difference, head }: { name: string; difference: ModelDifference; head: HeadAt }) {
  const names = tokenNames(difference.tokens);
  const count = names.length;
  const order = Array.from(headDifference(difference, head), (change, at) => ({ at, size: Math.abs(change) }))
    .filter(({ size }) => size >= TOLD)
    .sort((a, b) => b.size - a.size);
  return (
    <div className="visually-hidden">
      <TextTable
        caption={`${name}: ${order.length === 0 ? 'no cell changed' : 'the cells that changed most'}`}
        head={['reads', 'is read', 'before', 'after']}
        rows={order.slice(0, LISTED).map(({ at }) => {
          const { row, column, before, after } = cellOf(difference, head, Math.floor(at / count), at % count);
          return [names[row] as string, names[column] as string, fixed(before, 2), fixed(after, 2)];
        })}
      />
    </div>
  );
}
