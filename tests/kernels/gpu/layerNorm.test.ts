import { beforeAll, describe, expect, it } from 'vitest';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { layerNormBackward, layerNormForward, reduceNorms, selectRows } from '../../../src/core/kernels/gpu/layerNorm';
import { normChunks } from '../../../src/core/kernels/plan/sharing';
import { startBackend } from '../../../src/core/tf';
import { COOPERATIVE, expectClose, filled, type Numbers, runKernel, SOLITARY, SUBGROUPS, unwritten } from './runKernel';

interface Case {
  batch: number;
  length: number;
  first: number;
  count: number;
  width: number;
}

/** Σ over the selected rows of weights · layerNorm(x), in double precision: what the gradient is the slope of */
function slowNorm(
  x: ArrayLike<number>,
  gain: ArrayLike<number>,
  bias: ArrayLike<number>,
  { batch, length, first, count, width }: Case,
) {
  const out: number[] = [];
  const stats: number[] = [];
  for (let b = 0; b < batch; b++) {
    for (let g = 0; g < count; g++) {
      const row = Array.from({ length: width }, (_, c) => x[(b * length + first + g) * width + c]!);
      const mean = row.reduce((sum, value) => sum + value, 0) / width;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
      const scale = 1 / Math.sqrt(variance + 1e-5);
      stats.push(mean, scale);
      row.forEach((value, c) => {
        out.push((value - mean) * scale * gain[c]! + bias[c]!);
      });
    }
  }
  return { out, stats };
}

/** dx, dGain and dBias of Σ dOut·out by central differences */
function slopes(x: Float32Array, gain: Float32Array, bias: Float32Array, dOut: Float32Array, shape: Case) {
  const values = { x: [...x], gain: [...gain], bias: [...bias] };
  const loss = (): number =>
    slowNorm(values.x, values.gain, values.bias, shape).out.reduce((sum, value, i) => sum + value * dOut[i]!, 0);
  const slope = (list: number[], i: number): number => {
    const kept = list[i]!;
    list[i] = kept + 1e-4;
    const above = loss();
    list[i] = kept - 1e-4;
    const below = loss();
    list[i] = kept;
    return (above - below) / 2e-4;
  };
  const all = (list: number[]): number[] => list.map((_, i) => slope(list, i));
  return { dX: all(values.x), dGain: all(values.gain), dBias: all(values.bias) };
}

/** the rows of [N,C] that are read, [R,C] */
function selected(numbers: ArrayLike<number>, { batch, length, first, count, width }: Case): Float32Array {
  const all = Float32Array.from(numbers);
  const texts = Array.from({ length: batch }, (_, b) =>
    all.subarray((b * length + first) * width, (b * length + first + count) * width),
  );
  return Float32Array.from(texts.flatMap((text) => [...text]));
}

const cases: Case[] = [
  { batch: 1, length: 1, first: 0, count: 1, width: 12 },
  { batch: 3, length: 7, first: 0, count: 7, width: 12 },
  { batch: 5, length: 7, first: 2, count: 3, width: 6 },
  { batch: 2, length: 9, first: 8, count: 1, width: 32 },
  { batch: 2, length: 3, first: 1, count: 2, width: 5 },
];

const given = ({ batch, length, count, width }: Case) => ({
  x: filled(batch * length * width).map((value) => 3 * value + 0.7),
  gain: filled(width, 1).map((value) => value + 1),
  bias: filled(width, 2),
  dOut: filled(batch * count * width, 3),
});

