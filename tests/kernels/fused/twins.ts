/**
 * Both executors on the same weights and rows: the same numbers forward, the same gradient of every weight, the same
 * steps.
 */

import { expect, it } from 'vitest';
import type { ModelConfig, OptimizerConfig } from '../../../src/contract/config';
import { finish } from '../../../src/contract/steps';
import type { CausalNetwork, Heads, NamedTensors, TokenBatch } from '../../../src/core/model/causalNetwork';
import { fusedEngine } from '../../../src/core/model/executor';
import type { Engine } from '../../../src/core/model/fused/engine';
import { FusedNetwork } from '../../../src/core/model/fused/fusedNetwork';
import { recordColumns } from '../../../src/core/model/fused/rolloutColumns';
import { RolloutWriter } from '../../../src/core/model/fused/rolloutWriter';
import { parameterList } from '../../../src/core/model/layout';
import { PortableNetwork } from '../../../src/core/model/portableNetwork';
import { Random } from '../../../src/core/tensor/random';
import { sizeOf } from '../../../src/core/tensor/shapes';
import { tf } from '../../../src/core/tf';

const BASE: ModelConfig = {
  vocabSize: 11,
  contextLength: 12,
  layers: 2,
  heads: 2,
  width: 16,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};
/** sizes that no vector of four divides, heads of one width or another, a single layer, a single head */
const SHAPES: Record<string, { config: ModelConfig; rows: number; length: number }> = {
  ordinary: { config: BASE, rows: 3, length: 9 },
  'odd sizes': { config: { ...BASE, width: 18, heads: 3, vocabSize: 63, layers: 1 }, rows: 2, length: 7 },
  'one row of two tokens': { config: { ...BASE, heads: 1 }, rows: 1, length: 2 },
};
const BOTH: Heads = { language: true, scalar: true };
const ADAM: OptimizerConfig = { beta1: 0.9, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, maxGradNorm: 0.5 };
/** the gradient itself is left in the first moment */
const BARE: OptimizerConfig = { beta1: 0, beta2: 0.9, epsilon: 1e-8, weightDecay: 0, maxGradNorm: 0 };

/** nothing is 0 and rows really differ */
function weightsOf(config: ModelConfig): NamedTensors {
  const random = Random.fromSeed(5);
  return Object.fromEntries(
    parameterList(config, BOTH).map(({ name, shape }) => {
      const data = Float32Array.from({ length: sizeOf(shape) }, () => random.normal() * 0.3);
      return [name, { shape: [...shape], data }];
    }),
  );
}

function fusedOf(config: ModelConfig, mostLogits?: number): FusedNetwork {
  const engine = { ...(fusedEngine(config) as Engine), poison: true, ...(mostLogits && { mostLogits }) };
  return new FusedNetwork(engine, 'fused', config, BOTH, weightsOf(config));
}

/** the same work by the fused executor where it plays, then by the portable one on the processor */
async function byBoth<T>(
  config: ModelConfig,
  work: (model: CausalNetwork) => Promise<T>,
): Promise<[fused: T, portable: T]> {
  const run = async (model: CausalNetwork): Promise<T> => {
    const result = await work(model);
    model.dispose();
    return result;
  };
  const own = tf.getBackend();
  const fused = await run(fusedOf(config));
  await tf.setBackend('cpu');
  try {
    return [fused, await run(new PortableNetwork('portable', config, BOTH, weightsOf(config)))];
  } finally {
    await tf.setBackend(own);
  }
}

function batchOf(rows: number, length: number, vocabSize: number): TokenBatch {
  const random = Random.fromSeed(2);
  const tokens = Int32Array.from({ length: rows * length }, () => random.integer(vocabSize));
  const pads = Int32Array.from({ length: rows }, (_, b) => Math.min(b, length - 2));
  return { tokens: tf.tensor2d(tokens, [rows, length], 'int32'), leftPad: tf.tensor1d(pads, 'int32') };
}

function compare(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  expect(found.length, what).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  const worst = Math.max(
    ...Array.from(found, (value, i) => (Number.isFinite(value) ? Math.abs(value - expected[i]!) : Infinity)),
  );
  expect(worst / scale, what).toBeLessThan(tolerance);
}

