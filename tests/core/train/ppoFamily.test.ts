/** The relatives of PPO are settings of its loop; each does what its paper says, and can be stored and restored. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PpoConfig, presetConfig } from '../../../src/contract/config';
import { PPO_VARIANT_NAMES, ppoVariant } from '../../../src/contract/ppoVariants';
import { ppoClash } from '../../../src/contract/settings/clashes';
import { PPO } from '../../../src/contract/settings/ppo';
import { acts } from '../../../src/contract/settings/setting';
import type { CausalNetwork } from '../../../src/core/model/causalNetwork';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { corpusLoss } from '../../../src/core/train/corpusLoss';
import { disposeExperience, disposeRollout, type Experience } from '../../../src/core/train/experience';
import { evaluate, optimise, ppo, rollOut } from '../../../src/core/train/ppo';
import { drawPrompts } from '../../../src/core/train/ppoRelatives';
import type { PpoReport } from '../../../src/core/train/ppoReport';
import { PpoRun } from '../../../src/core/train/ppoRun';
import { withBackend } from '../../helpers/backend';
import { corpus, expectNoLeak, expectSameTensors, freedAfterEach, LAB, take, throughStorage, untrained } from './tiny';

withBackend('wasm');

let base: CausalNetwork;
let rewardModel: CausalNetwork;
beforeAll(() => {
  base = untrained(1);
  rewardModel = untrained(2).clone('rewardModel', { language: false, scalar: true });
  const optimizer = rewardModel.createOptimizer(LAB.reward.optimizer);
  const batch = { tokens: tf.tensor2d([[1, 2, 3, 4]], [1, 4], 'int32'), leftPad: null };
  const { loss, gradNorm } = optimizer.minimize(() => ({ loss: tf.sum(rewardModel.values(batch, 1)) }), 0.05);
  tf.dispose([loss, gradNorm, batch.tokens]);
  optimizer.dispose();
  rewardModel.setScoreScale(2, 0.5);
});
afterAll(() => {
  base.dispose();
  rewardModel.dispose();
});

const freed = freedAfterEach<PpoRun>();
function create(changes: Partial<PpoConfig> = {}, start?: CausalNetwork): PpoRun {
  const config = { ...LAB.ppo, iterations: 4, rollouts: 8, epochs: 2, schedule: 'constant' as const, ...changes };
  return freed(
    new PpoRun({
      seed: 1,
      config,
      base,
      start,
      rewardModel,
      pooling: 'last',
      corpus,
      rater: { name: 'happy' },
    }),
  );
}

const metricsOf = (reports: PpoReport[]) => reports.flatMap(({ metrics }) => metrics ?? []);
const numbersOf = (reports: PpoReport[]) =>
  metricsOf(reports).map((m) => Object.entries(m).filter(([id]) => !id.startsWith('perf/')));

/** the first batch of a run, looked at and given back */
async function onFirstBatch<T>(
  run: PpoRun,
  look: (experience: Experience, prompts: string[]) => T | Promise<T>,
): Promise<T> {
  const prompts = drawPrompts(run);
  const rollout = await rollOut(run, prompts);
  const experience = await evaluate(run, prompts, rollout, run.knobs);
  try {
    return await look(experience, prompts);
  } finally {
    disposeExperience(experience);
    disposeRollout(rollout);
  }
}

function expectClose(actual: number[], expected: number[], digits: number): void {
  for (const [i, x] of expected.entries()) expect(actual[i]).toBeCloseTo(x, digits);
  expect(actual).toHaveLength(expected.length);
}

const GROUPS: Partial<PpoConfig> = { advantages: 'rloo', groupSize: 4, whitenAdvantages: false };

