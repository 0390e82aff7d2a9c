import { type KeyboardEvent, useEffect, useRef } from 'react';
import {
  type Cell,
  cellName,
  type GridSolution,
  type GridWalk,
  type GridWorld,
  signAt,
} from '../../../contract/gridworld';
import { maxOf, minOf } from '../../../contract/many';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import { cellWords, isFree } from './cellWords';
import styles from './GridPicture.module.css';
import { PolicyArrows } from './PolicyArrows';
import { Cat, SIGNS } from './signs';
import { ACTION_WORDS, rewardWords, stateAt, valueWords } from './words';

const MOVES: KeyMap<'Grid world, cells', Cell> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowRight: { row: 0, column: 1 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
};

/** What is drawn on the cells besides what stands there. */
export interface GridLook {
  /** [S] printed and tinted */
  values: readonly number[] | null;
  /** [S][A] as arrows */
  policy: readonly (readonly number[])[] | null;
  walk: GridWalk | null;
}

interface GridPictureProps {
  world: GridWorld;
  /** null while it is computed: then nothing is drawn but the cells */
  solution: GridSolution | null;
  look: GridLook;
  /** the cell that the arrow keys move */
  cursor: Cell;
  onCursor: (cell: Cell) => void;
  /** a cell under the pointer, nothing once it leaves */
  onPoint: (cell: Cell | null) => void;
  /** cells that something beside the grid speaks of */
  lit: readonly Cell[];
}

const isSameCell = (one: Cell, other: Cell): boolean => one.row === other.row && one.column === other.column;

const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));

/** The grid, large: one stop of Tab, arrows move from cell to cell, a click takes one. */
export function GridPicture({ world, solution, look, cursor, onCursor, onPoint, lit }: GridPictureProps) {
  const grid = useRef<HTMLTableElement>(null);
  const moved = useRef(false);
  const [rows, columns] = [world.layout.length, world.layout[0]?.length ?? 0];
  useEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>(`[data-cell="${cellName(cursor)}"]`)?.focus();
    moved.current = false;
  }, [cursor]);
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[codeOf<'Grid world, cells'>(event)];
    if (!move) return;
    event.preventDefault();
    moved.current = true;
    onCursor({ row: within(cursor.row + move.row, rows), column: within(cursor.column + move.column, columns) });
  };
  return (
    <div className={styles.frame} style={{ maxWidth: `calc(${(columns / rows) * 56}cqh + 1.4rem)` }}>
      <table
        ref={grid}
        className={styles.grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells arrow keys walk is ARIA's grid
        role="grid"
        aria-label="Grid"
        onKeyDown={onKeyDown}
        onPointerLeave={() => onPoint(null)}
      >
        <Letters world={world} columns={columns} />
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
                  {...{ solution, look }}
                  current={isSameCell(cursor, { row, column })}
                  lit={lit.some((cell) => isSameCell(cell, { row, column }))}
                  onChoose={() => onCursor({ row, column })}
                  onPoint={() => onPoint({ row, column })}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {look.walk && solution && <Path walk={look.walk} solution={solution} rows={rows} columns={columns} />}
    </div>
  );
}

function Letters({ world, columns }: { world: GridWorld; columns: number }) {
  return (
    <thead>
      <tr>
        <td className={styles.corner} />
        {Array.from({ length: columns }, (_, column) => column).map((column) => (
          <th key={column} scope="col" className={styles.letter}>
            {cellName({ row: 0, column })[0]}
            {(world.wind[column] ?? 0) > 0 && <span className={styles.wind}> ⇡{world.wind[column]}</span>}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface GridCellProps extends Pick<GridPictureProps, 'world' | 'solution' | 'look'> {
  cell: Cell;
  current: boolean;
  lit: boolean;
  onChoose: () => void;
  onPoint: () => void;
}

/** shade of the value, 0 to 1, between the least and the most of all cells */
function shadeOf(values: readonly number[], state: number): number {
  const [least, most] = [minOf(values), maxOf(values)];
  return most > least ? (values[state]! - least) / (most - least) : 0;
}

function GridCell({ world, solution, look, cell, current, lit, onChoose, onPoint }: GridCellProps) {
  const sign = signAt(world, cell);
  const state = solution ? stateAt(solution, cell) : -1;
  const free = isFree(world, cell);
  const value = free && state >= 0 ? (look.values?.[state] ?? null) : null;
  const policy = free && state >= 0 ? (look.policy?.[state] ?? null) : null;
  const Sign = SIGNS[sign];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys of all its cells
    <td
      className={styles.place}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: said for readers that do not infer it
      role="gridcell"
      tabIndex={current ? 0 : -1}
      data-current={current}
      data-cell={cellName(cell)}
      data-value={value ?? undefined}
      aria-label={spoken(world, cell, value, policy)}
      data-lit={lit || undefined}
      onClick={onChoose}
      onPointerEnter={onPoint}
    >
      <div
        className={styles.cell}
        data-sign={sign}
        style={value === null ? undefined : { background: tint(shadeOf(look.values!, state)) }}
      >
        {policy && <PolicyArrows policy={policy} />}
        {Sign && (!free || !policy) && <Sign />}
        {Sign && free && policy && (
          <span className={styles.begins}>
            <Cat />
          </span>
        )}
        {!free && world.rewards[sign] !== undefined && (
          <b className={styles.reward} data-sign={sign}>
            {rewardWords(world.rewards[sign])}
          </b>
        )}
        {value !== null && <b>{valueWords(value)}</b>}
      </div>
    </td>
  );
}

const tint = (shade: number): string =>
  `color-mix(in srgb, var(--value) ${Math.round(6 + 44 * shade)}%, var(--surface))`;

/** "c4: floor; worth 0.472; best up" */
function spoken(world: GridWorld, cell: Cell, value: number | null, policy: readonly number[] | null): string {
  const likeliest = policy ? policy.indexOf(maxOf(policy)) : -1;
  return [
    `${cellName(cell)}: ${cellWords(world, cell)}`,
    ...(value === null ? [] : [`worth ${valueWords(value)}`]),
    ...(policy && maxOf(policy) > 0.26 ? [`most often ${ACTION_WORDS[likeliest]}`] : []),
  ].join('; ');
}

interface PathProps {
  walk: GridWalk;
  solution: GridSolution;
  rows: number;
  columns: number;
}

/** The walk as numbered dots; several visits of one cell stand beside each other. */
function Path({ walk, solution, rows, columns }: PathProps) {
  const states = [walk.steps[0]?.state ?? solution.start, ...walk.steps.map(({ next }) => next)];
  const seen = new Map<number, number>();
  const points = states.map((state) => {
    const before = seen.get(state) ?? 0;
    seen.set(state, before + 1);
    const { row, column } = solution.cells[state]!;
    return { x: column + 0.82 - 0.22 * (before % 4), y: row + 0.18 + 0.22 * (Math.floor(before / 4) % 3) };
  });
  return (
    <svg className={styles.path} viewBox={`0 0 ${columns} ${rows}`} preserveAspectRatio="none" aria-hidden="true">
      <polyline className={styles.line} points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
      {points.map(({ x, y }, t) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its number
        <g key={t}>
          <circle className={styles.dot} cx={x} cy={y} r="0.1" />
          <text className={styles.number} x={x} y={y + 0.045}>
            {t}
          </text>
        </g>
      ))}
    </svg>
  );
}
