/** Two pieces of work, measured in turn in one run, so that a busy machine slows both. */
import type { Account } from '../../src/core/kernels/gpu/account';
import { replaysIn } from './replays';
import type { Work } from './work';

export interface Rounds {
  /** not counted */
  warmUp: number;
  runs: number;
}

export const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

async function elapsed(work: Work): Promise<number> {
  const start = performance.now();
  await work.run();
  return performance.now() - start;
}

/** @param one what is measured of each; @returns medians */
async function inTurn(
  { warmUp, runs }: Rounds,
  works: readonly [Work, Work],
  one: readonly [(work: Work) => Promise<number>, (work: Work) => Promise<number>],
) {
  const values: [number[], number[]] = [[], []];
  for (let round = -warmUp; round < runs; round++)
    for (const i of [0, 1] as const) {
      const value = await one[i](works[i]);
      if (round >= 0) values[i].push(value);
    }
  for (const { dispose } of works) dispose();
  return [median(values[0]), median(values[1])] as const;
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
