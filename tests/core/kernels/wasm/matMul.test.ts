import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MatMulSpec } from '../../../../src/core/kernels/gpu/matMul';
import { PlanBuilder } from '../../../../src/core/kernels/plan/planBuilder';
import { matMul } from '../../../../src/core/kernels/wasm/matMul';
import { startKernels, stopKernels, type WasmPlayer } from '../../../../src/core/kernels/wasm/player';
import { kernelFiles } from '../../../helpers/kernels';

/** a single number, odd sides, few rows and many, sides beyond a block of packed numbers in each direction */
const SIZES = [
  { rows: 1, inner: 1, columns: 1 },
  { rows: 5, inner: 7, columns: 3 },
  { rows: 33, inner: 18, columns: 63 },
  { rows: 67, inner: 258, columns: 12 },
  { rows: 71, inner: 20, columns: 37 },
  { rows: 2, inner: 3, columns: 1543 },
  { rows: 1, inner: 259, columns: 45 },
  { rows: 2, inner: 770, columns: 785 },
];
const GATE = Math.sqrt(2 / Math.PI);
const gelu = (x: number): number => 0.5 * x * (1 + Math.tanh(GATE * (x + 0.044715 * x ** 3)));
function geluSlope(x: number): number {
  const t = Math.tanh(GATE * (x + 0.044715 * x ** 3));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GATE * (1 + 3 * 0.044715 * x * x);
}

const filled = (length: number, phase = 0): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 1.7 + phase));
const unwritten = (length: number): Float32Array<ArrayBuffer> => new Float32Array(length).fill(Number.NaN);

/** Σ_k a(i,k)·b(k,j) in double precision */
function product(
  rows: number,
  inner: number,
  columns: number,
  a: (i: number, k: number) => number,
  b: (k: number, j: number) => number,
) {
  return Array.from({ length: rows * columns }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a(Math.floor(at / columns), k) * b(k, at % columns);
    return sum;
  });
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const worst = Math.max(
    ...Array.from(expected, (value, i) => Math.abs(found[i]! - value) / Math.max(1, Math.abs(value))),
  );
  expect(worst, what).toBeLessThan(1e-5);
}

