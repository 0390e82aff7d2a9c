/**
 * A grid as a Markov decision process: where the cat may stand (states), the four directions (actions), and where a
 * step leads with which probability and reward (transitions). Everything in this room is a table of float64 numbers,
 * small enough to be solved exactly, so that what learning only estimates stands beside it. Sutton and Barto 2018,
 * chapter 3.
 *
 * Letters: S states, A = 4 actions.
 */
import { type Cell, type GridWorld, type Outcome, START, signAt, WALL } from '../../contract/gridworld';

/** [A] row and column of a step: up, right, down, left; the two neighbours of a direction are its sides */
const DIRECTIONS = [
  { row: -1, column: 0 },
  { row: 0, column: 1 },
  { row: 1, column: 0 },
  { row: 0, column: -1 },
] as const;
export const ACTION_COUNT = DIRECTIONS.length;

export interface Mdp {
  /** [S] row by row from the top left */
  cells: Cell[];
  start: number;
  /** [S] entering it pays its reward once, and nothing follows */
  isEnd: boolean[];
  /** [S][A] where a step may lead, by next state; none at an end */
  outcomes: Outcome[][][];
  /** [S][A] where a step leads that does not slip */
  meant: number[][];
  gamma: number;
}

/** The process that a grid describes. @throws when the cat begins nowhere, or at two places */
export function mdpOf(world: GridWorld): Mdp {
  const cells = world.layout.flatMap((line, row) => [...line].map((_, column) => ({ row, column })));
  const states = cells.filter((cell) => signAt(world, cell) !== WALL);
  const starts = states.flatMap((cell, state) => (signAt(world, cell) === START ? [state] : []));
  if (starts.length !== 1) throw new Error(`the cat begins at ${starts.length} places, one is needed`);
  const isEnd = states.map((cell) => rewardAt(world, cell) !== null);
  const indexOf = (cell: Cell) => states.findIndex(({ row, column }) => row === cell.row && column === cell.column);
  const land = (from: Cell, direction: Cell | null) => indexOf(landing(world, from, direction));
  const paid = (next: number) => world.stepReward + (rewardAt(world, states[next]!) ?? 0);
  return {
    cells: states,
    start: starts[0]!,
    isEnd,
    outcomes: states.map((cell, state) =>
      DIRECTIONS.map((_, action) =>
        isEnd[state]
          ? []
          : merged(
              ways(world, action).map(({ direction, p }) => [land(cell, direction), p]),
              paid,
            ),
      ),
    ),
    meant: states.map((cell) => DIRECTIONS.map((direction) => land(cell, direction))),
    gamma: world.gamma,
  };
}

/** null where the walk goes on */
const rewardAt = (world: GridWorld, cell: Cell): number | null => world.rewards[signAt(world, cell)] ?? null;

/** how a step may go: as meant, to either side, or nowhere (null) */
function ways({ slip, slipKind }: GridWorld, action: number): { direction: Cell | null; p: number }[] {
  const meant = { direction: DIRECTIONS[action]!, p: 1 - slip };
  if (slipKind === 'stay') return [meant, { direction: null, p: slip }];
  const side = (turn: number) => ({ direction: DIRECTIONS[(action + turn) % ACTION_COUNT]!, p: slip / 2 });
  return [meant, side(1), side(3)];
}

/** one outcome a next state, none that never happens */
function merged(landings: readonly (readonly [next: number, p: number])[], paid: (next: number) => number): Outcome[] {
  const sums = new Map<number, number>();
  for (const [next, p] of landings) if (p > 0) sums.set(next, (sums.get(next) ?? 0) + p);
  return [...sums].sort(([a], [b]) => a - b).map(([next, probability]) => ({ next, probability, reward: paid(next) }));
}

/** after the step the wind of the column that was left pushes up, cell by cell, until something stops it */
function landing(world: GridWorld, from: Cell, direction: Cell | null): Cell {
  let cell = direction ? stepped(world, from, direction) : from;
  for (let push = world.wind[from.column] ?? 0; push > 0 && rewardAt(world, cell) === null; push--)
    cell = stepped(world, cell, DIRECTIONS[0]);
  return cell;
}

/** into a wall or over the edge nothing moves */
function stepped(world: GridWorld, { row, column }: Cell, direction: Cell): Cell {
  const next = { row: row + direction.row, column: column + direction.column };
  return signAt(world, next) === WALL ? { row, column } : next;
}

/** States from which no end can be reached: with γ = 1 the cat can walk for ever there, and no value is finite. */
export function cannotEnd({ isEnd, outcomes }: Mdp): number[] {
  const ends = [...isEnd];
  for (let grew = true; grew; ) {
    grew = false;
    for (const [state, actions] of outcomes.entries()) {
      if (ends[state] || !actions.some((list) => list.some(({ next }) => ends[next]))) continue;
      ends[state] = true;
      grew = true;
    }
  }
  return ends.flatMap((can, state) => (can ? [] : [state]));
}

/** Whether V is finite whatever the policy does. */
export const hasValue = (mdp: Mdp): boolean => mdp.gamma < 1 || cannotEnd(mdp).length === 0;
