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
import { rewardWords } from './words';

const ENDS: Readonly<Record<string, string>> = { [FISH]: 'the fish', [NEAR_FISH]: 'the near fish', [DOG]: 'the dog' };

/** The cat can stand there and go on. */
export const isFree = (world: GridWorld, cell: Cell): boolean => [FLOOR, START].includes(signAt(world, cell));

/** what a sign is, as an end of the walk */
export const endWords = (sign: string): string => ENDS[sign] ?? `end ${sign}`;

/** "the fish, +1, and the walk ends": what is on a cell, for eyes and ears */
export function cellWords(world: GridWorld, cell: Cell): string {
  const sign = signAt(world, cell);
  if (sign === WALL) return 'a wall';
  if (!isFree(world, cell)) return `${endWords(sign)}, ${rewardWords(world.rewards[sign] ?? 0)}, and the walk ends`;
  const wind = world.wind[cell.column] ?? 0;
  const what = sign === START ? 'the cat begins here' : 'floor';
  return wind > 0 ? `${what}; the wind pushes ${wind} up` : what;
}
