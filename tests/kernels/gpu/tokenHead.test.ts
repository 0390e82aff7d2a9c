import { beforeAll, describe, expect, it } from 'vitest';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { tokenLogprobsBackward, tokenLogprobsForward } from '../../../src/core/kernels/gpu/tokenHead';
import { tokenLogprobs } from '../../../src/core/model/ops/tokenLogprobs';
import { startBackend, tf } from '../../../src/core/tf';
import { COOPERATIVE, expectClose, filled, runKernel, SOLITARY, SUBGROUPS, unwritten } from './runKernel';

interface Case {
  batch: number;
  length: number;
  first: number;
  count: number;
  vocabSize: number;
  temperature: number;
}

const cases: Case[] = [
  { batch: 1, length: 2, first: 0, count: 1, vocabSize: 1, temperature: 1 },
  { batch: 3, length: 7, first: 2, count: 4, vocabSize: 63, temperature: 0.7 },
  { batch: 2, length: 5, first: 0, count: 4, vocabSize: 12, temperature: 1.3 },
];

/** the first and the last entry of the vocabulary come first */
const tokensOf = ({ batch, length, first, vocabSize }: Case): Int32Array =>
  Int32Array.from({ length: batch * length }, (_, i) => {
    const beyond = (i % length) - first - 1;
    return beyond === 0 ? vocabSize - 1 : beyond === 1 ? 0 : (i * 7) % vocabSize;
  });

const targetsOf = (shape: Case): number[] => {
  const tokens = tokensOf(shape);
  return Array.from({ length: shape.batch * shape.count }, (_, row) => {
    const [b, g] = [Math.floor(row / shape.count), row % shape.count];
    return tokens[b * shape.length + shape.first + 1 + g]!;
  });
};

/** in double precision, straight from the definition */
function slowRow(
  logits: number[],
  token: number,
  temperature: number,
): { logprob: number; entropy: number; lse: number } {
  const x = logits.map((value) => value / temperature);
  const top = Math.max(...x);
  const lse = top + Math.log(x.reduce((sum, value) => sum + Math.exp(value - top), 0));
  const entropy = x.reduce((sum, value) => sum - Math.exp(value - lse) * (value - lse), 0);
  return { logprob: x[token]! - lse, entropy, lse };
}

const rowOf = (logits: Float32Array, row: number, size: number): number[] => [
  ...logits.subarray(row * size, (row + 1) * size),
];