type Loss = (model: CausalNetwork, batch: TokenBatch) => tf.Scalar;
/** each reaches the weights on another way */
const LOSSES: Record<string, Loss> = {
  'log-probabilities': (model, batch) => tf.neg(tf.mean(model.logprobs(batch, 1, 1).logprobs)),
  'log-probabilities of completions at a temperature': (model, batch) =>
    tf.sum(tf.square(model.logprobs(batch, batch.tokens.shape[1] - 1, 0.7).logprobs)),
  entropy: (model, batch) => tf.mean(model.logprobs(batch, 1, 0.8).entropy),
  logits: (model, batch) => tf.mean(tf.square(model.logits(batch))),
  values: (model, batch) => tf.mean(tf.square(tf.sub(model.values(batch, 1), 1))),
  'both heads at once': (model, batch) => {
    const { logprobs, entropy, values } = model.logprobsAndValues(batch, 1, 1);
    return tf.add(tf.sub(tf.mean(logprobs), tf.mean(entropy)), tf.mean(tf.square(values)));
  },
  'two passes in one loss': (model, batch) => {
    const length = batch.tokens.shape[1];
    const mask = tf.ones<tf.Rank.R2>([batch.tokens.shape[0], length - 1]);
    const scores = model.scores(batch, 1, mask, 'last');
    return tf.add(tf.sum(tf.square(scores)), tf.mean(model.logprobs(batch, 1, 1).logprobs));
  },
};

const READINGS: Record<string, (model: CausalNetwork, batch: TokenBatch) => tf.Tensor> = {
  hidden: (model, batch) => model.hidden(batch),
  logits: (model, batch) => model.logits(batch, 1),
  logprobs: (model, batch) => model.logprobs(batch, 1, 0.7).logprobs,
  entropy: (model, batch) => model.logprobs(batch, 1, 0.7).entropy,
  values: (model, batch) => model.values(batch, 1),
  'token scores': (model, batch) => model.tokenScores(batch, 0),
  attention: (model, batch) => tf.stack(model.attention(batch)),
};

/** loss, norm and the gradient of every weight */
async function gradientOf(
  model: CausalNetwork,
  loss: Loss,
  batch: TokenBatch,
): Promise<{ numbers: number[]; moments: NamedTensors }> {
  const optimizer = model.createOptimizer(BARE);
  const { loss: value, gradNorm } = optimizer.minimize(() => ({ loss: loss(model, batch) }), 0);
  const numbers = [(await value.data())[0]!, (await gradNorm.data())[0]!];
  const moments = await optimizer.save();
  optimizer.dispose();
  return { numbers, moments };
}

function compareWeights(found: NamedTensors, expected: NamedTensors, tolerance: number, prefix = ''): void {
  for (const name of Object.keys(expected).filter((one) => one.startsWith(prefix) && one !== 'scoreScale'))
    compare(found[name]!.data, expected[name]!.data, tolerance, name);
}

