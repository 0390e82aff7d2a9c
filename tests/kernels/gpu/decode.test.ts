import { beforeAll, describe, expect, it } from 'vitest';
import { attentionForward } from '../../../src/core/kernels/gpu/attention';
import { decodeAttention, decodeEmbed, storeColumns } from '../../../src/core/kernels/gpu/decode';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { startBackend } from '../../../src/core/tf';
import { COOPERATIVE, expectClose, filled, runKernel, SOLITARY, unwritten } from './runKernel';

const CASES = [
  { batch: 1, total: 1, heads: 1, size: 8, leftPad: [0] },
  { batch: 3, total: 9, heads: 2, size: 6, leftPad: [0, 4, 7] },
  { batch: 2, total: 16, heads: 2, size: 16, leftPad: [3, 0] },
  { batch: 1, total: 70, heads: 1, size: 12, leftPad: [2] },
  { batch: 1, total: 3, heads: 1, size: 66, leftPad: [0] },
];

/** row `row` of [·,columns] */
const rowOf = (numbers: Float32Array, row: number, columns: number): Float32Array =>
  numbers.subarray(row * columns, (row + 1) * columns) as Float32Array;

describe.each([COOPERATIVE, SOLITARY])('$name decoding', (style) => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  it.each(CASES)('attends as the last row of a whole pass does: $batch × $total, $heads heads of $size', async (at) => {
    const { batch, total, heads, size } = at;
    const width = heads * size;
    const leftPad = Int32Array.from(at.leftPad);
    const whole = filled(batch * total * 3 * width).map((x) => 4 * x);
    const full = await runKernel(gpu, {
      launch: attentionForward({ heads, width }, SOLITARY),
      buffers: { qkv: whole, leftPad, out: unwritten(batch * total * width), lse: unwritten(batch * total * heads) },
      shape: { batch, length: total },
    });
    const rows = Array.from({ length: batch }, (_, b) => b * total + total - 1);
    const qkv = Float32Array.from(rows.flatMap((row) => [...rowOf(whole, row, 3 * width)]));
    const cache = whole.slice();
    for (const row of rows) rowOf(cache, row, 3 * width).fill(Number.NaN);
    const decoded = await runKernel(gpu, {
      launch: decodeAttention({ heads, width }, style),
      buffers: { qkv, cache, leftPad, out: unwritten(batch * width) },
      shape: { batch, total },
      step: { column: total - 1 },
    });
    const expected = rows.flatMap((row) => [...rowOf(full.out as Float32Array, row, width)]);
    expectClose(decoded.out!, expected, 1e-5, 'out');
    for (const row of rows) {
      const stored = rowOf(decoded.cache as Float32Array, row, 3 * width).subarray(width);
      expect(stored).toEqual(rowOf(whole, row, 3 * width).subarray(width));
    }
  });

  it('does not look at columns that come later', async () => {
    const [batch, total, width] = [2, 6, 8];
    const cache = filled(batch * total * 3 * width);
    for (let b = 0; b < batch; b++) cache.fill(Number.NaN, (b * total + 3) * 3 * width, (b + 1) * total * 3 * width);
    const { out } = await runKernel(gpu, {
      launch: decodeAttention({ heads: 2, width }, style),
      buffers: {
        qkv: filled(batch * 3 * width, 2),
        cache,
        leftPad: Int32Array.of(0, 1),
        out: unwritten(batch * width),
      },
      shape: { batch, total },
      step: { column: 3 },
    });
    expect([...out!].every(Number.isFinite)).toBe(true);
  });

  it.each([8, 6, 7])('stores the columns of a prompt of width %i and leaves the others', async (width) => {
    const [batch, length, total] = [3, 2, 5];
    const qkv = filled(batch * length * 3 * width);
    const { cache } = await runKernel(gpu, {
      launch: storeColumns({ width }, style),
      buffers: { qkv, cache: new Float32Array(batch * total * 3 * width).fill(9) },
      shape: { rows: batch * length, length, total },
    });
    const expected = Array.from({ length: batch * total }, (_, row) => {
      const [b, t] = [Math.floor(row / total), row % total];
      return t < length ? [...rowOf(qkv, b * length + t, 3 * width)] : new Array(3 * width).fill(9);
    });
    expect([...cache!]).toEqual(expected.flat());
  });

  it.each([8, 7])('embeds the column that was just written, width %i', async (width) => {
    const [batch, total, column, tokenScale] = [3, 5, 3, 1.5];
    const tokens = Int32Array.from({ length: batch * total }, (_, i) => (i * 3) % 6);
    const leftPad = Int32Array.of(0, 2, 4);
    const [tokenTable, positionTable] = [filled(6 * width), filled(total * width, 1)];
    const { out } = await runKernel(gpu, {
      launch: decodeEmbed({ width, tokenScale }, style),
      buffers: { tokens, leftPad, tokenTable, positionTable, out: unwritten(batch * width) },
      shape: { batch, total },
      step: { column },
    });
    const expected = Array.from({ length: batch * width }, (_, i) => {
      const [b, c] = [Math.floor(i / width), i % width];
      const position = Math.max(column - leftPad[b]!, 0);
      return tokenScale * tokenTable[tokens[b * total + column]! * width + c]! + positionTable[position * width + c]!;
    });
    expectClose(out!, expected, 1e-6, 'x');
  });
});
