/**
 * A forward pass that would take long reads a few rows of its batch after another, so that whoever waits can pause or
 * give up in between. No row knows of the others, so the numbers are the same to the last bit wherever a sum is taken
 * in the same order however many rows there are. On a graphics card it is not: there passes stay whole, and are swift.
 */
import { tf } from '../tf';
import type { CausalNetwork, TokenBatch } from './causalNetwork';
import { SOFTMAX_ROWS } from './ops/attention';

/** rows times columns times weights of one piece: half a second on one core */
const PIECE = 2 ** 30;
const IN_ONE_ORDER: string[] = ['wasm', 'cpu'];

/** What a pass is asked of. */
export type Read = Pick<CausalNetwork, 'config' | 'executor' | 'parameters'>;

/** Consecutive rows of a batch. */
export interface SomeRows {
  batch: TokenBatch;
  from: number;
  count: number;
}

/** numbers in all weights */
export const weightsOf = ({ parameters }: Pick<CausalNetwork, 'parameters'>): number =>
  parameters.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);

/** @returns rows times columns times weights */
export const workOf = ({ tokens }: TokenBatch, networks: readonly Read[]): number =>
  networks.reduce((sum, network) => sum + tokens.size * weightsOf(network), 0);

/** beyond so many rows the portable executor takes another softmax, with other last bits */
const takesOneSoftmax = (rows: number, { executor, config: { heads } }: Read): boolean =>
  executor === 'fused' || rows * heads <= SOFTMAX_ROWS;

/** @returns rows of the batch that are read at once by these networks, in a row */
function rowsAtOnce(batch: TokenBatch, networks: readonly Read[]): number {
  const [rows, columns] = batch.tokens.shape;
  const canBeCut =
    IN_ONE_ORDER.includes(tf.getBackend()) && networks.every((network) => takesOneSoftmax(rows * columns, network));
  return canBeCut ? Math.max(1, Math.floor((rows * PIECE) / workOf(batch, networks))) : rows;
}

function someRows({ tokens, leftPad, ends = null }: TokenBatch, from: number, count: number): TokenBatch {
  return {
    tokens: tf.slice(tokens, [from, 0], [count, tokens.shape[1]]),
    leftPad: leftPad && tf.slice(leftPad, from, count),
    ends: ends && tf.slice(ends, from, count),
  };
}

/**
 * Stops between its pieces; what it holds is freed when it is given up.
 * @param batch borrowed
 * @param networks that `read` asks
 * @param read of a piece; inside a tidy
 * @returns what was read of all rows, [B,…], owned by the caller
 */
export function* byRows<T extends tf.Tensor>(
  batch: TokenBatch,
  networks: readonly Read[],
  read: (piece: SomeRows) => T,
): Generator<void, T> {
  const [rows] = batch.tokens.shape;
  const atOnce = rowsAtOnce(batch, networks);
  if (atOnce >= rows) return tf.tidy(() => read({ batch, from: 0, count: rows }));
  const pieces: T[] = [];
  try {
    for (let from = 0; from < rows; from += atOnce) {
      if (from > 0) yield;
      const count = Math.min(atOnce, rows - from);
      pieces.push(tf.tidy(() => read({ batch: someRows(batch, from, count), from, count })));
    }
    return tf.concat(pieces, 0) as T;
  } finally {
    tf.dispose(pieces);
  }
}