describe('groups instead of a critic', () => {
  it('has no critic, asks each prompt K times, and gives all tokens of a text the advantage over its siblings', async () => {
    const run = create({ ...GROUPS, rollouts: 16, klCoef: 0 });
    expect([run.valueModel, run.valueOptimizer, run.policy.heads.scalar]).toEqual([null, null, false]);
    await onFirstBatch(run, ({ advantages, scores, completionMask, values }, prompts) => {
      expect(prompts).toHaveLength(16);
      const [rows, mask, r] = [advantages.arraySync(), completionMask.arraySync(), scores.arraySync()];
      for (let row = 0; row < 16; row++) {
        const group = row - (row % 4);
        expect(prompts[row]).toBe(prompts[group]);
        const others = [0, 1, 2, 3].filter((i) => group + i !== row).reduce((sum, i) => sum + r[group + i]! / 3, 0);
        expectClose(
          rows[row]!,
          rows[row]!.map((_, t) => (mask[row]![t] ? r[row]! - others : 0)),
          4,
        );
      }
      expect(Math.max(...values.dataSync())).toBe(0);
    });
    expect(new Set(drawPrompts(run)).size).toBeGreaterThan(1);
  });

  it('measures GRPO’s advantages in units of the group’s spread', async () => {
    await onFirstBatch(create({ ...GROUPS, advantages: 'grpo', groupSize: 8, klCoef: 0 }), ({ advantages, scores }) => {
      const r = scores.arraySync();
      const mean = r.reduce((sum, x) => sum + x, 0) / 8;
      const std = Math.sqrt(r.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 7);
      expectClose(
        advantages.arraySync().map((row) => row[0]!),
        r.map((x) => (x - mean) / (std + 1e-4)),
        3,
      );
    });
  });

  it('counts the distance that the reward charges into what a text earned', async () => {
    const costs = await onFirstBatch(create({ ...GROUPS, klCoef: 50 }, untrained(3)), ({ rewards, scores, kl }) => [
      tf.sum(rewards, 1).arraySync() as number[],
      (tf.sub(scores, tf.mul(tf.sum(kl, 1), 50)) as tf.Tensor1D).arraySync(),
    ]);
    expectClose(costs[0]!, costs[1]!, 3);
  });

  it('reports no critic, but the share of groups that teach nothing', async () => {
    const [metrics] = metricsOf(await take(ppo(create({ ...GROUPS, iterations: 1 })), 4));
    expect(metrics).not.toHaveProperty('loss/value_avg');
    expect(metrics).not.toHaveProperty('val/explained_var');
    expect(metrics!['objective/frac_reward_zero_std']).toBe(0);
    expect(metrics!['loss/policy_avg']).toBeTypeOf('number');
  });

  for (const changes of [
    GROUPS,
    { ...GROUPS, advantages: 'grpo', klPlacement: 'loss', klEstimator: 'k3' },
  ] as Partial<PpoConfig>[]) {
    it(`makes the rewarded likelier, ${changes.advantages}`, async () => {
      const run = create({ ...changes, iterations: 10, rollouts: 24, learningRate: 0.01, klCoef: 0, epochs: 4 });
      const scores = metricsOf(await take(ppo(run), 99)).map((metrics) => metrics['objective/scores']!);
      expect(scores.at(-1)!).toBeGreaterThan(scores[0]! + 0.1);
    });
  }
});

describe('A2C', () => {
  it('takes exactly the step of the plain policy gradient −A·log π', async () => {
    const run = create({ ...ppoVariant('a2c', 'tiny'), rollouts: 8, learningRate: 0 });
    const plain = base.clone('plain', { language: true, scalar: false });
    const optimizer = plain.createOptimizer(run.inputs.config.optimizer);
    await onFirstBatch(run, async (experience) => {
      const { batch, promptLength, completionMask, advantages } = experience;
      await optimise(run, experience, { ...run.knobs, learningRate: 1e-2 });
      const { loss, gradNorm } = optimizer.minimize(() => {
        const { logprobs } = plain.logprobs(batch, promptLength, LAB.ppo.temperature);
        const gains = tf.sum(tf.mul(tf.mul(logprobs, advantages), completionMask));
        return { loss: tf.neg<tf.Scalar>(tf.div(gains, tf.sum(completionMask))) };
      }, 1e-2);
      tf.dispose([loss, gradNorm]);
    });
    const [stepped, expected, before] = await Promise.all([run.policy.save(), plain.save(), base.save()]);
    for (const [name, { data }] of Object.entries(expected)) {
      expect(Math.max(...data.map((x, i) => Math.abs(x - stepped[name]!.data[i]!)))).toBeLessThan(1e-5);
    }
    expect(stepped.tokenEmbedding?.data).not.toEqual(before.tokenEmbedding?.data);
    optimizer.dispose();
    plain.dispose();
  });
});

