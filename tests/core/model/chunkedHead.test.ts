import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { chunkedLogprobs, rowsAtOnce } from '../../../src/core/model/ops/chunkedHead';
import { project } from '../../../src/core/model/ops/linear';
import { tokenLogprobs } from '../../../src/core/model/ops/tokenLogprobs';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

const [ROWS, WIDTH, VOCAB] = [23, 6, 501];
const drawn = (shape: [number, number], seed: number) => {
  const random = Random.fromSeed(seed);
  return tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => random.normal()),
    shape,
  );
};
const inputs = () => ({
  states: drawn([ROWS, WIDTH], 1),
  weight: drawn([WIDTH, VOCAB], 2),
  tokens: tf.tensor1d(
    Array.from({ length: ROWS }, (_, i) => (37 * i) % VOCAB),
    'int32',
  ),
});
/** weighs every row and both readings differently */
const lossOf = ({ logprobs, entropy }: { logprobs: tf.Tensor1D; entropy: tf.Tensor1D }): tf.Scalar =>
  tf.sum(tf.add(tf.mul(logprobs, tf.range(1, ROWS + 1)), tf.mul(entropy, tf.cos(tf.range(0, ROWS)))));

for (const backend of ['cpu', 'wasm'] as const)
  describe(`a language head by chunks, on ${backend}`, () => {
    withBackend(backend);

    it.each([
      ['at once', ROWS],
      ['in even parts and a rest', 5],
      ['row by row', 1],
    ])('has the numbers and gradients of all logits: %s', async (_, size) => {
      for (const temperature of [1, 0.7]) {
        const { states, weight, tokens } = inputs();
        const whole = (h: tf.Tensor2D, w: tf.Tensor2D) => tokenLogprobs(project(h, w), tokens, temperature);
        const chunked = (h: tf.Tensor2D, w: tf.Tensor2D) =>
          chunkedLogprobs(h, { weight: w, learns: true }, { tokens, temperature, size });
        const [expected, found] = [whole(states, weight), chunked(states, weight)];
        await close(found.logprobs, expected.logprobs, 1e-5);
        await close(found.entropy, expected.entropy, 1e-5);
        const gradients = (read: typeof whole) =>
          tf.grads((h, w) => lossOf(read(h as tf.Tensor2D, w as tf.Tensor2D)))([states, weight]);
        const [slow, own] = [gradients(whole), gradients(chunked)];
        for (const i of [0, 1]) await close(own[i]!, slow[i]!, 1e-4);
      }
    });

    it('gives a frozen head no gradient, and the states the same', async () => {
      const { states, weight, tokens } = inputs();
      const asked = { tokens, temperature: 1, size: 4 };
      const gradient = (learns: boolean) =>
        tf.grad((h) => lossOf(chunkedLogprobs(h as tf.Tensor2D, { weight, learns }, asked)))(states);
      await close(gradient(false), gradient(true), 0);
    });

    it('never holds the logits of all rows, forward or backward', async () => {
      const { states, weight, tokens } = inputs();
      const all = 4 * ROWS * VOCAB;
      const peakOf = async (read: (h: tf.Tensor2D) => { logprobs: tf.Tensor1D; entropy: tf.Tensor1D }) => {
        const before = tf.memory().numBytes;
        const { peakBytes } = await tf.profile(() => tf.grad((h) => lossOf(read(h as tf.Tensor2D)))(states));
        return peakBytes - before;
      };
      const asked = { tokens, temperature: 1, size: 1 };
      expect(await peakOf((h) => chunkedLogprobs(h, { weight, learns: false }, asked))).toBeLessThan(all);
      expect(await peakOf((h) => tokenLogprobs(project(h, weight), tokens, 1))).toBeGreaterThan(all);
    });

    it('leaves nothing behind', () => {
      const { states, weight, tokens } = inputs();
      const before = tf.memory().numTensors;
      const step = () =>
        tf.dispose(
          tf.grads((h, w) =>
            lossOf(
              chunkedLogprobs(
                h as tf.Tensor2D,
                { weight: w as tf.Tensor2D, learns: true },
                { tokens, temperature: 1, size: 4 },
              ),
            ),
          )([states, weight]),
        );
      step();
      step();
      expect(tf.memory().numTensors).toBe(before);
    });
  });

describe('a network over the vocabulary of GPT-2', () => {
  withBackend('wasm');

  it('scores a large batch as it scores its rows, whose logits are few enough to be kept', async () => {
    const sizes = { vocabSize: 50_257, contextLength: 120, layers: 1, heads: 1, width: 4 };
    const config = { ...sizes, positions: 'learned', norm: 'pre', activation: 'gelu', tiedHead: true } as const;
    const network = createNetwork(config, { language: true, scalar: false }, Random.fromSeed(4), 'large');
    const random = Random.fromSeed(5);
    const tokens = tf.tensor2d(
      Int32Array.from({ length: 2 * 120 }, () => random.integer(50_257)),
      [2, 120],
      'int32',
    );
    const read = (batch: tf.Tensor2D) => network.logprobs({ tokens: batch, leftPad: null }, 1, 0.7);
    const whole = read(tokens);
    expect(rowsAtOnce(2 * 119, 50_257)).toBeLessThan(119);
    expect(rowsAtOnce(119, 50_257)).toBe(119);
    const rows = [0, 1].map((row) => read(tf.slice(tokens, [row, 0], [1, 120])));
    for (const name of ['logprobs', 'entropy'] as const)
      await close(
        whole[name],
        tf.concat(
          rows.map((row) => row[name]),
          0,
        ),
        1e-5,
      );
    network.dispose();
  });
});

describe('rows at once', () => {
  it('are all where the logits are few, and few where a vocabulary is large', () => {
    expect(rowsAtOnce(64 * 48, 512)).toBe(64 * 48);
    expect(rowsAtOnce(512, 50_257)).toBe(41);
    expect(rowsAtOnce(3, 2 ** 24)).toBe(1);
  });
});

async function close(found: tf.Tensor, expected: tf.Tensor, tolerance: number): Promise<void> {
  expect(found.shape).toEqual(expected.shape);
  const [a, b] = [await found.data(), await expected.data()];
  const scale = Math.max(1, ...Array.from(b, Math.abs));
  expect(Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!))) / scale).toBeLessThanOrEqual(tolerance);
}
