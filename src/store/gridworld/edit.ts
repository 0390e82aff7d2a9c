/** What the keys 1 to 4 put on a cell of the grid. */
import { type Cell, DOG, FISH, FLOOR, type GridWorld, NEAR_FISH, START, signAt, WALL } from '../../contract/gridworld';

export const BRUSHES = ['wall', 'fish', 'dog', 'cat'] as const;
export type Brush = (typeof BRUSHES)[number];

const withSign = (layout: readonly string[], at: Cell, sign: string): string[] =>
  layout.map((line, row) => (row === at.row ? `${line.slice(0, at.column)}${sign}${line.slice(at.column + 1)}` : line));

/** the same again takes it away; a second fish is the near one, where the grid has a price for it */
function signAfter(sign: string, brush: Exclude<Brush, 'cat'>, { rewards }: GridWorld): string {
  if (brush === 'fish' && sign === FISH && rewards[NEAR_FISH] !== undefined) return NEAR_FISH;
  if (brush === 'fish') return sign === FISH || sign === NEAR_FISH ? FLOOR : FISH;
  const put = brush === 'wall' ? WALL : DOG;
  return sign === put ? FLOOR : put;
}

/** @returns the grid with it, or a sentence about why not */
export function painted(world: GridWorld, cell: Cell, brush: Brush): GridWorld | string {
  const sign = signAt(world, cell);
  if (brush === 'cat') {
    const without = world.layout.map((line) => line.replace(START, FLOOR));
    return { ...world, layout: withSign(without, cell, START) };
  }
  if (sign === START) return 'The cat begins here. Put it somewhere else first, by 4 on another cell.';
  return { ...world, layout: withSign(world.layout, cell, signAfter(sign, brush, world)) };
}
