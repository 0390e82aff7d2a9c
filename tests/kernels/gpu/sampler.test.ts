import { beforeAll, describe, expect, it } from 'vitest';
import type { SamplingConfig } from '../../../src/contract/config';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { type GpuLaunch, inLine } from '../../../src/core/kernels/gpu/kernel';
import { RANDOM_WGSL } from '../../../src/core/kernels/gpu/random';
import { sampleColumn } from '../../../src/core/kernels/gpu/sampler';
import type { KernelStyle } from '../../../src/core/kernels/gpu/style';
import type { StepValues } from '../../../src/core/kernels/plan/stepNumbers';
import { filterLogits } from '../../../src/core/sample/filterLogits';
import { sampleTokens, scoringTemperature } from '../../../src/core/sample/sampleTokens';
import { Random } from '../../../src/core/tensor/random';
import { startBackend, tf } from '../../../src/core/tf';
import { COOPERATIVE, expectClose, runKernel, SOLITARY, unwritten } from './runKernel';

const PLAIN: SamplingConfig = { temperature: 1, topK: 0, topP: 1 };

interface Column {
  logits: Float32Array;
  batch: number;
  vocabSize: number;
  first?: number;
  column?: number;
  count?: number;
  alive?: Uint32Array;
  step: StepValues;
}

/** one column of the device's sampler */
async function sample(gpu: Gpu, style: KernelStyle, at: Column) {
  const {
    logits,
    batch,
    vocabSize,
    first = 0,
    column = first,
    count = 1,
    alive = new Uint32Array(batch).fill(1),
    step,
  } = at;
  const total = first + count;
  const written = await runKernel(gpu, {
    launch: sampleColumn({ vocabSize }, style),
    buffers: {
      logits,
      tokens: new Int32Array(batch * total).fill(-7),
      alive,
      mask: unwritten(batch * count),
      logprobs: unwritten(batch * count),
    },
    shape: { batch, total, first, count },
    step: { eosId: -1, topP: 1, ...step, column },
  });
  const columnOf = (numbers: ArrayLike<number>, width: number, at: number): number[] =>
    Array.from({ length: batch }, (_, b) => numbers[b * width + at]!);
  return {
    tokens: columnOf(written.tokens!, total, column),
    mask: columnOf(written.mask!, count, column - first),
    logprobs: columnOf(written.logprobs!, count, column - first),
    alive: [...written.alive!],
    all: written,
  };
}

function randomLogits(batch: number, vocabSize: number, seed: number): Float32Array {
  const random = Random.fromSeed(seed);
  return Float32Array.from({ length: batch * vocabSize }, () => 2 * random.normal());
}

const logprobsOf = (row: Float32Array, temperature: number): number[] => {
  const scaled = [...row].map((x) => x / temperature);
  const top = Math.max(...scaled);
  const total = Math.log(scaled.reduce((sum, z) => sum + Math.exp(z - top), 0)) + top;
  return scaled.map((z) => z - total);
};

/** what the portable sampler draws from the same random numbers, on the cpu */
async function portable(
  logits: Float32Array,
  batch: number,
  vocabSize: number,
  sampling: SamplingConfig,
  uniforms: number[],
) {
  await tf.setBackend('cpu');
  const tokens = tf.tidy(() =>
    sampleTokens(tf.tensor2d(logits, [batch, vocabSize]), sampling, tf.tensor2d(uniforms, [batch, 1])),
  );
  const found = [...tokens.dataSync()];
  tokens.dispose();
  return found;
}

const FILTERS: SamplingConfig[] = [
  PLAIN,
  { temperature: 0.7, topK: 0, topP: 1 },
  { temperature: 1, topK: 5, topP: 1 },
  { temperature: 1.3, topK: 0, topP: 0.6 },
  { temperature: 0.9, topK: 7, topP: 0.8 },
  { temperature: 1, topK: 1000, topP: 0.999 },
  { temperature: 1, topK: 0, topP: 1e-7 },
  { temperature: 0, topK: 0, topP: 1 },
  { temperature: 1e-39, topK: 0, topP: 1 },
  { temperature: 1e-9, topK: 5, topP: 0.5 },
  { temperature: 0.001, topK: 0, topP: 0.9 },
];

let gpu: Gpu;
beforeAll(async () => {
  await startBackend('webgpu');
  gpu = currentGpu()!;
});