describe('matrix products on WebAssembly', () => {
  let player: WasmPlayer;
  beforeAll(async () => {
    player = await startKernels(await kernelFiles(), null);
  });
  afterAll(stopKernels);

  async function run(
    spec: MatMulSpec,
    rows: number,
    buffers: Record<string, Float32Array<ArrayBuffer>>,
    accumulate = 0,
  ) {
    const builder = new PlanBuilder(player, { name: 'product' });
    builder.section('run');
    const memories = Object.entries(buffers).map(([name, numbers]) => {
      const memory = player.allocate(name, numbers.byteLength);
      memory.write(numbers);
      return { name, memory, slot: builder.outside(name, memory, 0, numbers.length) };
    });
    builder.dispatch(matMul(spec), Object.fromEntries(memories.map(({ name, slot }) => [name, slot])), { rows });
    const plan = builder.build();
    plan.setSteps({ accumulate });
    plan.begin().play('run');
    const results = await Promise.all(memories.map(async ({ name, memory }) => [name, await memory.read()] as const));
    for (const { memory } of memories) memory.dispose();
    plan.dispose();
    return Object.fromEntries(results);
  }

  it('leaves the slope of GELU only where another kernel of the plan reads it', async () => {
    const spec = { name: 'nn', form: 'nn', inner: 4, columns: 16 } as const;
    const recorded = (isRead: boolean) => {
      const builder = new PlanBuilder(player, { name: 'product', poison: true });
      builder.section('run');
      const [a, b, bias] = [builder.receive('a', 8), builder.receive('b', 64), builder.receive('bias', 16)];
      const [out, pre] = [builder.hand(builder.value('out', 32)), builder.value('pre', 32)];
      builder.dispatch(matMul({ ...spec, epilogue: 'gelu' }), { a, b, bias, out, pre }, { rows: 2 });
      const back = { a, b, out: builder.value('back', 32), pre };
      if (isRead) builder.dispatch(matMul({ ...spec, epilogue: 'geluBackward' }), back, { rows: 2 });
      const plan = builder.build();
      plan.poison();
      const run = plan.begin();
      for (const slot of [a, b, bias]) run.clear(slot);
      run.play('run');
      return plan;
    };
    for (const isRead of [true, false]) {
      const plan = recorded(isRead);
      expect(await plan.unwritten()).toEqual(isRead ? [] : ['pre']);
      plan.dispose();
    }
  });

  it.each(['nn', 'nt'] as const)('%s: a row has the same bits alone, among a few, and among many', async (form) => {
    const [inner, columns] = [771, 745];
    const spec = { name: form, form, inner, columns, epilogue: 'bias' } as const;
    const [a, b, bias] = [filled(70 * inner), filled(inner * columns, 1), filled(columns, 2)];
    const first = async (rows: number) => {
      const { out } = await run(spec, rows, { a: a.slice(0, rows * inner), b, bias, out: unwritten(rows * columns) });
      return [...out!.subarray(0, columns)];
    };
    const many = await first(70);
    for (const rows of [1, 2, 7]) expect(await first(rows)).toEqual(many);
  });

  for (const { rows, inner, columns } of SIZES) {
    const size = `${rows}×${inner}×${columns}`;
    const forms = {
      nn: (b: Float32Array) => (k: number, j: number) => b[k * columns + j]!,
      nt: (b: Float32Array) => (k: number, j: number) => b[j * inner + k]!,
    };
    it.each(['nn', 'nt'] as const)(`%s: ${size}, with everything that follows`, async (form) => {
      const [a, b, bias, residual] = [
        filled(rows * inner),
        filled(inner * columns, 1),
        filled(columns, 2),
        filled(rows * columns, 3),
      ];
      const sums = product(rows, inner, columns, (i, k) => a[i * inner + k]!, forms[form](b));
      const biased = sums.map((sum, at) => sum + bias[at % columns]!);
      const spec = (epilogue: 'none' | 'bias' | 'gelu' | 'residual' | 'geluBackward') => ({
        name: form,
        form,
        inner,
        columns,
        epilogue,
      });
      const out = unwritten(sums.length);
      expectClose((await run(spec('none'), rows, { a, b, out })).out!, sums, 'none');
      expectClose((await run(spec('bias'), rows, { a, b, out, bias })).out!, biased, 'bias');
      const skipped = await run(spec('residual'), rows, { a, b, out, bias, residual });
      expectClose(
        skipped.out!,
        biased.map((value, at) => value + residual[at]!),
        'residual',
      );
      const bent = await run(spec('gelu'), rows, { a, b, out, bias, pre: unwritten(sums.length) });
      expectClose(bent.out!, biased.map(gelu), 'gelu');
      const back = await run(spec('geluBackward'), rows, { a, b, out, pre: bent.pre! });
      expectClose(
        back.out!,
        sums.map((sum, at) => sum * geluSlope(biased[at]!)),
        'gelu backward',
      );
    });

    it.each(['nn', 'nt'] as const)(`%s: ${size}, added to what another product left`, async (form) => {
      const [a, b, onto] = [filled(rows * inner), filled(inner * columns, 1), filled(rows * columns, 3)];
      const sums = product(rows, inner, columns, (i, k) => a[i * inner + k]!, forms[form](b));
      const both = sums.map((sum, at) => sum + onto[at]!);
      const base = { name: form, form, inner, columns } as const;
      const out = unwritten(sums.length);
      const times = (factor: number) => sums.map((sum) => factor * sum);
      expectClose((await run({ ...base, epilogue: 'none', scale: 0.3 }, rows, { a, b, out })).out!, times(0.3), 'none');
      const scaled = await run({ ...base, epilogue: 'bias', onto: true, scale: 0.3 }, rows, { a, b, out, onto });
      expectClose(
        scaled.out!,
        times(0.3).map((sum, at) => sum + onto[at]!),
        'scaled',
      );
      const bent = await run({ ...base, epilogue: 'gelu', onto: true }, rows, {
        ...{ a, b, onto, out },
        pre: unwritten(sums.length),
      });
      expectClose(bent.out!, both.map(gelu), 'gelu');
      const back = await run({ ...base, epilogue: 'geluBackward', onto: true }, rows, {
        ...{ a, b, onto, out },
        pre: bent.pre!,
      });
      expectClose(
        back.out!,
        both.map((sum) => sum * geluSlope(sum)),
        'gelu backward',
      );
      const nothing = { a, b: new Float32Array(b.length), onto, out };
      expect([...(await run({ ...base, epilogue: 'bias', onto: true }, rows, nothing)).out!]).toEqual([...onto]);
    });

    it(`tn: ${size}, with the sums of the columns, written and added`, async () => {
      const [a, b] = [filled(inner * rows), filled(inner * columns, 1)];
      const expected = product(rows, inner, columns, (i, k) => a[k * rows + i]!, forms.nn(b));
      const columnSums = product(1, inner, columns, () => 1, forms.nn(b));
      const spec = { name: 'tn', form: 'tn', outRows: rows, columns, epilogue: 'gradient', columnSums: true } as const;
      const fresh = await run(spec, inner, { a, b, out: unwritten(expected.length), sums: unwritten(columns) });
      expectClose(fresh.out!, expected, 'written');
      expectClose(fresh.sums!, columnSums, 'sums written');
      const before = { out: filled(expected.length, 5), sums: filled(columns, 6) };
      const added = await run(spec, inner, { a, b, ...before }, 1);
      expectClose(
        added.out!,
        expected.map((value, at) => value + before.out[at]!),
        'added',
      );
      expectClose(
        added.sums!,
        columnSums.map((value, at) => value + before.sums[at]!),
        'sums added',
      );
    });
  }
});