describe.each([COOPERATIVE, SUBGROUPS, SOLITARY])('layer norm kernels, $name', (style) => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  const forward = async (shape: Case): Promise<Record<string, Numbers>> => {
    const { batch, length, first, count, width } = shape;
    const { x, gain, bias } = given(shape);
    const rows = batch * count;
    return runKernel(gpu, {
      launch: layerNormForward({ width }, style),
      buffers: { x, gain, bias, out: unwritten(rows * width), stats: unwritten(2 * rows) },
      shape: { rows, length, first, count },
    });
  };

  const backward = async (
    shape: Case,
    residual?: Float32Array,
    norm = 0,
    norms = 1,
  ): Promise<Record<string, Numbers>> => {
    const { batch, length, first, count, width } = shape;
    const { x, gain, bias, dOut } = given(shape);
    const rows = batch * length;
    return runKernel(gpu, {
      launch: layerNormBackward({ width, residual: residual !== undefined }, style),
      buffers: {
        dOut,
        x: residual ? x : selected(x, shape),
        stats: Float32Array.from(slowNorm(x, gain, bias, shape).stats),
        gain,
        ...(residual ? { residual } : {}),
        dX: unwritten(residual ? x.length : dOut.length),
        partials: unwritten(norms * normChunks(rows) * 2 * width),
      },
      shape: { allRows: rows, length, first, count, norm },
    });
  };

  it.each(cases)('normalises the selected rows: %o', async (shape) => {
    const { x, gain, bias } = given(shape);
    const { out, stats } = await forward(shape);
    const slow = slowNorm(x, gain, bias, shape);
    expectClose(out!, slow.out, 1e-5, 'out');
    expectClose(stats!, slow.stats, 1e-5, 'stats');
  });

  it('treats an ordinary norm as rows of length one', async () => {
    const shape = { batch: 21, length: 1, first: 0, count: 1, width: 12 };
    const { x, gain, bias } = given(shape);
    expectClose((await forward(shape)).out!, slowNorm(x, gain, bias, shape).out, 1e-5, 'out');
  });

  it.each(cases)('has the gradient that finite differences find: %o', async (shape) => {
    const { batch, length, width } = shape;
    const { x, gain, bias, dOut } = given(shape);
    const slow = slopes(x, gain, bias, dOut, shape);
    const { dX, partials } = await backward(shape);
    expectClose(dX!, selected(slow.dX, shape), 2e-5, 'dX');
    const { out } = await runKernel(gpu, {
      launch: reduceNorms({ width, norms: 1 }, style),
      buffers: { partials: partials!, offsets: Uint32Array.of(3, width + 5), out: unwritten(2 * width + 5) },
      shape: { chunks: normChunks(batch * length) },
    });
    expectClose(out!.subarray(3, width + 3), slow.dGain, 2e-5, 'dGain');
    expectClose(out!.subarray(width + 5), slow.dBias, 2e-5, 'dBias');
    expect([0, 1, 2, width + 3, width + 4].every((i) => Number.isNaN(out![i]!))).toBe(true);
  });

  it('adds what comes over the skip connection to the rows that were read; the others have no gradient', async () => {
    const shape = { batch: 2, length: 5, first: 1, count: 2, width: 8 };
    const alone = await backward(shape);
    const residual = filled(32, 4);
    const both = await backward(shape, residual);
    const sums = [...alone.dX!].map((value, i) => value + residual[i]!);
    expectClose(selected(both.dX!, shape), sums, 1e-6, 'dX');
    for (const row of [0, 3, 4, 5, 8, 9])
      expect([...both.dX!.subarray(8 * row, 8 * row + 8)]).toEqual(new Array(8).fill(0));
    expect(both.partials).toEqual(alone.partials);
  });

  it.each(cases)('copies the rows that are read: %o', async (shape) => {
    const { batch, length, first, count, width } = shape;
    const { x, dOut } = given(shape);
    const { out } = await runKernel(gpu, {
      launch: selectRows({ width }, style),
      buffers: { x, out: unwritten(dOut.length) },
      shape: { rows: batch * count, length, first, count },
    });
    expect(out).toEqual(selected(x, shape));
  });

  it('writes only its own part of the partials', async () => {
    const shape = { batch: 3, length: 7, first: 0, count: 7, width: 6 };
    const [alone, second] = [await backward(shape), await backward(shape, undefined, 1, 3)];
    const size = normChunks(21) * 12;
    expect([...second.partials!.subarray(size, 2 * size)]).toEqual([...alone.partials!]);
    expect(second.partials!.subarray(0, size).every(Number.isNaN)).toBe(true);
    expect(second.partials!.subarray(2 * size).every(Number.isNaN)).toBe(true);
  });

  it('sums the chunks of every norm to its own place, adding only when told', async () => {
    const [width, norms, chunks] = [6, 3, 11];
    const partials = filled(norms * chunks * 2 * width);
    const offsets = Uint32Array.of(40, 0, 8, 16, 24, 32);
    const sum = (norm: number, column: number): number =>
      Array.from({ length: chunks }, (_, chunk) => partials[(norm * chunks + chunk) * 2 * width + column]!).reduce(
        (a, b) => a + b,
        0,
      );
    const expected = new Float32Array(46).fill(7);
    for (let norm = 0; norm < norms; norm++)
      for (let column = 0; column < 2 * width; column++)
        expected[offsets[2 * norm + Math.floor(column / width)]! + (column % width)]! += sum(norm, column);
    const run = { launch: reduceNorms({ width, norms }, style), shape: { chunks } };
    const added = await runKernel(gpu, {
      ...run,
      buffers: { partials, offsets, out: new Float32Array(46).fill(7) },
      step: { accumulate: 1 },
    });
    expectClose(added.out!, expected, 1e-5, 'gradients');
    const fresh = await runKernel(gpu, {
      ...run,
      buffers: { partials, offsets, out: unwritten(46) },
      step: { accumulate: 0 },
    });
    expectClose(
      fresh.out!.subarray(40),
      expected.subarray(40).map((value) => value - 7),
      1e-5,
      'replaced',
    );
  });
});
