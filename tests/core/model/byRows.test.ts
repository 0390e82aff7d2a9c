import { beforeAll, describe, expect, it } from 'vitest';
import { finish } from '../../../src/contract/steps';
import { startKernels, stopKernels } from '../../../src/core/kernels/wasm/player';
import { byRows, type Read } from '../../../src/core/model/byRows';
import type { CausalNetwork, TokenBatch } from '../../../src/core/model/causalNetwork';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';
import { kernelFiles } from '../../helpers/kernels';

const [ROWS, COLUMNS] = [13, 21];

function networkOf(width: number, heads: number): CausalNetwork {
  const shape = { vocabSize: 37, contextLength: COLUMNS, layers: 2, width, heads };
  const config = { ...shape, positions: 'learned', norm: 'pre', activation: 'gelu', tiedHead: true } as const;
  return createNetwork(config, { language: true, scalar: true }, Random.fromSeed(1), 'policy');
}

function batchOf(): TokenBatch {
  const random = Random.fromSeed(2);
  const ids = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => random.integer(37)));
  return {
    tokens: tf.tensor2d(ids, undefined, 'int32'),
    leftPad: tf.tensor1d(
      ids.map((_, i) => i % 4),
      'int32',
    ),
  };
}

/** so many weights that this many rows are a piece */
function heavy(network: CausalNetwork, rows: number, executor = network.executor): Read {
  return {
    config: network.config,
    executor,
    parameters: [{ name: '', shape: [2 ** 30 / COLUMNS / rows], decay: true }],
  };
}

describe.each(['portable', 'fused'] as const)('a pass in pieces of rows, %s', (executor) => {
  withBackend('wasm', { executor });
  beforeAll(async () => {
    if (executor === 'fused') await startKernels(await kernelFiles(), null);
    else stopKernels();
  });

  it.each([
    [16, 2],
    [64, 2],
    [130, 2],
  ])('has the bits of a whole one: width %d, %d heads', async (width, heads) => {
    const [network, batch] = [networkOf(width, heads), batchOf()];
    expect(network.executor).toBe(executor);
    const reads: Record<string, (piece: { batch: TokenBatch }) => tf.Tensor> = {
      logprobs: ({ batch: some }) => network.logprobs(some, 5, 0.7).logprobs,
      values: ({ batch: some }) => network.values(some, 5),
      logits: ({ batch: some }) => network.logits(some, 5),
    };
    for (const [name, read] of Object.entries(reads)) {
      const whole = tf.tidy(() => read({ batch }));
      for (const rows of [1, 2, 3, 5, 8]) {
        const pieces = finish(byRows(batch, [heavy(network, rows)], read));
        expect([name, rows, pieces.shape]).toEqual([name, rows, whole.shape]);
        expect([
          name,
          rows,
          Buffer.from((await pieces.data()).buffer).equals(Buffer.from((await whole.data()).buffer)),
        ]).toEqual([name, rows, true]);
        pieces.dispose();
      }
      whole.dispose();
    }
    network.dispose();
  });

  it('stops between two pieces, and leaves nothing behind when it is given up', () => {
    const [network, batch] = [networkOf(16, 2), batchOf()];
    finish(byRows(batch, [heavy(network, 5)], ({ batch: some }) => network.values(some, 5))).dispose();
    const { numTensors } = tf.memory();
    const work = byRows(batch, [heavy(network, 5)], ({ batch: some }) => network.values(some, 5));
    expect([work.next().done, work.next().done]).toEqual([false, false]);
    work.return(undefined as never);
    expect(tf.memory().numTensors - numTensors).toBe(0);
    network.dispose();
  });

  it('stays whole where that is cheap, and where more rows would be summed otherwise', () => {
    const [network, batch] = [networkOf(16, 2), batchOf()];
    const counts = (read: Read) => {
      const found: number[] = [];
      const note = ({ count }: { count: number }) => {
        found.push(count);
        return tf.zeros([count]);
      };
      finish(byRows(batch, [read], note)).dispose();
      return found;
    };
    expect(counts(network)).toEqual([ROWS]);
    const manyHeads = { ...network.config, heads: 4096 }; // beyond 65,535 rows tf.js's softmax is composed
    const wide = { ...heavy(network, 5), config: manyHeads };
    expect(counts({ ...wide, executor: 'portable' })).toEqual([ROWS]);
    expect(counts({ ...wide, executor: 'fused' })).toEqual([5, 5, 3]);
    network.dispose();
  });
});