describe('random numbers of the device', () => {
  it('are those of the host, bit for bit', async () => {
    const count = 100;
    const launch: GpuLaunch = {
      kernel: {
        name: 'random',
        buffers: { bits: { type: 'u32', use: 'write' } },
        shape: ['count'],
        readsStep: true,
        code: `${RANDOM_WGSL}
@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id : vec3<u32>) {
  if (id.x < shape.count) { bits[id.x] = randomUint32(step.seed, step.counter + id.x); }
}`,
      },
      groups: ({ count }) => inLine(Math.ceil(count! / 16)),
    };
    for (const seed of [0, 1, -1, 123456789]) {
      const random = Random.fromSeed(seed);
      random.skip(7);
      const { key, counter } = random.state;
      expect(counter).toBe(7);
      const { bits } = await runKernel(gpu, {
        launch,
        buffers: { bits: new Uint32Array(count) },
        shape: { count },
        step: { seed: key, counter },
      });
      expect([...bits!]).toEqual(Array.from({ length: count }, () => random.nextUint32()));
    }
  });
});

describe.each([COOPERATIVE, SOLITARY])('$name sampler', (style) => {
  it.each(FILTERS)(
    'draws what the portable sampler draws: temperature $temperature, top-k $topK, top-p $topP',
    async (sampling) => {
      for (const [batch, vocabSize] of [
        [40, 63],
        [5, 3],
        [7, 300],
      ] as const) {
        const random = Random.fromSeed(batch);
        const { key, counter } = random.state;
        // with these no random number falls on the edge between two tokens, where rounding decides
        const logits = randomLogits(batch, vocabSize, 8);
        const uniforms = Array.from({ length: batch }, () => random.next());
        const drawn = await sample(gpu, style, { logits, batch, vocabSize, step: { ...sampling, seed: key, counter } });
        expect(drawn.tokens).toEqual(await portable(logits, batch, vocabSize, sampling, uniforms));
        const temperature = scoringTemperature(sampling);
        const expected = drawn.tokens.map(
          (token, b) =>
            logprobsOf(logits.subarray(b * vocabSize, (b + 1) * vocabSize) as Float32Array, temperature)[token]!,
        );
        expectClose(drawn.logprobs, expected, 1e-5, 'logprobs');
      }
    },
  );

  it.each([
    { sampling: { temperature: 1, topK: 2, topP: 1 }, kept: [1, 2, 4, 5] },
    { sampling: { temperature: 1, topK: 0, topP: 0.45 }, kept: [1, 2] },
    { sampling: { temperature: 0, topK: 0, topP: 1 }, kept: [1] },
    { sampling: { temperature: 9e-4, topK: 3, topP: 0.9 }, kept: [1] },
  ])('treats ties as the portable sampler does: $sampling', async ({ sampling, kept }) => {
    const batch = 300;
    const row = [-0, 2, 2, 0, 2, 2];
    const logits = Float32Array.from({ length: batch * 6 }, (_, i) => row[i % 6]!);
    const { tokens } = await sample(gpu, style, { logits, batch, vocabSize: 6, step: { ...sampling, seed: 5 } });
    expect([...new Set(tokens)].sort()).toEqual(kept);
  });

  it.each([
    { topP: 0.8, kept: 8 },
    { topP: 0.9, kept: 9 },
    { topP: 0.1, kept: 1 },
  ])('keeps $kept of ten equals at $topP', async ({ topP, kept }) => {
    const batch = 300;
    const logits = new Float32Array(batch * 10).fill(-1.5);
    const { tokens } = await sample(gpu, style, { logits, batch, vocabSize: 10, step: { ...PLAIN, topP, seed: 5 } });
    expect([...new Set(tokens)].sort()).toEqual(Array.from({ length: kept }, (_, id) => id));
  });

  it.each([
    { row: [-9e8, -2e9, -1e9, -9e8], sampling: { ...PLAIN, temperature: 1e-39 }, kept: [0] },
    { row: [-8, -7, -30, -7], sampling: { ...PLAIN, temperature: 1e-9, topP: 0.9 }, kept: [1] },
    { row: [-9e8, -2e9, -1e9, -9e8], sampling: { ...PLAIN, temperature: 0.001, topP: 0.9 }, kept: [0, 3] },
    { row: [Number.NaN, -5, Number.NEGATIVE_INFINITY, -5], sampling: { ...PLAIN, topP: 0.9 }, kept: [1, 3] },
    { row: [3e38, -3e38, Number.POSITIVE_INFINITY, 0], sampling: { ...PLAIN, temperature: 0.001 }, kept: [0, 2] },
    { row: [Number.NaN, Number.NaN, Number.NaN, Number.NaN], sampling: { ...PLAIN, temperature: 0 }, kept: [0] },
  ])('takes $kept of $row: $sampling', async ({ row, sampling, kept }) => {
    const batch = 100;
    const logits = Float32Array.from({ length: batch * 4 }, (_, i) => row[i % 4]!);
    const { tokens, logprobs } = await sample(gpu, style, {
      logits,
      batch,
      vocabSize: 4,
      step: { ...sampling, seed: 5 },
    });
    expect([...new Set(tokens)].sort()).toEqual(kept);
    expect(logprobs.every(Number.isFinite)).toBe(true);
    const uniforms = Array.from({ length: batch }, (_, i) => i / batch);
    expect([...new Set(await portable(logits, batch, 4, sampling, uniforms))].sort()).toEqual(kept);
  });

  it('writes the column, the mask with <eos>, and padding after the end', async () => {
    const [batch, vocabSize, first, count] = [3, 4, 2, 3];
    const eosId = 2;
    const logits = new Float32Array(batch * vocabSize);
    [1, eosId, 3].forEach((token, b) => {
      logits[b * vocabSize + token] = 5;
    });
    const { all, alive } = await sample(gpu, style, {
      logits,
      batch,
      vocabSize,
      first,
      count,
      column: 3,
      alive: Uint32Array.of(1, 1, 0),
      step: { temperature: 0, eosId, padId: 9 },
    });
    const likeliest = 5 - Math.log(Math.exp(5) + 3);
    expect([...all.tokens!]).toEqual([-7, -7, -7, 1, -7, -7, -7, -7, eosId, -7, -7, -7, -7, 9, -7]);
    expect([...all.mask!]).toEqual([Number.NaN, 1, Number.NaN, Number.NaN, 1, Number.NaN, Number.NaN, 0, Number.NaN]);
    expectClose([all.logprobs![1]!, all.logprobs![4]!, all.logprobs![7]!], [likeliest, likeliest, 0], 1e-6, 'logprobs');
    expect(alive).toEqual([1, 0, 0]);
  });

  it('gives row b and column g the number b·count + g', async () => {
    const [batch, vocabSize, first, count] = [6, 50, 1, 4];
    const logits = randomLogits(batch, vocabSize, 11);
    const random = Random.fromSeed(2);
    random.skip(1000);
    const { key, counter } = random.state;
    const numbers = Array.from({ length: batch * count }, () => random.next());
    const drawn = await sample(gpu, style, {
      logits,
      batch,
      vocabSize,
      first,
      count,
      column: 3,
      step: { ...PLAIN, seed: key, counter },
    });
    const uniforms = Array.from({ length: batch }, (_, b) => numbers[b * count + 2]!);
    expect(drawn.tokens).toEqual(await portable(logits, batch, vocabSize, PLAIN, uniforms));
  });
});