describe('PPO-ptx', () => {
  const lossOn = (network: CausalNetwork): number => {
    const loss = corpusLoss(network, corpus.heldOutRows(Random.fromSeed(9), 32, network.config.contextLength));
    const [value] = loss.dataSync();
    loss.dispose();
    return value!;
  };

  it('learns the corpus beside pleasing the reward model, and reports its loss there', async () => {
    const [plain, mixed] = [create({ learningRate: 0.01 }), create({ learningRate: 0.01, ptxCoef: 5, ptxRows: 16 })];
    const [without, reported] = [metricsOf(await take(ppo(plain), 99)), metricsOf(await take(ppo(mixed), 99))];
    expect(lossOn(mixed.policy)).toBeLessThan(lossOn(plain.policy) - 0.1);
    expect(reported.at(-1)!['loss/ptx_avg']!).toBeLessThan(reported[0]!['loss/ptx_avg']!);
    expect(without[0]).not.toHaveProperty('loss/ptx_avg');
  });

  it('can be mixed in while the run goes on', async () => {
    const run = create();
    const loop = ppo(run);
    await take(loop, 1);
    run.adjust({ ptxCoef: 1 });
    const told = metricsOf(await take(loop, 99)).map((metrics) => 'loss/ptx_avg' in metrics);
    expect(told).toEqual([false, true, true, true]);
  });
});

describe('where and how the distance is paid', () => {
  it('charges the exact divergence per token, which is never negative', async () => {
    await onFirstBatch(
      create({ klEstimator: 'exact', klCoef: 2 }, untrained(3)),
      ({ kl, rewards, scores, completionMask }) => {
        expect(Math.min(...kl.dataSync())).toBeGreaterThanOrEqual(-1e-6);
        const [paid, distance, mask, score] = [
          rewards.arraySync(),
          kl.arraySync(),
          completionMask.arraySync(),
          scores.arraySync(),
        ];
        const last = mask[0]!.lastIndexOf(1);
        expect(paid[0]![0]).toBeCloseTo(-2 * distance[0]![0]!, 5);
        expect(paid[0]![last]).toBeCloseTo(score[0]! - 2 * distance[0]![last]!, 5);
        expect(distance[0]![0]).toBeGreaterThan(0);
      },
    );
  });

  it('pays only the score where the loss asks for the distance, and that term pulls back', async () => {
    const inLoss = { klPlacement: 'loss', klEstimator: 'k3', learningRate: 0.01 } as const;
    await onFirstBatch(create({ ...inLoss, klCoef: 3 }, untrained(3)), ({ rewards, scores }) => {
      expectClose(tf.sum(rewards, 1).arraySync() as number[], scores.arraySync(), 5);
    });
    const [held, free] = [
      create({ ...inLoss, klCoef: 20, iterations: 8 }),
      create({ ...inLoss, klCoef: 0, iterations: 8 }),
    ];
    const [near, far] = [metricsOf(await take(ppo(held), 99)), metricsOf(await take(ppo(free), 99))];
    expect(near.at(-1)!['objective/klExact']!).toBeLessThan(far.at(-1)!['objective/klExact']! / 2);
    expect(near.at(-1)!['loss/kl_avg']!).toBeGreaterThan(0);
  });

  it('replaces the score of an unfinished text where asked to', async () => {
    const [replaced, lowered] = await Promise.all(
      (['replace', 'subtract'] as const).map((missingEos) =>
        onFirstBatch(create({ missingEos, missingEosPenalty: 3 }), ({ scores, batch, completionMask }) => [
          scores.arraySync(),
          tf
            .any(
              tf.equal(
                tf.mul(tf.slice(batch.tokens, [0, corpus.promptLength]), completionMask),
                corpus.tokenizer.eosId!,
              ),
              1,
            )
            .arraySync() as number[],
        ]),
      ),
    );
    const unfinished = replaced![1]!.flatMap((ended, i) => (ended ? [] : [i]));
    expect(unfinished.length).toBeGreaterThan(0);
    for (const i of unfinished) {
      expect(replaced![0]![i]).toBe(-3);
      expect(lowered![0]![i]).not.toBe(-3);
    }
  });
});

