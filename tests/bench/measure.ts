/** Pieces of work, measured in turn in one run, so that a busy machine slows all of them. */
import type { Account } from '../../src/core/kernels/gpu/account';
import { replaysIn } from './replays';
import type { Work } from './work';

export interface Rounds {
  /** not counted */
  warmUp: number;
  runs: number;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] as number;

export async function elapsed(work: Pick<Work, 'run'>): Promise<number> {
  const start = performance.now();
  await work.run();
  return performance.now() - start;
}

/** @param each measures once; every round measures all of them. @returns what each measured, round by round */
export async function inRounds(
  { warmUp, runs }: Rounds,
  each: readonly (() => Promise<number>)[],
): Promise<number[][]> {
  const values = each.map((): number[] => []);
  for (let round = -warmUp; round < runs; round++)
    for (const [i, measure] of each.entries()) {
      const value = await measure();
      if (round >= 0) values[i]!.push(value);
    }
  return values;
}

/** @param one what is measured of each; @returns medians */
async function inTurn(
  rounds: Rounds,
  works: readonly [Work, Work],
  one: readonly [(work: Work) => Promise<number>, (work: Work) => Promise<number>],
) {
  const values = await inRounds(rounds, [() => one[0](works[0]), () => one[1](works[1])]);
  for (const { dispose } of works) dispose();
  return values.map(median) as [number, number];
}

/** wall time until the card has finished */
export const milliseconds = (rounds: Rounds, ...works: [Work, Work]) => inTurn(rounds, works, [elapsed, elapsed]);

/** wall time without that in which the card was waited for */
export function javascript(account: Account, rounds: Rounds, ...works: [Work, Work]) {
  const own = ownTime(account);
  return inTurn(rounds, works, [own, own]);
}

const ownTime = (account: Account) => async (work: Work) => {
  const before = account.reading.scriptMs;
  await work.run();
  return account.reading.scriptMs - before;
};

/** JavaScript of recorded plans alone, beside all JavaScript of the other */
export function replay(account: Account, rounds: Rounds, ...works: [Work, Work]) {
  const ofPlans = async ({ run }: Work): Promise<number> => (await replaysIn(run, account)).ms;
  return inTurn(rounds, works, [ofPlans, ownTime(account)]);
}

/** of one run, after two that make what later ones reuse */
export async function dispatches(account: Account, { run, dispose }: Work): Promise<number> {
  await run();
  await run();
  const before = account.reading.dispatches;
  await run();
  dispose();
  return account.reading.dispatches - before;
}
