import { type KeyboardEvent, useEffect, useRef } from 'react';
import { type Cell, cellName, type GridWorld, signAt } from '../../../contract/gridworld';
import { cellWords } from './cellWords';
import styles from './GridPicture.module.css';
import { SIGNS } from './signs';

const MOVES: Readonly<Record<string, Cell>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowRight: { row: 0, column: 1 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
};

interface GridPictureProps {
  world: GridWorld;
  /** the cell that the arrow keys move */
  cursor: Cell;
  onCursor: (cell: Cell) => void;
}

const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));

/** The grid, large: one stop of Tab, arrows move from cell to cell, a click takes one. */
export function GridPicture({ world, cursor, onCursor }: GridPictureProps) {
  const grid = useRef<HTMLTableElement>(null);
  const moved = useRef(false);
  const [rows, columns] = [world.layout.length, world.layout[0]?.length ?? 0];
  useEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>(`[data-cell="${cellName(cursor)}"]`)?.focus();
    moved.current = false;
  }, [cursor]);
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    moved.current = true;
    onCursor({ row: within(cursor.row + move.row, rows), column: within(cursor.column + move.column, columns) });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells arrow keys walk is ARIA's grid
    <table ref={grid} className={styles.grid} role="grid" aria-label="Grid" onKeyDown={onKeyDown}>
      <Letters columns={columns} />
      <tbody>
        {world.layout.map((line, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
          <tr key={row}>
            <th scope="row" className={styles.letter}>
              {row + 1}
            </th>
            {[...line].map((_, column) => (
              <GridCell
                key={cellName({ row, column })}
                world={world}
                cell={{ row, column }}
                current={cursor.row === row && cursor.column === column}
                onChoose={() => onCursor({ row, column })}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Letters({ columns }: { columns: number }) {
  return (
    <thead>
      <tr>
        <td className={styles.corner} />
        {Array.from({ length: columns }, (_, column) => cellName({ row: 0, column })[0]).map((letter) => (
          <th key={letter} scope="col" className={styles.letter}>
            {letter}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface GridCellProps {
  world: GridWorld;
  cell: Cell;
  current: boolean;
  onChoose: () => void;
}

function GridCell({ world, cell, current, onChoose }: GridCellProps) {
  const sign = signAt(world, cell);
  const Sign = SIGNS[sign];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys of all its cells
    <td
      className={styles.place}
      tabIndex={current ? 0 : -1}
      data-cell={cellName(cell)}
      aria-label={`${cellName(cell)}: ${cellWords(world, cell)}`}
      onClick={onChoose}
    >
      <div className={styles.cell} data-sign={sign}>
        {Sign && <Sign />}
      </div>
    </td>
  );
}