describe.each([COOPERATIVE, SUBGROUPS, SOLITARY])('language head kernels, $name', (style) => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  const forward = async (shape: Case, logits: Float32Array) => {
    const { batch, count, vocabSize, temperature } = shape;
    const rows = batch * count;
    const found = await runKernel(gpu, {
      launch: tokenLogprobsForward({ vocabSize }, style),
      buffers: {
        logits,
        tokens: tokensOf(shape),
        logprobs: unwritten(rows),
        entropy: unwritten(rows),
        lse: unwritten(rows),
      },
      shape: { rows, length: shape.length, first: shape.first, count, begin: 0 },
      step: { temperature },
    });
    return found as Record<string, Float32Array>;
  };

  const backward = async (shape: Case, logits: Float32Array, dLogprobs: Float32Array, dEntropy: Float32Array) => {
    const { batch, count, vocabSize, temperature } = shape;
    const { lse, entropy } = await forward(shape, logits);
    const found = await runKernel(gpu, {
      launch: tokenLogprobsBackward({ vocabSize }, style),
      buffers: { logits, tokens: tokensOf(shape), lse: lse!, entropy: entropy!, dLogprobs, dEntropy },
      shape: { rows: batch * count, length: shape.length, first: shape.first, count, begin: 0 },
      step: { temperature },
    });
    return found.logits as Float32Array;
  };

  it.each(cases)('reads log-probability and entropy: %o', async (shape) => {
    const logits = filled(shape.batch * shape.count * shape.vocabSize).map((value) => 6 * value);
    const { logprobs, entropy, lse } = await forward(shape, logits);
    const slow = targetsOf(shape).map((token, row) =>
      slowRow(rowOf(logits, row, shape.vocabSize), token, shape.temperature),
    );
    expectClose(
      logprobs!,
      slow.map((row) => row.logprob),
      1e-5,
      'logprobs',
    );
    expectClose(
      entropy!,
      slow.map((row) => row.entropy),
      1e-5,
      'entropy',
    );
    expectClose(
      lse!,
      slow.map((row) => row.lse),
      1e-5,
      'lse',
    );
  });

  it.each(cases)('has the gradient that finite differences find: %o', async (shape) => {
    const { vocabSize, temperature } = shape;
    const rows = shape.batch * shape.count;
    const logits = filled(rows * vocabSize).map((value) => 6 * value);
    const [dLogprobs, dEntropy] = [filled(rows, 1), filled(rows, 2)];
    const slopes = targetsOf(shape).flatMap((token, row) => {
      const values = rowOf(logits, row, vocabSize);
      const loss = (v: number, by: number): number => {
        const { logprob, entropy } = slowRow(values.with(v, values[v]! + by), token, temperature);
        return dLogprobs[row]! * logprob + dEntropy[row]! * entropy;
      };
      return values.map((_, v) => (loss(v, 1e-5) - loss(v, -1e-5)) / 2e-5);
    });
    expectClose(await backward(shape, logits, dLogprobs, dEntropy), slopes, 1e-5, 'dLogits');
  });

  it('agrees with the portable operation and its gradient', async () => {
    const shape = cases[1]!;
    const rows = shape.batch * shape.count;
    const logits = filled(rows * shape.vocabSize).map((value) => 6 * value);
    const [dLogprobs, dEntropy] = [filled(rows, 1), filled(rows, 2)];
    const [found, dLogits] = [await forward(shape, logits), await backward(shape, logits, dLogprobs, dEntropy)];
    await tf.setBackend('cpu');
    const twin = tf.tidy(() => {
      const targets = tf.tensor1d(targetsOf(shape), 'int32');
      const read = (x: tf.Tensor) => tokenLogprobs(x as tf.Tensor2D, targets, shape.temperature);
      const loss = (x: tf.Tensor): tf.Scalar => {
        const { logprobs, entropy } = read(x);
        return tf.sum(tf.add(tf.mul(logprobs, dLogprobs), tf.mul(entropy, dEntropy)));
      };
      const x = tf.tensor2d(logits, [rows, shape.vocabSize]);
      const { logprobs, entropy } = read(x);
      return { logprobs: logprobs.dataSync(), entropy: entropy.dataSync(), dLogits: tf.grad(loss)(x).dataSync() };
    });
    await tf.setBackend('webgpu');
    expectClose(found.logprobs!, twin.logprobs, 1e-5, 'logprobs');
    expectClose(found.entropy!, twin.entropy, 1e-5, 'entropy');
    expectClose(dLogits, twin.dLogits, 1e-5, 'dLogits');
  });

  it.each([50, 1000])('stays finite and right with logits of ±%d', async (size) => {
    const shape = cases[2]!;
    const rows = shape.batch * shape.count;
    const logits = Float32Array.from({ length: rows * shape.vocabSize }, (_, i) =>
      i % 3 === 0 ? size : i % 5 === 0 ? -size : 0,
    );
    const { logprobs, entropy } = await forward(shape, logits);
    const slow = targetsOf(shape).map((token, row) =>
      slowRow(rowOf(logits, row, shape.vocabSize), token, shape.temperature),
    );
    expectClose(
      logprobs!,
      slow.map((row) => row.logprob),
      1e-5,
      'logprobs',
    );
    expectClose(
      entropy!,
      slow.map((row) => row.entropy),
      1e-5,
      'entropy',
    );
    const ones = new Float32Array(rows).fill(1);
    const dLogits = await backward(shape, logits, ones, ones);
    const expected = targetsOf(shape).flatMap((token, row) => {
      const { entropy: h, lse } = slow[row]!;
      return rowOf(logits, row, shape.vocabSize).map((logit, v) => {
        const logPi = logit / shape.temperature - lse;
        return (Number(v === token) - Math.exp(logPi) * (1 + logPi + h)) / shape.temperature;
      });
    });
    expectClose(dLogits, expected, 2e-4, 'dLogits'); // log π carries the rounding of numbers near 1000
  });

  it('leaves nothing where no gradient comes', async () => {
    const shape = cases[1]!;
    const rows = shape.batch * shape.count;
    const logits = filled(rows * shape.vocabSize);
    const dLogits = await backward(shape, logits, new Float32Array(rows), new Float32Array(rows));
    expect(dLogits.every((value) => value === 0)).toBe(true);
  });
});