/** of the solitary style: the other one draws the same tokens, and an emulated card would need a minute for it */
describe('sampled frequencies', () => {
  /** 99.9th percentile of chi-square by Wilson and Hilferty 1931 */
  const critical = (freedom: number): number =>
    freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3;

  it.each([
    PLAIN,
    { temperature: 0.8, topK: 6, topP: 1 },
    { temperature: 1.2, topK: 0, topP: 0.7 },
    { temperature: 1.2, topK: 9, topP: 0.9 },
  ])('are the probabilities: temperature $temperature, top-k $topK, top-p $topP', async (sampling) => {
    const [batch, vocabSize] = [20_000, 13];
    const row = randomLogits(1, vocabSize, 4);
    const logits = Float32Array.from({ length: batch * vocabSize }, (_, i) => row[i % vocabSize]!);
    const { tokens } = await sample(gpu, SOLITARY, {
      logits,
      batch,
      vocabSize,
      step: { ...sampling, seed: Random.fromSeed(17).state.key },
    });
    await tf.setBackend('cpu');
    const probabilities = tf.tidy(() => [
      ...tf.softmax(filterLogits(tf.tensor2d(row, [1, vocabSize]), sampling)).dataSync(),
    ]);
    let statistic = 0;
    probabilities.forEach((probability, token) => {
      const found = tokens.filter((drawn) => drawn === token).length;
      if (probability === 0) expect(found).toBe(0);
      else statistic += (found - batch * probability) ** 2 / (batch * probability);
    });
    const possible = probabilities.filter((probability) => probability > 0).length;
    expect(possible).toBeGreaterThan(2);
    expect(statistic).toBeLessThan(critical(possible - 1));
  });
});
