import type { Ranking } from '../contract/domain';
import { isUsable } from './selectors';
import type { LabState } from './state';

/** @returns pairs with a better side in a ranking, up to K(K−1)/2 */
export const pairsIn = ({ ranks }: Ranking): number =>
  ranks.reduce((sum, rank, i) => sum + ranks.slice(i + 1).filter((other) => other !== rank).length, 0);

/** @returns how many choices a rule can be fitted to: the visitor's votes for one side, and the pairs of the visitor's rankings */
export function usableChoices({ votes, examples }: Pick<LabState, 'votes' | 'examples'>): number {
  const ranked = examples.rankings.filter(({ source }) => source !== 'simulated');
  return votes.votes.filter(isUsable).length + ranked.reduce((sum, ranking) => sum + pairsIn(ranking), 0);
}
