/** How the lesson writes cells, actions and numbers. */
import { type Cell, cellName, type GridSolution, type GridWorld } from '../../../contract/gridworld';
import { fixed, rounded, signed } from '../../../contract/numbers';
import type { GridPart } from '../../../store/gridworld/gridState';

export const ARROWS = ['↑', '→', '↓', '←'] as const;
export const ACTION_WORDS = ['up', 'right', 'down', 'left'] as const;

/** three decimals up to 10, fewer above: a cell is not wide */
const decimalsOf = (value: number): number => (Math.abs(value) < 9.9995 ? 3 : Math.abs(value) < 100 ? 1 : 0);
export const valueWords = (value: number): string => fixed(value, decimalsOf(value));
/** the same behind a sign, which a second one may not follow: "(−2.958)" */
export const behindSign = (value: number, decimals = decimalsOf(value)): string =>
  rounded(value, decimals) < 0 ? `(${fixed(value, decimals)})` : fixed(value, decimals);

/** "−22", "(−223)" and "+201": with the decimals of the wider number, so that the digits add up */
export function differenceWords(from: number, less: number): [from: string, less: string, difference: string] {
  const decimals = Math.min(decimalsOf(from), decimalsOf(less));
  const difference = rounded(from, decimals) - rounded(less, decimals);
  return [fixed(from, decimals), behindSign(less, decimals), signed(difference, decimals)];
}
export const rewardWords = (reward: number): string =>
  reward === 0 ? '0' : signed(reward, Number.isInteger(reward) ? 0 : 2);

/** a chance or a share as a class reads it: 0.8, 0.05, 0.333 */
export const chance = (p: number): string => String(rounded(p, 3));
/** a product of many factors: 0.0017, then 1.2e-9 */
export const tinyChance = (p: number): string =>
  p >= 0.001 || p === 0 ? String(Number(p.toPrecision(2))) : p.toExponential(1);

export const stateAt = ({ cells }: Pick<GridSolution, 'cells'>, { row, column }: Cell): number =>
  cells.findIndex((cell) => cell.row === row && cell.column === column);

export const stateName = ({ cells }: Pick<GridSolution, 'cells'>, state: number): string => cellName(cells[state]!);

/** "0.8 as meant, 0.1 to either side" */
export function slipWords({ slip, slipKind }: GridWorld): string {
  if (slip === 0) return 'the cat is sober: every step goes as meant';
  const meant = `the cat is drunk: ${chance(1 - slip)} as meant`;
  return slipKind === 'stay' ? `${meant}, else it stays` : `${meant}, ${chance(slip / 2)} to either side`;
}

export const NO_VALUE =
  'With γ = 1 the cat can walk for ever where no end can be reached: there is no finite value. Lower γ, or open a way.';

export const PART_NAMES: Record<GridPart, string> = {
  cells: 'Cells',
  walk: 'Walk',
  return: 'Return',
  values: 'V',
  sweeps: 'Sweeps',
  learning: 'Learning',
  language: 'Language',
};
/** the question that the large picture answers */
export const QUESTIONS: Record<GridPart, string> = {
  cells: 'Where can the cat be, and what can it do?',
  walk: 'How likely is this walk?',
  return: 'What was this walk worth?',
  values: 'What is each cell worth, under this policy?',
  sweeps: 'How does the news of a fish travel?',
  learning: 'Where does the policy go, as it learns?',
  language: 'What has that to do with a model that writes?',
};
