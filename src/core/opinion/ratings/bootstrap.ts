/**
 * Intervals by the bootstrap (Efron 1979), as public arenas give them: the duels are drawn again with replacement, as
 * many as there are, and rated anew.
 */
import type { Random } from '../../tensor/random';
import { percentile } from './percentile';
import type { Between } from './ranks';

/**
 * Stops after every resample, so that a thread can do something else.
 * @param rate gives [N] numbers of any resample
 * @returns [N] between which 95 % of them lie
 */
export function* bootstrapping<T>(
  items: readonly T[],
  rate: (resample: readonly T[]) => number[],
  random: Random,
  resamples: number,
): Generator<{ done: number; total: number }, Between[]> {
  const drawn: number[][] = []; // [resamples][N]
  for (let done = 0; done < resamples; done++) {
    yield { done, total: resamples };
    drawn.push(rate(items.map(() => random.pick(items))));
  }
  return drawn[0]!.map((_, model) => {
    const sorted = drawn.map((row) => row[model]!).sort((a, b) => a - b);
    return { low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) };
  });
}
