/** What the comparison found: rows of those that did the same work, and why others did not. */
import type { Row } from '../benchmarks';
import { LOOP_FLOPS } from '../loopSize';
import { median } from '../measure';
import { PRODUCTS_FLOPS } from '../products';
import { PeerError } from './peer';

export interface PeersFound {
  /** libraries and versions, and what of ours stood beside them */
  peers: string[];
  /** what was not measured, and why */
  leftOut: string[];
  rows: Row[];
}

/** @returns null where a peer cannot take part, which is noted under the id */
export async function orLeftOut<T>({ leftOut }: PeersFound, id: string, part: () => Promise<T>): Promise<T | null> {
  try {
    return await part();
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    leftOut.push(`${id}: ${error.message}`);
    return null;
  }
}

export interface RowHead {
  id: string;
  against: NonNullable<Row['against']>;
}

/** The usual is all threads, and the library as it comes; what is otherwise is said. */
export const idOf = (peer: string, work: string, { compiled = false, alone = false }): string =>
  ['peer', peer, work, ...(compiled ? ['compiled'] : []), ...(alone ? ['oneThread'] : [])].join('.');

/** @param ours, theirs ms of each round, theirs in the order of the entries; a ratio above 1 says that we are faster */
export const peerRows = (entries: readonly RowHead[], [ours, ...theirs]: readonly (readonly number[])[]): Row[] =>
  entries.map(({ id, against }, i) => {
    const rounds = { value: ours!, baseline: theirs[i]! };
    const [value, baseline] = [median(rounds.value), median(rounds.baseline)];
    return { id, value, unit: 'ms', baseline, ratio: baseline / value, against, rounds };
  });

export interface Reading {
  /** operations of a turn */
  flops: number;
  /** of each round */
  ms: readonly number[];
}

/** GFLOP/s of the plain multiply-add loop beside those of a work: the ratio is the share of this limit that it reaches */
export function limitRow(id: string, against: 'products' | 'step', loop: Reading, work: Reading): Row {
  const [value, baseline] = [loop, work].map(({ flops, ms }) => ms.map((one) => flops / one / 1e6)) as [
    number[],
    number[],
  ];
  const [limit, reached] = [median(value), median(baseline)];
  return {
    id,
    value: limit,
    unit: 'GFLOP/s',
    baseline: reached,
    ratio: reached / limit,
    against,
    rounds: { value, baseline },
  };
}

/**
 * @param work ends the ids
 * @param flops of our step
 * @param readings ms of each round: ours, of the loop on as many threads, of the products
 */
export function limitRows(
  work: string,
  threads: number,
  flops: number,
  [ours, loop, matrices]: readonly (readonly number[])[],
): Row[] {
  const limit = { flops: threads * LOOP_FLOPS, ms: loop! };
  return [
    limitRow(`limit.wasm.gflops.${work}`, 'step', limit, { flops, ms: ours! }),
    limitRow(`limit.wasm.gflops.products.${work}`, 'products', limit, { flops: PRODUCTS_FLOPS, ms: matrices! }),
  ];
}
