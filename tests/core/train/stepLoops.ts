/** The loops that hand steps to the device one after the other: pre-training, fine-tuning, reward model, DPO. */
import { afterEach } from 'vitest';
import type { MetricValues } from '../../../src/contract/metrics';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { Random } from '../../../src/core/tensor/random';
import { dpo } from '../../../src/core/train/dpo';
import { DpoRun } from '../../../src/core/train/dpoRun';
import { fineTune } from '../../../src/core/train/fineTune';
import { FineTuneRun } from '../../../src/core/train/fineTuneRun';
import { pretrain } from '../../../src/core/train/pretrain';
import { PretrainRun } from '../../../src/core/train/pretrainRun';
import { trainRewardModel } from '../../../src/core/train/rewardModel';
import { RewardRun } from '../../../src/core/train/rewardRun';
import type { SavedRun } from '../../../src/core/train/snapshot';
import type { SavedSteps, StepsInFlight } from '../../../src/core/train/stepsInFlight';
import { LAB, MODEL, toyVotes } from './tiny';
import { toyCorpus as corpus } from './toy';

interface Run {
  readonly step: number;
  readonly steps: StepsInFlight;
  save(): Promise<SavedRun<SavedSteps>>;
}
type Reports = AsyncGenerator<{ step: number; metrics: MetricValues }>;
/** A loop of nine steps, two of them looked at; `saved` goes on from there. */
export type StepLoop = (now: () => number, saved?: SavedRun<never>) => Promise<{ run: Run; reports: Reports }>;

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

/** The loops whose steps may overlap, on the smallest corpus there is. */
export const STEP_LOOPS: readonly [string, StepLoop][] = [
  [
    'pre-training',
    async (now, saved) => {
      const config = { ...LAB.pretrain, steps: 9, batchSize: 4, evalEvery: 5, warmupSteps: 0, learningRate: 0.02 };
      const run = loaded(kept(new PretrainRun({ ...common, config, model, fixedPrompt: 'a' })), saved);
      return { run, reports: pretrain(run, now) };
    },
  ],
  [
    'fine-tuning',
    async (now, saved) => {
      const demonstrations = toyVotes(15).map(({ rankingId, prompt, completions: [completion] }) => ({
        demonstrationId: rankingId,
        prompt,
        completion,
        source: 'human' as const,
      }));
      const config = { ...LAB.finetune, epochs: 3, batchSize: 4, evalSamples: 2, learningRate: 0.02 };
      const run = loaded(kept(new FineTuneRun({ ...common, config, base: base(), demonstrations, wish: null })), saved);
      return { run, reports: fineTune(run, now) };
    },
  ],
  [
    'the reward model',
    async (now, saved) => {
      const config = { ...LAB.reward, steps: 9, batchSize: 4, normalizeSamples: 4, ruleLabels: 0 };
      const inputs = { ...common, config, base: base(), opinions: toyVotes(15), taste: null };
      const run = kept(saved ? RewardRun.restore(inputs, saved) : await RewardRun.create(inputs));
      return { run, reports: trainRewardModel(run, now) };
    },
  ],
  [
    'DPO',
    async (now, saved) => {
      const config = { ...LAB.dpo, steps: 9, batchSize: 4, evalEvery: 5, evalSamples: 2, learningRate: 0.01 };
      const run = loaded(kept(new DpoRun({ ...common, config, base: base(), opinions: toyVotes(15) })), saved);
      return { run, reports: dpo(run, now) };
    },
  ],
];
