/** What must hold for any weights: no recording needed. Run on every backend, so shapes are tiny. */
import { describe, expect, it } from 'vitest';
import type { ModelConfig, OptimizerConfig, Pooling } from '../../../src/contract/config';
import { finish } from '../../../src/contract/steps';
import type { CausalNetwork, GenerateOptions, Heads, Rollout, TokenBatch } from '../../../src/core/model/causalNetwork';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { styleOf } from '../../../src/core/model/executor';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';

const GPT: ModelConfig = {
  vocabSize: 9,
  contextLength: 12,
  layers: 2,
  heads: 2,
  width: 8,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};
const PAPER_2017: ModelConfig = { ...GPT, positions: 'sinusoidal', norm: 'post', activation: 'relu', tiedHead: false };
const ADAM: OptimizerConfig = { beta1: 0.9, beta2: 0.999, epsilon: 1e-5, weightDecay: 0, maxGradNorm: 1 };
const BOTH: Heads = { language: true, scalar: true };
const [PAD, EOS] = [0, 2];

/** weights five times as large as GPT-2 begins with, so that rows really differ; the scalar head is not 0 */
function network(config: ModelConfig = GPT, heads: Heads = BOTH): CausalNetwork {
  const made = createNetwork(config, heads, Random.fromSeed(7), 'policy');
  const random = Random.fromSeed(8);
  const data = (shape: number[]) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * 0.3);
  made.load(
    Object.fromEntries(made.parameters.map(({ name, shape }) => [name, { shape: [...shape], data: data(shape) }])),
  );
  return made;
}
const batchOf = (rows: number[][], leftPad: number[] | null = null): TokenBatch => ({
  tokens: tf.tensor2d(rows, undefined, 'int32'),
  leftPad: leftPad && tf.tensor1d(leftPad, 'int32'),
});
const read = async (tensor: tf.Tensor): Promise<number[]> => [...(await tensor.data())];
async function expectClose(actual: tf.Tensor, expected: tf.Tensor, tolerance = 2e-5): Promise<void> {
  expect(actual.shape).toEqual(expected.shape);
  const [a, b] = [await read(actual), await read(expected)];
  const worst = Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
  expect(worst).toBeLessThan(tolerance);
}
const columns = <T extends tf.Tensor>(tensor: T, from: number, count: number): T =>
  tf.slice(tensor, [0, from], [tensor.shape[0] as number, count]);
const OPTIONS: GenerateOptions = {
  sampling: { temperature: 0.7, topK: 0, topP: 1 },
  completionLength: 6,
  eosId: EOS,
  padId: PAD,
};

const ROWS = [
  [1, 3, 4, 5, 6, 7],
  [1, 8, 8, 3, 4, 2],
  [1, 5, 6, 5, 6, 5],
];

