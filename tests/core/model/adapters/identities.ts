import { expect, it } from 'vitest';
import type { Tuning } from '../../../../src/contract/adapters';
import type { ModelConfig, OptimizerConfig } from '../../../../src/contract/config';
import type { LoraConfig } from '../../../../src/contract/settings/lora';
import { sideA, sideB, tuningOf } from '../../../../src/core/model/adapters/tuning';
import type { CausalNetwork, Heads, NamedTensors, TokenBatch } from '../../../../src/core/model/causalNetwork';
import { createNetwork, restoreNetwork } from '../../../../src/core/model/createNetwork';
import { parameterList } from '../../../../src/core/model/layout';
import { PortableNetwork } from '../../../../src/core/model/portableNetwork';
import { Random } from '../../../../src/core/tensor/random';
import { tf } from '../../../../src/core/tf';

const GPT: ModelConfig = {
  vocabSize: 9,
  contextLength: 12,
  layers: 3,
  heads: 2,
  width: 8,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};
const PAPER_2017: ModelConfig = { ...GPT, positions: 'sinusoidal', norm: 'post', activation: 'relu', tiedHead: false };
const ADAM: OptimizerConfig = { beta1: 0.9, beta2: 0.999, epsilon: 1e-5, weightDecay: 0, maxGradNorm: 0 };
export const LORA: LoraConfig = { loraRank: 2, loraAlpha: 6, loraStable: false, loraTargets: 'both', frozenLayers: 0 };
const LANGUAGE: Heads = { language: true, scalar: false };
const BOTH: Heads = { language: true, scalar: true };
const SEED = Random.fromSeed(3);
const LEFT_PADDED = [
  [0, 0, 1, 3, 4, 5],
  [1, 8, 8, 3, 4, 2],
];

const batch = (): TokenBatch => ({
  tokens: tf.tensor2d(LEFT_PADDED, undefined, 'int32'),
  leftPad: tf.tensor1d([2, 0], 'int32'),
});
const drawn = (shape: readonly number[], random: Random) => ({
  shape: [...shape],
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * 0.3),
});

/** weights five times as large as GPT-2 begins with, so that adapters really act */
function weightsOf(config: ModelConfig, heads: Heads): NamedTensors {
  const random = Random.fromSeed(8);
  return Object.fromEntries(parameterList(config, heads).map(({ name, shape }) => [name, drawn(shape, random)]));
}
const trunk = (config: ModelConfig = GPT, heads = LANGUAGE): CausalNetwork =>
  restoreNetwork(config, heads, weightsOf(config, heads), 'trunk');
function tunedFrom(base: CausalNetwork, config: Partial<LoraConfig> = {}, heads = LANGUAGE): CausalNetwork {
  const tuning = tuningOf({ ...LORA, ...config }, parameterList(base.config, heads), base.config);
  return base.tuned('policy', heads, tuning, SEED);
}
const logitsOf = async (network: CausalNetwork) => [...(await network.logits(batch()).data())];
const lossOf = (network: CausalNetwork): tf.Scalar =>
  tf.neg(tf.mean<tf.Scalar>(network.logprobs(batch(), 3, 1).logprobs));
async function train(network: CausalNetwork, steps: number, loss = () => lossOf(network)): Promise<void> {
  const optimizer = network.createOptimizer(ADAM);
  for (let step = 0; step < steps; step++) {
    const { loss: value, gradNorm } = optimizer.minimize(() => ({ loss: loss() }), 0.02);
    tf.dispose([value, gradNorm]);
  }
  optimizer.dispose();
}
/** after one step Adam's first average is (1 − β₁) times the gradient */
async function gradientsOf(network: CausalNetwork): Promise<NamedTensors> {
  const optimizer = network.createOptimizer(ADAM);
  const before = await network.save();
  tf.dispose(
    Object.values(optimizer.minimize(() => ({ loss: lossOf(network) }), 0)).filter((x) => x instanceof tf.Tensor),
  );
  network.load(before);
  const saved = await optimizer.save();
  optimizer.dispose();
  const moments = Object.entries(saved).filter(([name]) => name.startsWith('m/'));
  return Object.fromEntries(
    moments.map(([name, { shape, data }]) => [name.slice(2), { shape, data: data.map((m) => m / (1 - ADAM.beta1)) }]),
  );
}
/** not a number where one list is shorter */
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from({ length: Math.max(a.length, b.length) }).reduce<number>(
    (worst, _, i) => Math.max(worst, Math.abs(a[i]! - b[i]!)),
    0,
  );
