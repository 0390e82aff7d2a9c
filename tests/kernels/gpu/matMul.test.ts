import { beforeAll, describe, expect, it } from 'vitest';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { wgslOf } from '../../../src/core/kernels/gpu/kernel';
import { type MatMulSpec, matMul } from '../../../src/core/kernels/gpu/matMul';
import { startBackend } from '../../../src/core/tf';
import { BROAD, COOPERATIVE, expectClose, filled, type KernelRun, runKernel, SOLITARY, unwritten } from './runKernel';

interface Size {
  rows: number;
  inner: number;
  columns: number;
}

/** small and large tiles of either style, whole and cut: a single number, odd sides, multiples of 4 but not of 8 */
const SIZES: Size[] = [
  { rows: 1, inner: 1, columns: 1 },
  { rows: 5, inner: 7, columns: 3 },
  { rows: 33, inner: 18, columns: 63 },
  { rows: 37, inner: 63, columns: 36 },
  { rows: 18, inner: 49, columns: 50 },
  { rows: 17, inner: 48, columns: 52 },
  { rows: 66, inner: 4, columns: 580 },
];
/** the edges of a result are minded in one place for all forms, so the forms share them out */
const sizesOf = (form: 'nn' | 'nt' | 'tn'): Size[] =>
  SIZES.filter((_, i) => ({ nn: true, nt: i % 3 !== 1, tn: i !== 3 && i !== 6 })[form]);
const oneOf = (form: 'nn' | 'nt'): Size => SIZES.find(({ inner }) => inner === (form === 'nn' ? 7 : 48))!;
const label = ({ rows, inner, columns }: Size): string => `${rows}×${inner}×${columns}`;

/** Σ_k a(i,k)·b(k,j) in double precision */
function product(
  rows: number,
  inner: number,
  columns: number,
  a: (i: number, k: number) => number,
  b: (k: number, j: number) => number,
) {
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a(i, k) * b(k, j);
    return sum;
  });
}

const GATE = Math.sqrt(2 / Math.PI);
const gelu = (x: number): number => 0.5 * x * (1 + Math.tanh(GATE * (x + 0.044715 * x ** 3)));
function geluSlope(x: number): number {
  const t = Math.tanh(GATE * (x + 0.044715 * x ** 3));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GATE * (1 + 3 * 0.044715 * x * x);
}

