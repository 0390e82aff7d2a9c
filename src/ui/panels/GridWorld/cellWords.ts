import {
  type Cell,
  DOG,
  FISH,
  FLOOR,
  type GridWorld,
  NEAR_FISH,
  START,
  signAt,
  WALL,
} from '../../../contract/gridworld';
import { formatNumber, formatSigned } from '../../primitives/format';

const ENDS: Readonly<Record<string, string>> = { [FISH]: 'the fish', [NEAR_FISH]: 'the near fish', [DOG]: 'the dog' };

/** "the fish, +1.00, the end": what is on a cell, for eyes and ears */
export function cellWords(world: GridWorld, cell: Cell): string {
  const sign = signAt(world, cell);
  if (sign === WALL) return 'a wall';
  if (sign === FLOOR || sign === START) {
    const wind = world.wind[cell.column] ?? 0;
    const what = sign === START ? 'the cat begins here' : 'floor';
    return wind > 0 ? `${what}; the wind pushes ${formatNumber(wind)} up` : what;
  }
  return `${ENDS[sign] ?? `end ${sign}`}, ${formatSigned(world.rewards[sign] ?? 0)}, and the walk ends`;
}