export function itBehavesAsANetwork(): void {
  for (const [name, config] of [
    ['GPT-2', GPT],
    ['the model of 2017', PAPER_2017],
  ] as const) {
    it(`${name}: a later token never moves earlier logits`, async () => {
      const model = network(config);
      const changed = ROWS.map((row) => [...row.slice(0, 4), 3, 3]);
      const [before, after] = [model.logits(batchOf(ROWS)), model.logits(batchOf(changed))];
      expect(await read(columns(before, 0, 4))).toEqual(await read(columns(after, 0, 4)));
      expect(await read(columns(before, 4, 2))).not.toEqual(await read(columns(after, 4, 2)));
    });

    it(`${name}: logits beside log-probabilities are both what each is alone, to the bit`, async () => {
      const model = network(config);
      const padded = [ROWS[0]!, [PAD, PAD, 1, 8, 3, 2], ROWS[2]!];
      const batch = { ...batchOf(padded, [0, 2, 0]), ends: tf.tensor1d([6, 6, 5], 'int32') };
      const both = model.logprobsAndLogits(batch, 3, 0.7);
      const alone = { ...model.logprobs(batch, 3, 0.7), logits: model.logits(batch, 2, 3) };
      for (const which of ['logprobs', 'entropy', 'logits'] as const) {
        expect(both[which].shape).toEqual(alone[which].shape);
        expect(await read(both[which])).toEqual(await read(alone[which]));
      }
    });

    it(`${name}: a row padded on the left gives the numbers of the row alone`, async () => {
      const model = network(config);
      const rows = [
        [PAD, PAD, PAD, ...ROWS[0]!],
        [...ROWS[1]!, 3, 4, 5],
      ];
      const padded = batchOf(rows, [3, 0]);
      const alone = batchOf([ROWS[0]!]);
      await expectClose(tf.slice(model.logits(padded), [0, 3, 0], [1, 6, 9]), model.logits(alone));
      await expectClose(tf.slice(model.values(padded, 4), [0, 0], [1, 5]), model.values(alone, 1));
    });

    it(`${name}: decoding with the cache gives the logits of a full pass`, async () => {
      const model = network(config, { language: true, scalar: false });
      const greedy = { ...OPTIONS, sampling: { temperature: 0, topK: 0, topP: 1 }, eosId: null };
      const { batch } = model.generate(
        batchOf([ROWS[0]!, [PAD, ...ROWS[1]!.slice(0, 5)]], [0, 1]),
        greedy,
        Random.fromSeed(1),
      );
      const likeliest = tf.argMax(model.logits(batch, 5), 2); // columns 5 … 11 speak about tokens 6 … 12
      expect(await read(columns(batch.tokens, 6, 6))).toEqual(await read(columns(likeliest, 0, 6)));
    });
  }

  it('gives attention rows that sum to 1 and never look ahead', async () => {
    const maps = network().attention(batchOf(ROWS));
    expect(maps.map(({ shape }) => shape)).toEqual([
      [2, 6, 6],
      [2, 6, 6],
    ]);
    for (const map of maps) {
      for (const sum of await read(tf.sum(map, -1))) expect(sum).toBeCloseTo(1, 5);
      const ahead = tf.mul(map, tf.sub(1, tf.linalg.bandPart(tf.ones([6, 6]), -1, 0)));
      expect(await read(tf.max(ahead))).toEqual([0]);
    }
  });

  it('lets nobody look at padding', async () => {
    const [map] = network().attention(batchOf([[PAD, PAD, 1, 3, 4]], [2]));
    const real = await read(tf.slice(map as tf.Tensor3D, [0, 2, 0], [2, 3, 2]));
    expect(real.every((weight) => weight === 0)).toBe(true);
  });

  it('gives a batch of eight the numbers of two batches of four', async () => {
    const model = network();
    const rows = Array.from({ length: 8 }, (_, b) => [1, 3, 4, 5, 6].map((token) => (token + b) % 9));
    const halves = [rows.slice(0, 4), rows.slice(4)].map((half) => model.logprobs(batchOf(half), 1, 0.7).logprobs);
    await expectClose(model.logprobs(batchOf(rows), 1, 0.7).logprobs, tf.concat2d(halves, 0), 1e-6);
  });

  it('gives a batch of eight the gradient of two batches of four', async () => {
    const rows = Array.from({ length: 8 }, (_, b) => [1, 3, 4, 5, 6].map((token) => (token + b) % 9));
    const gradientOf = async (part: number[][]): Promise<tf.Tensor> => {
      const model = network(GPT, { language: true, scalar: false });
      const optimizer = model.createOptimizer({ ...ADAM, beta1: 0, maxGradNorm: 0 });
      tf.dispose(optimizer.minimize(() => ({ loss: tf.neg(tf.sum(model.logprobs(batchOf(part), 1, 1).logprobs)) }), 0));
      const moments = await optimizer.save();
      return tf.concat1d(model.parameters.map(({ name }) => tf.tensor1d(moments[`m/${name}`]?.data ?? [])));
    };
    const halves = tf.add(await gradientOf(rows.slice(0, 4)), await gradientOf(rows.slice(4)));
    await expectClose(await gradientOf(rows), halves, 2e-4);
  });

  it('starts with ratio exactly 1 and KL exactly 0, on a padded batch with early ends', async () => {
    const policy = network();
    const reference = policy.clone('reference', { language: true, scalar: false });
    const rows = Array.from({ length: 8 }, (_, b) =>
      Array.from({ length: 4 }, (_, t) => (t < b % 3 ? PAD : 3 + ((b + t) % 6))),
    );
    const prompts = batchOf(
      rows,
      rows.map((_, b) => b % 3),
    );
    const rollout = policy.generate(prompts, OPTIONS, Random.fromSeed(3));
    const mask = await read(rollout.completionMask);
    expect(mask.some((counts) => counts === 0)).toBe(true); // at this seed a row ends early
    const counted = (values: tf.Tensor) => read(tf.mul(values, rollout.completionMask));
    const recorded = await read(rollout.logprobs);
    expect(await counted(policy.logprobs(rollout.batch, 4, 0.7).logprobs)).toEqual(recorded);
    expect(await counted(policy.logprobsAndValues(rollout.batch, 4, 0.7).logprobs)).toEqual(recorded);
    expect(await counted(reference.logprobs(rollout.batch, 4, 0.7).logprobs)).toEqual(recorded);
  });

  it('writes <eos> once, then padding that does not count', async () => {
    const rollout = network().generate(batchOf(ROWS), OPTIONS, Random.fromSeed(4));
    const tokens = (await rollout.batch.tokens.array()) as number[][];
    const masks = (await rollout.completionMask.array()) as number[][];
    const logprobs = (await rollout.logprobs.array()) as number[][];
    for (const [b, row] of tokens.entries()) {
      const completion = row.slice(6);
      const end = completion.indexOf(EOS) === -1 ? 6 : completion.indexOf(EOS) + 1;
      expect(masks[b]).toEqual(completion.map((_, g) => Number(g < end)));
      expect(completion.slice(end).every((token) => token === PAD)).toBe(true);
      expect(logprobs[b]?.slice(end).every((value) => value === 0)).toBe(true);
      expect(logprobs[b]?.slice(0, end).every((value) => value < 0)).toBe(true);
    }
  });

  it('samples the same completions from the same stream, others from another', async () => {
    const model = network();
    const short = { ...OPTIONS, completionLength: 3 };
    const write = async (seed: number) =>
      read(model.generate(batchOf(ROWS), short, Random.fromSeed(seed)).batch.tokens);
    expect(await write(1)).toEqual(await write(1));
    expect(await write(1)).not.toEqual(await write(2));
  });

  describe('writing in slices', () => {
    const long: ModelConfig = { ...GPT, contextLength: 30 };
    const options = { ...OPTIONS, completionLength: 20, eosId: null };
    const content = async ({ batch, completionMask, logprobs }: Rollout) =>
      Promise.all([batch.tokens, completionMask, logprobs].map((tensor) => read(tensor)));
    const take = (work: Generator<void, Rollout>, slices: number) =>
      Array.from({ length: slices }, () => work.next().done);

    /** that 20 columns and the last pass have at least: a slice is eight columns, on a real card 32 */
    const fewest = (model: CausalNetwork): number => ([undefined, 'solitary'].includes(styleOf(model)) ? 3 : 2);

    it('stops after the columns of a slice and before the last pass, and gives the same numbers', async () => {
      const model = network(long);
      const expected = await content(model.generate(batchOf(ROWS), options, Random.fromSeed(3)));
      const work = model.generateInSlices(batchOf(ROWS), options, Random.fromSeed(3));
      expect(take(work, fewest(model))).not.toContain(true);
      const rest = [work.next(), work.next()].find(({ done }) => done);
      expect(await content(rest!.value as Rollout)).toEqual(expected);
    });

    it('leaves room for other texts and passes in between', async () => {
      const model = network(long);
      const write = (seed: number) => content(model.generate(batchOf(ROWS), options, Random.fromSeed(seed)));
      const expected = [await write(3), await write(4)];
      const works = [3, 4].map((seed) => model.generateInSlices(batchOf(ROWS), options, Random.fromSeed(seed)));
      for (const work of works) take(work, 1);
      expect(await write(4)).toEqual(expected[1]);
      for (const work of works) take(work, 1);
      model.logits(batchOf(ROWS));
      expect(await Promise.all(works.map((work) => content(finish(work))))).toEqual(expected);
    });

    it('frees what was begun when it is given up, wherever that is, and writes the same afterwards', async () => {
      const model = network(long);
      const prompts = batchOf(ROWS, [0, 0, 0]);
      const expected = await content(model.generate(prompts, options, Random.fromSeed(3)));
      for (let slices = 0; slices <= fewest(model); slices++) {
        const { numTensors } = tf.memory();
        const work = model.generateInSlices(prompts, options, Random.fromSeed(5));
        expect(take(work, slices).includes(true), `${slices} slices`).toBe(false);
        work.return(undefined as never);
        expect(tf.memory().numTensors - numTensors, `after ${slices} slices`).toBe(0);
      }
      expect(await content(model.generate(prompts, options, Random.fromSeed(3)))).toEqual(expected);
    });
  });

  it('reads values before each token and scores at each token', async () => {
    const model = network();
    await expectClose(
      columns(model.values(batchOf(ROWS), 2), 1, 3),
      columns(model.tokenScores(batchOf(ROWS), 2), 0, 3),
      1e-6,
    );
  });

  it.each(['last', 'sum', 'mean'] as Pooling[])('pools scores: %s', async (pooling) => {
    const model = network();
    model.setScoreScale(2, 1);
    const mask = tf.tensor2d([
      [1, 1, 0, 0],
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ]);
    const tokens = (await model.tokenScores(batchOf(ROWS), 2).array()) as number[][];
    const total = (row: number[]) => row.reduce((sum, value) => sum + value, 0);
    const raw = {
      last: [tokens[0]![1]!, 0, tokens[2]![3]!],
      sum: [total(tokens[0]!.slice(0, 2)) / 12, 0, total(tokens[2]!) / 12],
      mean: [total(tokens[0]!.slice(0, 2)) / 2, 0, total(tokens[2]!) / 4],
    }[pooling];
    const expected = tf.tensor1d(raw.map((value) => 2 * value + 1));
    await expectClose(model.scores(batchOf(ROWS), 2, mask, pooling), expected, 1e-5);
  });

  it('clones independent weights, with a new scalar head at exactly 0', async () => {
    const policy = network(GPT, { language: true, scalar: false });
    const reference = policy.clone('reference');
    const reward = policy.clone('rewardModel', { language: false, scalar: true });
    const before = await read(reference.logits(batchOf(ROWS)));
    expect((await read(reward.tokenScores(batchOf(ROWS), 1))).every((score) => score === 0)).toBe(true);
    const optimizer = policy.createOptimizer(ADAM);
    tf.dispose(
      optimizer.minimize(() => ({ loss: tf.neg(tf.mean(policy.logprobs(batchOf(ROWS), 1, 1).logprobs)) }), 0.1),
    );
    expect(await read(reference.logits(batchOf(ROWS)))).toEqual(before);
    expect(await read(policy.logits(batchOf(ROWS)))).not.toEqual(before);
  });

  it('trains the head alone when the trunk has rate 0', async () => {
    const model = network(GPT, { language: false, scalar: true });
    const before = await model.save();
    const optimizer = model.createOptimizer(ADAM);
    tf.dispose(optimizer.minimize(() => ({ loss: tf.mean(tf.square(model.values(batchOf(ROWS), 1))) }), 0, 0.1));
    const after = await model.save();
    expect(after['block0/mlp/wIn']).toEqual(before['block0/mlp/wIn']);
    expect(after['scalarHead/weight']).not.toEqual(before['scalarHead/weight']);
  });

  it('saves and loads to the same numbers, and refuses what does not fit without a change', async () => {
    const [one, other] = [network(), createNetwork(GPT, BOTH, Random.fromSeed(99), 'other')];
    const saved = await one.save();
    other.load(saved);
    const logits = await read(one.logits(batchOf(ROWS)));
    expect(await read(other.logits(batchOf(ROWS)))).toEqual(logits);
    const { 'finalNorm/gain': _, ...missing } = saved;
    expect(() => other.load(missing)).toThrow('finalNorm/gain');
    expect(() => other.load({ ...saved, tokenEmbedding: { shape: [1], data: new Float32Array(1) } })).toThrow(
      'tokenEmbedding is [1]',
    );
    expect(await read(other.logits(batchOf(ROWS)))).toEqual(logits);
  });

  it('names both sides of what does not fit', () => {
    const model = network();
    const floats: TokenBatch = { tokens: tf.tensor2d([[1, 2]]), leftPad: null };
    expect(() => model.logits(floats)).toThrow('tokens are float32, expected int32');
    expect(() => model.logits(batchOf(ROWS, [0]))).toThrow('leftPad is [1] int32, tokens are [3,6]');
    expect(() => model.logprobs(batchOf(ROWS), 0, 1)).toThrow('from is 0, expected 1 to 5');
    expect(() => model.values(batchOf(ROWS), 6)).toThrow('from is 6');
    expect(() => model.scores(batchOf(ROWS), 2, tf.ones([3, 3]), 'last')).toThrow(
      'mask is [3,3], tokenScores is [3,4]',
    );
  });

  it('refuses more tokens than its context holds', () => {
    const model = network();
    expect(() => model.logits(batchOf([Array.from({ length: 13 }, () => 1)]))).toThrow('context holds 12');
    expect(() => model.generate(batchOf(ROWS), { ...OPTIONS, completionLength: 7 }, Random.fromSeed(1))).toThrow(
      'do not fit',
    );
  });
}