describe.each([COOPERATIVE, BROAD, SOLITARY])('matrix products, $name', (style) => {
  let gpu: Gpu;
  beforeAll(async () => {
    await startBackend('webgpu');
    gpu = currentGpu()!;
  });

  const run = (spec: MatMulSpec, buffers: KernelRun['buffers'], rows: number, accumulate = 0) =>
    runKernel(gpu, { launch: matMul(spec, style), buffers, shape: { rows }, step: { accumulate } });

  describe.each(['nn', 'nt'] as const)('%s', (form) => {
    const inputs = ({ rows, inner, columns }: Size) => {
      const [a, b] = [filled(rows * inner), filled(inner * columns, 1)];
      const entry = (k: number, j: number): number => (form === 'nn' ? b[k * columns + j]! : b[j * inner + k]!);
      return { a, b, sums: product(rows, inner, columns, (i, k) => a[i * inner + k]!, entry) };
    };
    const specOf = (
      { inner, columns }: Size,
      epilogue: 'none' | 'bias' | 'gelu' | 'residual' | 'geluBackward',
    ): MatMulSpec => ({
      name: `${form} ${epilogue}`,
      form,
      inner,
      columns,
      epilogue,
    });

    it.each(sizesOf(form).map((size) => [label(size), size] as const))('multiplies %s', async (_, size) => {
      const { a, b, sums } = inputs(size);
      const { out } = await run(specOf(size, 'none'), { a, b, out: unwritten(sums.length) }, size.rows);
      expectClose(out!, sums, 1e-5, 'out');
    });

    it('adds a bias, and a residual to the sums', async () => {
      const size = oneOf(form);
      const { a, b, sums } = inputs(size);
      const [bias, residual] = [filled(size.columns, 2), filled(sums.length, 3)];
      const biased = sums.map((sum, at) => sum + bias[at % size.columns]!);
      const plain = await run(specOf(size, 'bias'), { a, b, bias, out: unwritten(sums.length) }, size.rows);
      expectClose(plain.out!, biased, 1e-5, 'out');
      const onto = await run(
        specOf(size, 'residual'),
        { a, b, bias, residual, out: unwritten(sums.length) },
        size.rows,
      );
      expectClose(
        onto.out!,
        biased.map((x, at) => x + residual[at]!),
        1e-5,
        'out',
      );
    });

    it('bends the sums by GELU and keeps what it bent', async () => {
      const size = oneOf(form);
      const { a, b, sums } = inputs(size);
      const bias = filled(size.columns, 2).map((x) => 6 * x);
      const buffers = { a, b, bias, pre: unwritten(sums.length), out: unwritten(sums.length) };
      const { pre, out } = await run(specOf(size, 'gelu'), buffers, size.rows);
      const bent = sums.map((sum, at) => sum + bias[at % size.columns]!);
      expectClose(pre!, bent, 1e-5, 'pre');
      expectClose(out!, bent.map(gelu), 1e-5, 'out');
    });

    it('goes back through GELU of the sums', async () => {
      const size = oneOf(form);
      const { a, b, sums } = inputs(size);
      const pre = filled(sums.length, 4).map((x) => 8 * x);
      const { out } = await run(specOf(size, 'geluBackward'), { a, b, pre, out: unwritten(sums.length) }, size.rows);
      expectClose(
        out!,
        sums.map((sum, at) => sum * geluSlope(pre[at]!)),
        1e-5,
        'out',
      );
    });
  });

  describe('the second part of a product, added to what the first left', () => {
    const size = SIZES[1]!;
    const { rows, inner, columns } = size;
    const [a, b, onto] = [filled(rows * inner), filled(inner * columns, 1), filled(rows * columns, 3)];
    const specOf = (form: 'nn' | 'nt', epilogue: 'none' | 'bias' | 'gelu' | 'geluBackward') =>
      ({ name: `onto ${epilogue}`, form, inner, columns, epilogue, onto: epilogue !== 'none' }) as const;
    const sums = product(
      rows,
      inner,
      columns,
      (i, k) => a[i * inner + k]!,
      (k, j) => b[k * columns + j]!,
    );
    const turned = Float32Array.from(
      { length: b.length },
      (_, at) => b[(at % inner) * columns + Math.floor(at / inner)]!,
    );
    const both = sums.map((sum, at) => sum + onto[at]!);

    it('is multiplied by a number, alone and on the way', async () => {
      const out = unwritten(sums.length);
      const alone = await run({ ...specOf('nn', 'none'), scale: 0.3 }, { a, b, out }, rows);
      expectClose(
        alone.out!,
        sums.map((sum) => 0.3 * sum),
        1e-5,
        'out',
      );
      const added = await run({ ...specOf('nn', 'bias'), scale: -2.5e-7 }, { a, b, onto, out }, rows);
      expectClose(
        added.out!,
        sums.map((sum, at) => onto[at]! - 2.5e-7 * sum),
        1e-5,
        'out',
      );
    });

    it('comes before GELU, and before its slope on the way back', async () => {
      const [pre, out] = [unwritten(sums.length), unwritten(sums.length)];
      const bent = await run(specOf('nn', 'gelu'), { a, b, onto, pre, out }, rows);
      expectClose(bent.pre!, both, 1e-5, 'pre');
      expectClose(bent.out!, both.map(gelu), 1e-5, 'out');
      const slopes = filled(sums.length, 4);
      const back = await run(specOf('nt', 'geluBackward'), { a, b: turned, onto, pre: slopes, out }, rows);
      expectClose(
        back.out!,
        both.map((x, at) => x * geluSlope(slopes[at]!)),
        1e-5,
        'out',
      );
    });

    it('changes no bit where it is 0', async () => {
      const out = unwritten(sums.length);
      const { out: found } = await run(specOf('nn', 'bias'), { a, b: new Float32Array(b.length), onto, out }, rows);
      expect([...found!]).toEqual([...onto]);
    });
  });

  it('bends what is far from zero without overflow', async () => {
    const a = Float32Array.of(-1e30, -1e4, -30, -9, 9, 30, 1e4, 1e30);
    const spec = { name: 'far', inner: 1, columns: 1 } as const;
    const one = Float32Array.of(1);
    const buffers = { a, b: one, bias: Float32Array.of(0), pre: unwritten(8), out: unwritten(8) };
    const forward = await run({ ...spec, form: 'nn', epilogue: 'gelu' }, buffers, 8);
    expectClose(forward.out!, [0, 0, 0, 0, 9, 30, 1e4, 1e30], 1e-5, 'gelu');
    const back = { a: new Float32Array(8).fill(1), b: one, pre: a, out: unwritten(8) };
    const backward = await run({ ...spec, form: 'nt', epilogue: 'geluBackward' }, back, 8);
    expectClose(backward.out!, [0, 0, 0, 0, 1, 1, 1, 1], 1e-5, 'slope');
  });

  describe('tn', () => {
    /** @param size rows are contracted, inner counts the rows of the result */
    const inputs = ({ rows, inner: outRows, columns }: Size) => {
      const [a, b] = [filled(rows * outRows), filled(rows * columns, 1)];
      const entry = (r: number, j: number): number => b[r * columns + j]!;
      return {
        a,
        b,
        gradient: product(outRows, rows, columns, (i, r) => a[r * outRows + i]!, entry),
        sums: product(1, rows, columns, () => 1, entry),
      };
    };
    const specOf = (
      { inner: outRows, columns }: Size,
      options: { add?: boolean; columnSums?: boolean } = {},
    ): MatMulSpec => ({
      name: 'tn',
      form: 'tn',
      outRows,
      columns,
      epilogue: 'gradient',
      ...options,
    });

    it.each(sizesOf('tn').map((size) => [label(size), size] as const))(
      'contracts the rows of %s, over garbage',
      async (_, size) => {
        const { a, b, gradient, sums } = inputs(size);
        const buffers = { a, b, out: unwritten(gradient.length), sums: unwritten(size.columns) };
        const both = await run(specOf(size, { columnSums: true }), buffers, size.rows);
        expectClose(both.out!, gradient, 1e-5, 'out');
        expectClose(both.sums!, sums, 1e-5, 'sums');
      },
    );

    it.each([oneOf('nn'), oneOf('nt')].map((size) => [label(size), size] as const))(
      'adds to the gradient of %s when asked, or always',
      async (_, size) => {
        const { a, b, gradient, sums } = inputs(size);
        const [out, before] = [filled(gradient.length, 5), filled(size.columns, 6)];
        const buffers = { a, b, out, sums: before };
        const asked = await run(specOf(size, { columnSums: true }), buffers, size.rows, 1);
        const always = await run(specOf(size, { columnSums: true, add: true }), buffers, size.rows, 0);
        for (const found of [asked, always]) {
          expectClose(
            found.out!,
            gradient.map((x, at) => x + out[at]!),
            1e-5,
            'out',
          );
          expectClose(
            found.sums!,
            sums.map((x, at) => x + before[at]!),
            1e-5,
            'sums',
          );
        }
      },
    );

    it('contracts into a large result', async () => {
      const size = { rows: 3, inner: 1028, columns: 516 };
      const { a, b, gradient } = inputs(size);
      const { out } = await run(specOf(size), { a, b, out: unwritten(gradient.length) }, size.rows);
      expectClose(out!, gradient, 1e-5, 'out');
    });

    it('takes the next number of rows with the same kernel', async () => {
      const size = { rows: 9, inner: 8, columns: 8 };
      const spec = specOf(size, { columnSums: true });
      for (const rows of [1, 4, 9]) {
        const { a, b, gradient, sums } = inputs({ ...size, rows });
        const found = await run(spec, { a, b, out: unwritten(64), sums: unwritten(8) }, rows);
        expectClose(found.out!, gradient, 1e-5, `out of ${rows} rows`);
        expectClose(found.sums!, sums, 1e-5, `sums of ${rows} rows`);
      }
      expect(new Set([1, 4, 9].map(() => wgslOf(matMul(spec, style).kernel))).size).toBe(1);
    });
  });

  it('gives the same bits twice', async () => {
    const [a, b] = [filled(21 * 34), filled(21 * 30, 1)];
    const spec: MatMulSpec = {
      name: 'twice',
      form: 'tn',
      outRows: 34,
      columns: 30,
      epilogue: 'gradient',
      columnSums: true,
    };
    const [first, second] = [0, 1].map(() => run(spec, { a, b, out: unwritten(34 * 30), sums: unwritten(30) }, 21));
    const [one, two] = [await first!, await second!];
    expect([...one.out!]).toEqual([...two.out!]);
    expect([...one.sums!]).toEqual([...two.sums!]);
  });
});