/** Registers the tests; the caller has started what the fused executor plays on. */
export function itAgreesWithThePortable(): void {
  for (const [name, { config, rows, length }] of Object.entries(SHAPES)) {
    it(`forward: ${name}`, async () => {
      const [fused, portable] = await byBoth(config, async (model) => {
        const batch = batchOf(rows, length, config.vocabSize);
        const tensors = Object.values(READINGS).map((read) => read(model, batch));
        return Promise.all(tensors.map(async (tensor) => ({ shape: tensor.shape, data: await tensor.data() })));
      });
      Object.keys(READINGS).forEach((what, i) => {
        expect(fused[i]!.shape, what).toEqual(portable[i]!.shape);
        compare(fused[i]!.data, portable[i]!.data, 2e-5, what);
      });
    });

    for (const [what, loss] of Object.entries(LOSSES)) {
      it(`gradient of ${what}: ${name}`, async () => {
        const [fused, portable] = await byBoth(config, (model) =>
          gradientOf(model, loss, batchOf(rows, length, config.vocabSize)),
        );
        compare(fused.numbers, portable.numbers, 5e-5, 'loss and norm');
        compareWeights(fused.moments, portable.moments, 5e-5, 'm/');
      });
    }
  }

  it('has the same numbers and gradients where its head reads a few rows at a time', async () => {
    const config = { ...BASE, vocabSize: 63 };
    const batch = batchOf(10, 12, config.vocabSize); // 110 rows: 64 and 46
    for (const what of ['log-probabilities of completions at a temperature', 'both heads at once', 'entropy']) {
      const [whole, parts] = [fusedOf(config), fusedOf(config, 63)];
      const [expected, found] = [
        await gradientOf(whole, LOSSES[what]!, batch),
        await gradientOf(parts, LOSSES[what]!, batch),
      ];
      compare(found.numbers, expected.numbers, 1e-6, what);
      compareWeights(found.moments, expected.moments, 1e-6, 'm/');
      if (parts.engine.writesAsItReads) expect(found).toEqual(expected);
      expect(await parts.unwritten()).toEqual([]);
      if (what !== 'log-probabilities of completions at a temperature') expect(parts.bytes).not.toBe(whole.bytes);
      for (const network of [whole, parts]) network.dispose();
    }
  });

  it('takes the same steps of AdamW, and its state moves from one executor to the other', async () => {
    const train = (from: { weights: NamedTensors; state: NamedTensors } | null) => async (model: CausalNetwork) => {
      const optimizer = model.createOptimizer(ADAM);
      if (from) model.load(from.weights);
      if (from) optimizer.load(from.state);
      const batch = batchOf(3, 9, BASE.vocabSize);
      for (let step = 0; step < 2; step++)
        tf.dispose(optimizer.minimize(() => ({ loss: LOSSES['both heads at once']!(model, batch) }), 1e-2, 3e-2));
      return { weights: await model.save(), state: await optimizer.save() };
    };
    const [fused, portable] = await byBoth(BASE, train(null));
    compareWeights(fused.weights, portable.weights, 2e-4);
    for (const from of [fused, portable]) {
      const [a, b] = await byBoth(BASE, train(from));
      compareWeights(a.weights, b.weights, 2e-4);
      expect(a.state.step!.data[0]).toBe(4);
    }
  });

  it('writes the same texts from the same random numbers', async () => {
    for (const sampling of [
      { temperature: 0.7, topK: 0, topP: 1 },
      { temperature: 1, topK: 3, topP: 1 },
      { temperature: 1, topK: 0, topP: 0.6 },
      { temperature: 0, topK: 0, topP: 1 },
    ]) {
      const [fused, portable] = await byBoth(BASE, async (model) => {
        const random = Random.fromSeed(9);
        const prompts = batchOf(4, 5, BASE.vocabSize);
        const rollout = model.generate(prompts, { sampling, completionLength: 7, eosId: 2, padId: 0 }, random);
        const { batch, completionMask, logprobs } = rollout;
        const [tokens, mask, scored] = await Promise.all(
          [batch.tokens, completionMask, logprobs].map((tensor) => tensor.data()),
        );
        return { tokens: [...tokens!], mask: [...mask!], scored: scored!, next: random.next() };
      });
      expect(fused.tokens, JSON.stringify(sampling)).toEqual(portable.tokens);
      expect(fused.mask).toEqual(portable.mask);
      expect(fused.next).toBe(portable.next);
      compare(fused.scored, portable.scored, 2e-5, 'log-probabilities');
    }
  });

  it('records while sampling the log-probabilities that a full pass gives afterwards', async () => {
    const model = fusedOf(BASE);
    const sampling = { temperature: 0.7, topK: 4, topP: 0.9 }; // filters do not change what is recorded
    const writer = new RolloutWriter(model.engine, BASE, (builder, shape) => recordColumns(builder, model, shape));
    const prompts = batchOf(4, 5, BASE.vocabSize);
    const written = finish(
      writer.write(prompts, { sampling, completionLength: 7, eosId: 2, padId: 0 }, Random.fromSeed(9)),
    );
    const full = model.logprobs({ tokens: written.tokens, leftPad: prompts.leftPad }, 5, sampling.temperature).logprobs;
    const expected = await tf.mul(full, written.mask).data();
    expect(Math.min(...expected)).toBeLessThan(-0.1);
    compare(await written.sampledLogprobs.data(), expected, 2e-5, 'sampled log-probabilities');
    writer.dispose();
    model.dispose();
  });

  it('leaves nothing in its memory unwritten, forward and backward', async () => {
    const model = fusedOf(BASE);
    const optimizer = model.createOptimizer(BARE);
    tf.dispose(
      optimizer.minimize(() => ({ loss: LOSSES['both heads at once']!(model, batchOf(3, 9, BASE.vocabSize)) }), 0),
    );
    expect(await model.unwritten()).toEqual([]);
  });

  it('gives the same bits twice', async () => {
    const train = async () => {
      const model = fusedOf(BASE);
      const optimizer = model.createOptimizer(ADAM);
      const batch = batchOf(3, 9, BASE.vocabSize);
      for (let step = 0; step < 3; step++)
        tf.dispose(optimizer.minimize(() => ({ loss: LOSSES['both heads at once']!(model, batch) }), 1e-2));
      return model.save();
    };
    expect(await train()).toEqual(await train());
  });

  it('leaves the gradient 0 when the loss does not reach the network', async () => {
    const model = fusedOf(BASE);
    const { gradNorm } = model.createOptimizer(BARE).minimize(() => ({ loss: tf.scalar(3) }), 0.1);
    expect((await gradNorm.data())[0]).toBe(0);
  });
}