const differs = (a: readonly number[], b: readonly number[]) => expect(farthest(a, b)).toBeGreaterThan(1e-3);

/** what every executor knows */
export const GPT_2 = [['GPT-2', GPT]] as const;
export const ALL_KINDS = [...GPT_2, ['the model of 2017', PAPER_2017]] as const;

/** Identities of a network of which a part learns, on whatever executor networks are made for. */
export function itLearnsInPart(kinds: readonly (readonly [string, ModelConfig])[]): void {
  it.each(kinds)('begins with the bits of its trunk, and at distance 0 from it: %s', async (_, config) => {
    const base = trunk(config);
    const policy = tunedFrom(base);
    expect(await logitsOf(policy)).toEqual(await logitsOf(base));
    const [mine, theirs] = [policy, base].map((network) => network.logprobs(batch(), 3, 1).logprobs);
    expect(await tf.abs(tf.sub(mine!, theirs!)).max().data()).toEqual(Float32Array.of(0));
  });

  it('learns while its trunk keeps every bit, with a head and norms beside the adapters', async () => {
    const base = trunk();
    const before = await logitsOf(base);
    const heads = BOTH;
    const tuning = tuningOf(LORA, parameterList(GPT, heads), GPT);
    const norms = ['finalNorm/gain', 'finalNorm/bias', 'block1/norm1/gain', 'block1/norm1/bias'];
    const policy = base.tuned('policy', heads, { ...tuning, whole: norms }, SEED);
    await train(policy, 10, () => tf.add(lossOf(policy), tf.mean(tf.square(tf.sub(policy.values(batch(), 3), 1)))));
    differs(await logitsOf(policy), before);
    expect(await logitsOf(base)).toEqual(before);
    const saved = await policy.save();
    for (const name of [...norms, 'scalarHead/weight', 'scalarHead/bias']) expect(saved).toHaveProperty([name]);
  });

  it('has the fine-tuned adapter for its reference where it begins as one', async () => {
    const base = trunk();
    const fineTuned = tunedFrom(base);
    await train(fineTuned, 5);
    const reference = await logitsOf(fineTuned);
    differs(reference, await logitsOf(base));
    for (const policy of [tunedFrom(fineTuned, { loraRank: 3 }), fineTuned.clone('policy')]) {
      expect(await logitsOf(policy)).toEqual(reference);
      await train(policy, 10);
      differs(await logitsOf(policy), reference);
      expect(await logitsOf(fineTuned)).toEqual(reference);
    }
  });

  it('has the gradients that the chain rule makes of that of the whole matrix, W + s·A·B', async () => {
    const base = trunk();
    const tuned = tunedFrom(base);
    await train(tuned, 3);
    const [adapters, gradients] = [await tuned.save(), await gradientsOf(tuned)];
    const whole = await gradientsOf(tuned.merged('merged'));
    const matrixOf = ({ shape, data }: NamedTensors[string]) => tf.tensor2d(data, shape as [number, number]);
    const scaling = LORA.loraAlpha / LORA.loraRank;
    for (const name of ['block0/attn/wQkv', 'block1/attn/wOut', 'block2/mlp/wOut']) {
      const [a, b, g] = [adapters[sideA(name)]!, adapters[sideB(name)]!, whole[name]!].map(matrixOf);
      const wantedA = tf.mul(tf.matMul(g!, b!, false, true), scaling);
      const wantedB = tf.mul(tf.matMul(a!, g!, true, false), scaling);
      expect(farthest(gradients[sideA(name)]!.data, await wantedA.data())).toBeLessThan(1e-5);
      expect(farthest(gradients[sideB(name)]!.data, await wantedB.data())).toBeLessThan(1e-5);
      expect(Math.max(...(await tf.abs(wantedA).data()))).toBeGreaterThan(1e-3);
    }
  });

  it('at its beginning has no gradient of A, and one of B', async () => {
    const gradients = await gradientsOf(tunedFrom(trunk()));
    const name = 'block1/attn/wOut';
    expect(gradients[sideA(name)]!.data.every((value) => value === 0)).toBe(true);
    expect(gradients[sideB(name)]!.data.some((value) => Math.abs(value) > 1e-3)).toBe(true);
  });

  it.each(kinds)(
    'is a plain model of the same logits when it is merged, also on another adapter: %s',
    async (_, config) => {
      const first = tunedFrom(trunk(config));
      await train(first, 5);
      const second = tunedFrom(first, { loraRank: 1, loraStable: true });
      await train(second, 5);
      for (const tuned of [first, second]) {
        const merged = tuned.merged('merged');
        expect(Object.keys(await merged.save())).toEqual(parameterList(config, LANGUAGE).map(({ name }) => name));
        expect(farthest(await logitsOf(merged), await logitsOf(tuned))).toBeLessThan(1e-5);
        expect(await tuned.savePlain()).toEqual(await merged.save());
      }
    },
  );

  it('writes what the plain model writes that it becomes when merged', async () => {
    const policy = tunedFrom(trunk());
    await train(policy, 5);
    const prompts: TokenBatch = { tokens: tf.tensor2d([[1, 3]], undefined, 'int32'), leftPad: null };
    const options = { sampling: { temperature: 0, topK: 0, topP: 1 }, completionLength: 6, eosId: 2, padId: 0 };
    const [own, merged] = await Promise.all(
      [policy, policy.merged('merged')].map((network) =>
        network.generate(prompts, options, Random.fromSeed(1)).batch.tokens.array(),
      ),
    );
    expect(own).toEqual(merged);
  });

  it('saves adapters alone, and goes on from them to the same bits', async () => {
    const policy = tunedFrom(trunk());
    await train(policy, 3);
    const saved = await policy.save();
    expect(Object.keys(saved)).toHaveLength(2 * 4 * GPT.layers);
    const again = tunedFrom(trunk());
    again.load(saved);
    for (const network of [policy, again]) await train(network, 3);
    expect(await logitsOf(again)).toEqual(await logitsOf(policy));
  });

  it('begins a reward model and a critic where the trunk is, scores at 0', async () => {
    const base = trunk();
    const judge = tunedFrom(base, {}, { language: false, scalar: true });
    expect(await judge.hidden(batch()).data()).toEqual(await base.hidden(batch()).data());
    const scores = await judge.scores(batch(), 3, tf.ones([2, 3]), 'last').data();
    expect([...scores].every((score) => score === 0)).toBe(true);
  });

  it.each([
    ['attention', ['attn/wQkv', 'attn/wOut']],
    ['mlp', ['mlp/wIn', 'mlp/wOut']],
  ] as const)('changes what it is told to: %s', async (loraTargets, parts) => {
    const saved = await tunedFrom(trunk(), { loraTargets, frozenLayers: 1 }).save();
    const wanted = [1, 2].flatMap((layer) => parts.map((part) => `block${layer}/${part}`));
    expect(Object.keys(saved)).toEqual(wanted.flatMap((name) => [sideA(name), sideB(name)]));
  });

  it('has no adapter where it would be passed over, and none of what it lacks', () => {
    const make = (changes: Tuning['changes'], whole: string[] = []) =>
      trunk().tuned('policy', LANGUAGE, { changes, whole }, SEED);
    const change = { rank: 2, scaling: 1 };
    expect(() => make({ tokenEmbedding: change })).toThrow('tokenEmbedding has an adapter that can only be merged');
    expect(() => make({ 'block9/attn/wQkv': change })).toThrow('there is no block9/attn/wQkv that could learn');
    expect(() => make({}, ['block0/norm3/gain'])).toThrow('there is no block0/norm3/gain that could learn');
  });

  it('multiplies the change by α/r, or by α/√r', () => {
    const list = parameterList(GPT, LANGUAGE);
    const scaling = (config: Partial<LoraConfig>) =>
      tuningOf({ ...LORA, ...config }, list, GPT).changes['block0/attn/wQkv']!.scaling;
    expect(scaling({ loraRank: 4, loraAlpha: 8 })).toBe(2);
    expect(scaling({ loraRank: 4, loraAlpha: 8, loraStable: true })).toBe(4);
  });

  it('keeps embeddings and the lowest layers where those are frozen, and trains the rest as a whole model would at first', async () => {
    const base = trunk();
    const tuned = tunedFrom(base, { loraRank: 0, frozenLayers: 2 });
    const learning = Object.keys(await tuned.save());
    expect(learning.every((name) => /^(?:block2|finalNorm)\//.test(name))).toBe(true);
    expect(learning).toHaveLength(14);
    const [some, all] = [await gradientsOf(tuned), await gradientsOf(base)];
    for (const name of learning) expect(farthest(some[name]!.data, all[name]!.data)).toBeLessThan(1e-6);
    const before = await base.save();
    await train(tuned, 10);
    const after = await tuned.savePlain();
    for (const [name, { data }] of Object.entries(before))
      if (!learning.includes(name)) expect(after[name]!.data).toEqual(data);
    expect(await base.save()).toEqual(before);
  });

  it('saves the same plain as otherwise where all learns', async () => {
    const network = createNetwork(GPT, BOTH, Random.fromSeed(1), 'policy');
    network.setScoreScale(2, 3);
    expect(await network.savePlain()).toEqual(await network.save());
    expect(await network.merged('merged').save()).toEqual(await network.save());
  });
}

/** the same weights on the portable executor */
const portableTrunk = () => new PortableNetwork('trunk', GPT, LANGUAGE, weightsOf(GPT, LANGUAGE));

/** Where networks are made for another executor than the portable one. */
export function itLearnsInPartAsThePortable(): void {
  it.each<[string, Partial<LoraConfig>, Heads]>([
    ['adapters on all matrices', {}, LANGUAGE],
    ['adapters of another rank, rank-stabilised, a head beside', { loraRank: 3, loraStable: true }, BOTH],
    ['adapters on attention of upper layers', { loraTargets: 'attention', frozenLayers: 1 }, LANGUAGE],
    ['adapters on the MLPs', { loraTargets: 'mlp' }, LANGUAGE],
    ['upper layers', { loraRank: 0, frozenLayers: 2 }, LANGUAGE],
  ])('has the gradients and takes the steps that the portable executor takes: %s', async (_, config, heads) => {
    const [own, portable] = [trunk(), portableTrunk()].map((base) => tunedFrom(base, config, heads));
    await train(own!, 2);
    await train(portable!, 2);
    const [mine, theirs] = [await gradientsOf(own!), await gradientsOf(portable!)];
    expect(Object.keys(mine).sort()).toEqual(Object.keys(theirs).sort());
    for (const [name, { data }] of Object.entries(theirs)) expect(farthest(mine[name]!.data, data)).toBeLessThan(5e-5);
    expect(farthest(await logitsOf(own!), await logitsOf(portable!))).toBeLessThan(2e-4);
  });

  it('goes on from the adapters that the other executor saved, also on another adapter', async () => {
    const [own, portable] = [trunk(), portableTrunk()].map((base) => tunedFrom(tunedFrom(base), { loraRank: 1 }));
    await train(portable!, 3);
    own!.load(await portable!.save());
    expect(farthest(await logitsOf(own!), await logitsOf(portable!))).toBeLessThan(2e-5);
  });

  it('lets a trunk learn on by itself, and keeps what stands on it where it was', async () => {
    const base = trunk();
    const policy = tunedFrom(base);
    const before = await logitsOf(policy);
    await train(base, 3);
    differs(await logitsOf(base), before);
    expect(await logitsOf(policy)).toEqual(before);
    policy.dispose();
    base.load(weightsOf(GPT, LANGUAGE));
    expect(await logitsOf(base)).toEqual(before);
  });
}
