/** The four methods that can train a part of a model, with adapters on its trunk. */
import { afterAll, describe, expect, it } from 'vitest';
import type { DpoConfig } from '../../../src/contract/config';
import type { CausalNetwork, NamedTensors } from '../../../src/core/model/causalNetwork';
import { Random } from '../../../src/core/tensor/random';
import { dpo } from '../../../src/core/train/dpo';
import { DpoRun } from '../../../src/core/train/dpoRun';
import { fineTune } from '../../../src/core/train/fineTune';
import { FineTuneRun } from '../../../src/core/train/fineTuneRun';
import { ppo } from '../../../src/core/train/ppo';
import { PpoRun } from '../../../src/core/train/ppoRun';
import { trainRewardModel } from '../../../src/core/train/rewardModel';
import { RewardRun } from '../../../src/core/train/rewardRun';
import { withBackend } from '../../helpers/backend';
import {
  corpus,
  expectNoLeak,
  expectSameTensors,
  freedAfterEach,
  LAB,
  sharedBase,
  take,
  throughStorage,
  ticking,
  untrained,
  votesForLonger,
} from './tiny';

withBackend('wasm');

const base = sharedBase();
let judge: CausalNetwork | null = null;
afterAll(() => judge?.dispose());
const rewardModel = (): CausalNetwork => {
  judge ??= untrained(2).clone('rewardModel', { language: false, scalar: true });
  return judge;
};
const demonstrations = () =>
  corpus.samples(Random.fromSeed(8), 20).map(({ prompt, completion }, i) => ({
    demonstrationId: `d${i}`,
    prompt,
    completion,
    source: 'grammar' as const,
  }));

const LORA = { loraRank: 2, loraAlpha: 8 };
const rater = { name: 'happy' } as const;
const freed = freedAfterEach<{ dispose(): void }>();
const shared = () => ({ seed: 1, base: base(), corpus });

const fineTuning = () => {
  const config = { ...LAB.finetune, ...LORA, batchSize: 4, learningRate: 0.02, heldOutShare: 0.2, evalSamples: 4 };
  const around = { demonstrations: demonstrations(), wish: null, rater, rewardModel: null };
  const run = new FineTuneRun({ ...shared(), config, ...around });
  freed(run);
  return run;
};
const direct = (changes: Partial<DpoConfig> = {}) => {
  const config = { ...LAB.dpo, ...LORA, steps: 30, batchSize: 4, learningRate: 0.01, evalEvery: 20, evalSamples: 4 };
  const run = new DpoRun({
    ...shared(),
    config: { ...config, ...changes },
    opinions: votesForLonger(20),
    rater,
    rewardModel: null,
  });
  freed(run);
  return run;
};
const rewardInputs = () => {
  const config = { ...LAB.reward, ...LORA, steps: 30, batchSize: 4, normalizeSamples: 16 };
  return { ...shared(), config, opinions: votesForLonger(20), taste: null };
};
const judging = async () => {
  const run = await RewardRun.create(rewardInputs());
  freed(run);
  return run;
};
const optimising = (valueModel: 'separate' | 'shared' = 'separate') => {
  const changes = { iterations: 20, rollouts: 6, epochs: 2, learningRate: 0.01, valueModel };
  const config = { ...LAB.ppo, ...LORA, ...changes };
  const run = new PpoRun({ ...shared(), config, rewardModel: rewardModel(), pooling: 'last', rater });
  freed(run);
  return run;
};

/** without what depends on the clock */
const numbersOf = ({ metrics }: { metrics?: object | undefined }) =>
  Object.entries(metrics ?? {}).filter(([id]) => !id.startsWith('perf/'));
const learned = (tensors: NamedTensors): string[] =>
  Object.keys(tensors).filter((name) => !name.startsWith('optimizer/') && !/\/lora[AB]$/.test(name));
const HEAD = ['scalarHead/weight', 'scalarHead/bias', 'scoreScale'];