describe('the entropy bonus', () => {
  it('keeps the policy undecided for longer', async () => {
    // cold, because an untrained model is undecided enough by itself
    const changes = { iterations: 8, learningRate: 0.01, klCoef: 0, rollouts: 16, temperature: 0.05 };
    const [plain, curious] = [create(changes), create({ ...changes, entropyCoef: 1 })];
    const entropy = async (run: PpoRun) => metricsOf(await take(ppo(run), 99)).at(-1)!['policy/entropy_avg']!;
    expect(await entropy(curious)).toBeGreaterThan((await entropy(plain)) + 0.05);
  });
});

describe('a further round', () => {
  it('goes on from an earlier policy, with the distance still measured from the reference', async () => {
    const earlier = untrained(3);
    const [reference, before] = [await base.save(), await earlier.save()];
    const run = create({ iterations: 1, learningRate: 0 }, earlier);
    const [metrics] = metricsOf(await take(ppo(run), 4));
    expect(metrics!['objective/klExact']!).toBeGreaterThan(0.01);
    expect(metrics!['axis/kl']!).toBeGreaterThan(0.01);
    expectSameTensors(await run.policy.save(), before);
    expectSameTensors(await base.save(), reference);
    earlier.dispose();
  });
});

const STORED: Partial<PpoConfig>[] = [
  { ptxCoef: 0.5, ptxRows: 4, minibatches: 2 },
  { ...GROUPS, minibatches: 2 },
  { ...GROUPS, advantages: 'grpo', klPlacement: 'loss', klEstimator: 'k2', klControl: 'adaptive' },
  { klEstimator: 'exact', entropyCoef: 0.01, missingEos: 'replace' },
  { epochs: 1, clipRange: 0, clipRangeValue: 0, lam: 1, whitenAdvantages: false },
  { ...ppoVariant('openai2019', 'tiny'), iterations: 4, rollouts: 8 },
];

describe('every member of the family', () => {
  for (const changes of STORED) {
    it(`goes on to the same numbers after it was stored and restored, ${JSON.stringify(changes).slice(0, 90)}`, async () => {
      const [through, interrupted, resumed] = [create(changes), create(changes), create(changes)];
      const adjusted = { klTarget: 3, entropyCoef: 0.02, ptxCoef: 0.25, klCoef: 0.2 };
      for (const run of [through, interrupted]) run.adjust(adjusted);
      const expected = await take(ppo(through), 16);
      await take(ppo(interrupted), 8);
      resumed.load(throughStorage(await interrupted.save()));
      expect(numbersOf(await take(ppo(resumed), 8))).toEqual(numbersOf(expected).slice(2));
      expectSameTensors((await resumed.save()).tensors, (await through.save()).tensors);
    });
  }

  it('keeps no tensors', async () => {
    await expectNoLeak(ppo(create({ ...GROUPS, ptxCoef: 1, ptxRows: 2, iterations: 30, epochs: 1 })), 4, 80);
    await expectNoLeak(ppo(create({ klEstimator: 'exact', entropyCoef: 0.1, iterations: 30, epochs: 1 })), 4, 80);
  });

  it('is made of settings that go together and each of which does something', () => {
    for (const preset of ['tiny', 'medium'] as const) {
      const plain = presetConfig(preset).ppo;
      for (const name of PPO_VARIANT_NAMES) {
        const config = ppoVariant(name, preset);
        expect([name, ppoClash(config)]).toEqual([name, null]);
        const changed = (Object.keys(plain) as (keyof PpoConfig)[]).filter(
          (key) => JSON.stringify(config[key]) !== JSON.stringify(plain[key]),
        );
        expect(changed.filter((key) => key !== 'optimizer' && !acts(PPO[key], config))).toEqual([]);
        expect(changed.length > 0).toBe(name !== 'ppo');
      }
    }
  });

  it('names what does not go together', () => {
    const { ppo: plain } = LAB;
    expect(ppoClash({ ...plain, klPlacement: 'loss' })).toMatch(/^k1 in the loss/);
    expect(ppoClash({ ...plain, advantages: 'rloo', rollouts: 30, groupSize: 4 })).toBe(
      '30 rollouts do not make groups of 4',
    );
    expect(ppoClash({ ...plain, rollouts: 30, groupSize: 4 })).toBeNull();
    expect(ppoClash({ ...plain, minibatches: 64 })).toBe('64 minibatches of 32 rollouts');
  });
});
