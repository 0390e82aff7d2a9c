/** The operation that training reads logits with, against `a_logprobs_entropy.json` and at the edges of float32. */
import { expect, it } from 'vitest';
import { tokenLogprobs } from '../../../src/core/model/ops/tokenLogprobs';
import { tf } from '../../../src/core/tf';
import { expectGolden, itReproduces, type Json, loadGolden, toleranceOf } from '../../helpers/golden';

const golden = loadGolden('a_logprobs_entropy');
const tolerance = toleranceOf(golden, 'float32');

const exactLogSoftmax = (row: number[]): number[] => {
  const largest = Math.max(...row);
  const logSum = Math.log(row.reduce((sum, x) => sum + Math.exp(x - largest), 0));
  return row.map((x) => x - largest - logSum);
};

/** [B,T,V] and [B,T] laid out as rows; outputs back in [B,T] */
function reproduce(nested: Json, ids: Json, temperature: number) {
  const logits = tf.tensor3d(nested as number[][][]);
  const tokens = tf.tensor2d(ids as number[][], undefined, 'int32');
  const [batch, length, vocabSize] = logits.shape;
  const run = (x: tf.Tensor) =>
    tokenLogprobs(tf.reshape(x, [batch * length, vocabSize]), tf.reshape(tokens, [-1]), temperature);
  const { logprobs, entropy } = run(logits);
  return {
    logprobs: tf.reshape(logprobs, [batch, length]),
    entropy: tf.reshape(entropy, [batch, length]),
    grad_logits_of_sum_logprobs: tf.grad((x) => tf.sum(run(x).logprobs))(logits),
    grad_logits_of_sum_entropy: tf.grad((x) => tf.sum(run(x).entropy))(logits),
  };
}

export function itReadsLogits(): void {
  itReproduces('a_logprobs_entropy', ['logits', 'tokens', 'temperature', 'full_logits', 'input_ids'], (inputs) => {
    if (inputs.logits) return reproduce(inputs.logits, inputs.tokens as Json, inputs.temperature as number);
    // logits[t] speaks about input_ids[t+1]
    const shifted = (inputs.full_logits as Json[][]).map((row) => row.slice(0, -1));
    return reproduce(
      shifted,
      (inputs.input_ids as Json[][]).map((row) => row.slice(1)),
      1,
    );
  });

  it.each([
    ['ordinary', [0.3, -1.2, 2.5, 0, 0.7], 1],
    ['at a low temperature', [0.3, -1.2, 2.5, 0, 0.7], 0.1],
    ['of ±50', [50, -50, 0, 49, -50], 1],
    ['of ±50 at temperature 0.7', [-50, 50, 50, -50, 0], 0.7],
    ['of 1000', [1000, 999, 0, -1000, 998], 1],
    ['all equal', [3, 3, 3, 3, 3], 1],
  ])('gives log-probability and entropy of logits %s', async (_name, row, temperature) => {
    const exact = exactLogSoftmax(row.map((x) => x / temperature));
    const entropy = -exact.reduce((sum, logp) => sum + Math.exp(logp) * logp, 0);
    const logits = tf.tensor2d(row.map(() => row)); // each token of the vocabulary once
    const result = tokenLogprobs(logits, tf.range(0, row.length, 1, 'int32'), temperature);
    const loose = { abs: tolerance.abs, rel: 1e-4 };
    await expectGolden(result.logprobs, exact, loose, 'logprobs');
    await expectGolden(
      result.entropy,
      row.map(() => entropy),
      loose,
      'entropy',
    );
  });

  it('has the gradients that finite differences give, for both outputs', async () => {
    const row = [0.5, -0.4, 1.1];
    const tokens = tf.tensor1d([2], 'int32');
    const loss = (x: tf.Tensor): tf.Scalar => {
      const { logprobs, entropy } = tokenLogprobs(x as tf.Tensor2D, tokens, 0.7);
      return tf.sum(tf.add(logprobs, tf.mul(entropy, 3)));
    };
    const gradient = await tf
      .grad(loss)(tf.tensor2d([row]))
      .data();
    for (const i of row.keys()) {
      const at = (change: number): number => {
        const exact = exactLogSoftmax(row.map((x, j) => (x + (i === j ? change : 0)) / 0.7));
        return (exact[2] as number) - 3 * exact.reduce((sum, logp) => sum + Math.exp(logp) * logp, 0);
      };
      expect(gradient[i]).toBeCloseTo((at(1e-4) - at(-1e-4)) / 2e-4, 3);
    }
  });
}
