import { beforeAll, describe, expect, it } from 'vitest';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import {
  embedForward,
  positionEmbeddingBackward,
  tokenEmbeddingBackward,
} from '../../../src/core/kernels/gpu/embedding';
import { startBackend } from '../../../src/core/tf';
import { COOPERATIVE, expectClose, filled, runKernel, SOLITARY, SUBGROUPS, unwritten } from './runKernel';

interface Case {
  batch: number;
  length: number;
  width: number;
  vocabSize: number;
  contextLength: number;
}

const cases: Case[] = [
  { batch: 1, length: 1, width: 5, vocabSize: 3, contextLength: 4 },
  { batch: 3, length: 7, width: 12, vocabSize: 63, contextLength: 9 },
  { batch: 2, length: 8, width: 6, vocabSize: 4, contextLength: 8 },
];

const given = ({ batch, length, vocabSize }: Case) => ({
  tokens: Int32Array.from({ length: batch * length }, (_, i) => (i * i + 3) % vocabSize),
  leftPad: Int32Array.from({ length: batch }, (_, b) => (2 * b) % (length + 1)),
});

const positionOf = (leftPad: Int32Array, row: number, length: number): number =>
  Math.max((row % length) - leftPad[Math.floor(row / length)]!, 0);

describe.each([COOPERATIVE, SUBGROUPS, SOLITARY])('embedding kernels, $name', (style) => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  const embed = async (shape: Case, tokens: Int32Array, tokenScale = 1) => {
    const { batch, length, width, vocabSize, contextLength } = shape;
    const { leftPad } = given(shape);
    const rows = batch * length;
    const [tokenTable, positionTable] = [filled(vocabSize * width), filled(contextLength * width, 1)];
    const { out } = await runKernel(gpu, {
      launch: embedForward({ width, vocabSize, contextLength, tokenScale }, style),
      buffers: { tokens, leftPad, tokenTable, positionTable, out: unwritten(rows * width) },
      shape: { rows, length },
    });
    return { out: out!, tokenTable, positionTable, leftPad };
  };

  it.each(cases)('adds the vectors of token and position: %o', async (shape) => {
    const { length, width } = shape;
    const { tokens } = given(shape);
    const { out, tokenTable, positionTable, leftPad } = await embed(shape, tokens, 2.5);
    const expected = [...out].map((_, i) => {
      const row = Math.floor(i / width);
      return (
        2.5 * tokenTable[tokens[row]! * width + (i % width)]! +
        positionTable[positionOf(leftPad, row, length) * width + (i % width)]!
      );
    });
    expectClose(out, expected, 1e-6, 'out');
  });

  it('takes tokens outside the vocabulary for the nearest inside', async () => {
    const shape = cases[2]!;
    const wild = Int32Array.from({ length: 16 }, (_, i) => [-1, 4, 2_000_000_000, -2_000_000_000][i % 4]!);
    const tame = Int32Array.from(wild, (token) => Math.min(Math.max(token, 0), 3));
    expect([...(await embed(shape, wild)).out]).toEqual([...(await embed(shape, tame)).out]);
  });

  it.each(cases)('sums what comes back to each token: %o', async (shape) => {
    const { batch, length, width, vocabSize } = shape;
    const { tokens } = given(shape);
    const rows = batch * length;
    const dX = filled(rows * width);
    const expected = new Float64Array(vocabSize * width);
    dX.forEach((value, i) => {
      const at = tokens[Math.floor(i / width)]! * width + (i % width);
      expected[at] = expected[at]! + 1.5 * value;
    });
    const run = (add: boolean, before: Float32Array, accumulate: number) =>
      runKernel(gpu, {
        launch: tokenEmbeddingBackward({ width, vocabSize, add, tokenScale: 1.5 }, style),
        buffers: { dX, tokens, out: before },
        shape: { rows },
        step: { accumulate },
      });
    const full = new Float32Array(vocabSize * width).fill(2);
    expectClose((await run(false, unwritten(full.length), 0)).out!, expected, 1e-5, 'replaced');
    const above = expected.map((value) => value + 2);
    expectClose((await run(false, full, 1)).out!, above, 1e-5, 'accumulated');
    expectClose((await run(true, full, 0)).out!, above, 1e-5, 'added');
  });

  it.each(cases)('sums what comes back to each position, padding to the first: %o', async (shape) => {
    const { batch, length, width, contextLength } = shape;
    const { leftPad } = given(shape);
    const dX = filled(batch * length * width);
    const expected = new Float64Array(contextLength * width);
    dX.forEach((value, i) => {
      const at = positionOf(leftPad, Math.floor(i / width), length) * width + (i % width);
      expected[at] = expected[at]! + value;
    });
    const run = (before: Float32Array, accumulate: number) =>
      runKernel(gpu, {
        launch: positionEmbeddingBackward({ width, contextLength }, style),
        buffers: { dX, leftPad, out: before },
        shape: { batch, length },
        step: { accumulate },
      });
    expectClose((await run(unwritten(expected.length), 0)).out!, expected, 1e-5, 'replaced');
    const above = expected.map((value) => value + 2);
    expectClose((await run(new Float32Array(expected.length).fill(2), 1)).out!, above, 1e-5, 'accumulated');
  });
});