describe('with adapters', () => {
  it('PPO begins at its reference: the distance is exactly 0', async () => {
    for (const valueModel of ['separate', 'shared'] as const) {
      const reports = await take(ppo(optimising(valueModel)), 4);
      const first = reports.find(({ phase }) => phase === null)!.metrics!;
      expect(first['objective/kl']).toBe(0);
      expect(first['objective/klExact']).toBe(0);
    }
  });

  it('DPO begins at its reference: ln 2, and the distance is exactly 0', async () => {
    const [first] = await take(dpo(direct({ learningRate: 0 }), ticking()), 1);
    expect(first!.metrics['dpo/loss']).toBe(Math.fround(Math.LN2));
    expect(first!.metrics['axis/kl']).toBe(0);
  });

  const METHODS = [
    ['fine-tuning', async () => fineTuning(), (run: FineTuneRun) => fineTune(run, ticking()), []],
    ['DPO', async () => direct(), (run: DpoRun) => dpo(run, ticking()), []],
    ['PPO', async () => optimising(), (run: PpoRun) => ppo(run), HEAD.map((name) => `valueModel/${name}`)],
    [
      'PPO, one trunk',
      async () => optimising('shared'),
      (run: PpoRun) => ppo(run),
      HEAD.map((name) => `policy/${name}`),
    ],
    [
      'the reward model',
      judging,
      (run: RewardRun) => trainRewardModel(run, ticking()),
      HEAD.map((name) => `rewardModel/${name}`),
    ],
  ] as const;

  for (const [name, make, loopOf, heads] of METHODS) {
    type Run = Awaited<ReturnType<typeof make>>;
    const loop = (run: Run) => (loopOf as (run: Run) => AsyncGenerator<{ metrics?: object }>)(run);

    it(`${name} learns, keeps the trunk's bits, and stores what learns alone`, async () => {
      const before = await base().save();
      const run = await make();
      const start = (await run.save()).tensors;
      await take(loop(run), 8);
      const { tensors } = await run.save();
      expectSameTensors(await base().save(), before);
      expect(learned(tensors).sort()).toEqual([...heads].sort());
      const [b] = Object.keys(tensors).filter((one) => /^(?!optimizer).*\/loraB$/.test(one));
      expect(start[b!]!.data.every((value) => value === 0)).toBe(true);
      expect(tensors[b!]!.data.some((value) => value !== 0)).toBe(true);
    });

    it(`${name} keeps no tensor from one step to the next`, async () => expectNoLeak(loop(await make()), 4, 8));
  }

  it('fine-tuning goes on from storage to the same numbers', async () => {
    const whole = await take(fineTune(fineTuning(), ticking()), 8);
    const cut = fineTuning();
    await take(fineTune(cut, ticking()), 4);
    const again = fineTuning();
    again.load(throughStorage(await cut.save()));
    const rest = await take(fineTune(again, ticking()), 4);
    expect(rest.map(numbersOf)).toEqual(whole.slice(4).map(numbersOf));
  });

  it('PPO goes on from storage to the same numbers', async () => {
    const whole = await take(ppo(optimising()), 16);
    const cut = optimising();
    await take(ppo(cut), 8);
    const again = optimising();
    again.load(throughStorage(await cut.save()));
    const rest = await take(ppo(again), 8);
    expect(rest.map(numbersOf)).toEqual(whole.slice(8).map(numbersOf));
  });

  it('a reward model goes on from storage to the same numbers', async () => {
    const whole = await take(trainRewardModel(await judging(), ticking()), 6);
    const cut = await judging();
    await take(trainRewardModel(cut, ticking()), 3);
    const again = RewardRun.restore(rewardInputs(), throughStorage(await cut.save()));
    freed(again);
    const rest = await take(trainRewardModel(again, ticking()), 3);
    expect(rest.map(numbersOf)).toEqual(whole.slice(3).map(numbersOf));
  });
});
