/** Several steps in the device's hands: the numbers are those of steps that wait for each other, and storing in between loses none. */
import { afterEach, describe, expect, it } from 'vitest';
import type { MetricValues } from '../../../src/contract/metrics';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { readbackOf } from '../../../src/core/kernels/gpu/readback';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { Random } from '../../../src/core/tensor/random';
import { dpo } from '../../../src/core/train/dpo';
import { DpoRun } from '../../../src/core/train/dpoRun';
import { fineTune } from '../../../src/core/train/fineTune';
import { FineTuneRun } from '../../../src/core/train/fineTuneRun';
import { PretrainRun, pretrain } from '../../../src/core/train/pretrain';
import { trainRewardModel } from '../../../src/core/train/rewardModel';
import { RewardRun } from '../../../src/core/train/rewardRun';
import type { SavedRun } from '../../../src/core/train/snapshot';
import type { SavedSteps, StepsInFlight } from '../../../src/core/train/stepsInFlight';
import { LAB, MODEL, take, throughStorage, ticking, toyVotes } from '../../core/train/tiny';
import { toyCorpus as corpus } from '../../core/train/toy';
import { withBackend } from '../../helpers/backend';

withBackend('webgpu', { executor: 'fused' });

interface Run {
  readonly step: number;
  readonly steps: StepsInFlight;
  save(): Promise<SavedRun<SavedSteps>>;
}
type Reports = AsyncGenerator<{ step: number; metrics: MetricValues }>;
/** A loop of nine steps, two of them looked at; `saved` goes on from there. */
type Loop = (saved?: SavedRun<never>) => Promise<{ run: Run; reports: Reports }>;

const model = { ...MODEL, vocabSize: corpus.tokenizer.vocabSize, contextLength: 8 };
const garbage: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of garbage.splice(0)) one.dispose();
});
function kept<T extends { dispose(): void }>(one: T): T {
  garbage.push(one);
  return one;
}
const base = () => kept(createNetwork(model, { language: true, scalar: false }, Random.fromSeed(1), 'base'));
const common = { seed: 1, corpus, rater: null, rewardModel: null };
const loaded = <R extends { load(saved: SavedRun<never>): void }>(run: R, saved?: SavedRun<never>): R => {
  if (saved) run.load(saved);
  return run;
};

const LOOPS: [string, Loop][] = [
  [
    'pre-training',
    async (saved) => {
      const config = { ...LAB.pretrain, steps: 9, batchSize: 4, evalEvery: 5, warmupSteps: 0, learningRate: 0.02 };
      const run = loaded(kept(new PretrainRun({ ...common, config, model, fixedPrompt: 'a' })), saved);
      return { run, reports: pretrain(run, ticking()) };
    },
  ],
  [
    'fine-tuning',
    async (saved) => {
      const demonstrations = toyVotes(15).map(({ voteId, prompt, a }) => ({
        demonstrationId: voteId,
        prompt,
        completion: a,
        source: 'human' as const,
      }));
      const config = { ...LAB.finetune, epochs: 3, batchSize: 4, evalSamples: 2, learningRate: 0.02 };
      const run = loaded(kept(new FineTuneRun({ ...common, config, base: base(), demonstrations, wish: null })), saved);
      return { run, reports: fineTune(run, ticking()) };
    },
  ],
  [
    'the reward model',
    async (saved) => {
      const config = { ...LAB.reward, steps: 9, batchSize: 4, normalizeSamples: 4, ruleLabels: 0 };
      const inputs = { ...common, config, base: base(), votes: toyVotes(15), rankings: [], taste: null };
      const run = kept(saved ? RewardRun.restore(inputs, saved) : await RewardRun.create(inputs));
      return { run, reports: trainRewardModel(run, ticking()) };
    },
  ],
  [
    'DPO',
    async (saved) => {
      const config = { ...LAB.dpo, steps: 9, batchSize: 4, evalEvery: 5, evalSamples: 2, learningRate: 0.01 };
      const run = loaded(kept(new DpoRun({ ...common, config, base: base(), votes: toyVotes(15), rankings: [] })), saved);
      return { run, reports: dpo(run, ticking()) };
    },
  ],
];

/** all but the time */
const numbersOf = (reports: { step: number; metrics: MetricValues }[]) =>
  reports.map(({ step, metrics: { 'perf/stepMs': _, 'perf/tokensPerSecond': __, ...numbers } }) => ({ step, ...numbers }));

describe.each(LOOPS)('steps of %s in flight', (_, loop) => {
  it('give the numbers of steps that wait for each other, in their order', async () => {
    const [hasty, patient] = [await loop(), await loop()];
    expect(hasty.run.steps.depth).toBe(3);
    Object.defineProperty(patient.run.steps, 'depth', { value: 1 });
    const numbers = numbersOf(await take(hasty.reports, 99));
    expect(numbers.length).toBeGreaterThanOrEqual(9);
    expect(numbers).toEqual(numbersOf(await take(patient.reports, 99)));
    expect(readbackOf(currentGpu() as Gpu).made).toBeLessThanOrEqual(3);
  });

  it('are stored with the run, so that not one report is lost', async () => {
    const expected = numbersOf(await take((await loop()).reports, 99));
    const { run, reports } = await loop();
    const before = numbersOf(await take(reports, 2));
    const saved = await run.save();
    expect(saved.state.unreported?.length).toBeGreaterThan(0);
    expect(run.step).toBe(2);
    const resumed = await loop(throughStorage(saved) as SavedRun<never>);
    expect(resumed.run.step).toBe(2);
    const after = numbersOf(await take(resumed.reports, 99));
    expect([...before, ...after]).toEqual(expected);
  });
});
