/**
 * Elo 1978: after each duel the winner takes from the loser K times how surprising it was. The ratings hang on the
 * order of the duels, since each is judged by what stood there when it came.
 */
import type { RatedDuel } from '../../../contract/arena';
import { Random } from '../../tensor/random';
import { percentile } from './percentile';
import { logStrengthOf, MEAN_RATING, sigmoid } from './scale';

const SCORE = { a: 1, b: 0, tie: 0.5 } as const;

/**
 * Moves two ratings by one duel, in place: r += K (s − e), e = 1 / (1 + 10^((other − own) / 400)).
 * @param ratings [N] of all models; both bad leaves them as they are
 */
function move(ratings: number[], { first, second, choice }: RatedDuel, k: number): void {
  if (choice === 'bothBad') return;
  const surprise = SCORE[choice] - sigmoid(logStrengthOf(ratings[first]! - ratings[second]!));
  ratings[first]! += k * surprise;
  ratings[second]! -= k * surprise;
}

/** @returns [N] what stands there at the end */
export function eloOf(duels: readonly RatedDuel[], models: number, k: number): number[] {
  const ratings: number[] = Array(models).fill(MEAN_RATING);
  for (const duel of duels) move(ratings, duel, k);
  return ratings;
}

export const shuffled = (duels: readonly RatedDuel[], random: Random): RatedDuel[] => random.shuffle([...duels]);

/**
 * Stops after every order, so that a thread can do something else.
 * @returns [N] between which ratings 95 % of so many orders of the same duels end
 */
export function* eloSpread(
  duels: readonly RatedDuel[],
  models: number,
  { k, seed, orders }: { k: number; seed: number; orders: number },
): Generator<{ done: number; total: number }, { low: number; high: number }[]> {
  const random = Random.fromSeed(seed).fork('orders');
  const ends: number[][] = []; // [orders][N]
  for (let done = 0; done < orders; done++) {
    yield { done, total: orders };
    ends.push(eloOf(shuffled(duels, random), models, k));
  }
  return Array.from({ length: models }, (_, model) => {
    const sorted = ends.map((end) => end[model]!).sort((a, b) => a - b);
    return { low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) };
  });
}
