/** Runs so small that every stage takes a second. */
import { presetConfig } from '../../src/contract/config';
import type { RunSpec } from '../../src/contract/domain';
import type { Demonstration, Ranking, Rater, Wish } from '../../src/contract/preferences';

const tiny = presetConfig('tiny');
export const STORIES = { ...tiny.stories, stories: 400 };
export const SAMPLING = { temperature: 1, topK: 0, topP: 1 };
export const ANY: Wish = { happy: false, polite: false, short: false, animal: null };
export const HAPPY: Rater = { name: 'happy' };

type Spec<K extends RunSpec['kind']> = Extract<RunSpec, { kind: K }>;

export const pretrainSpec = (changes: Partial<Spec<'pretrain'>['config']> = {}): Spec<'pretrain'> => ({
  kind: 'pretrain',
  seed: 3,
  config: { ...tiny.pretrain, steps: 6, batchSize: 4, warmupSteps: 2, evalEvery: 3, ...changes },
  model: { ...tiny.model, layers: 1, heads: 2, width: 8, contextLength: 36, vocabSize: 300 },
  fixedPrompt: 'the fox found a kite .',
});

export const rewardSpec = (
  baseId: string,
  opinions: Ranking[],
  changes: Partial<Spec<'reward'>['config']> = {},
): Spec<'reward'> => ({
  kind: 'reward',
  seed: 3,
  config: { ...tiny.reward, steps: 4, batchSize: 4, normalizeSamples: 8, ruleLabels: 12, ...changes },
  baseId,
  opinions,
  vetoed: [],
  useRule: false,
});

export const ppoSpec = (
  baseId: string,
  rewardId: string | null,
  changes: Partial<Spec<'ppo'>['config']> = {},
): Spec<'ppo'> => ({
  kind: 'ppo',
  seed: 3,
  config: { ...tiny.ppo, iterations: 3, rollouts: 4, epochs: 2, klCeiling: 0, ...changes },
  baseId,
  rewardId,
  rater: HAPPY,
});

export const fineTuneSpec = (
  baseId: string,
  demonstrations: Demonstration[],
  changes: Partial<Spec<'finetune'>['config']> = {},
): Spec<'finetune'> => ({
  kind: 'finetune',
  seed: 3,
  config: { ...tiny.finetune, epochs: 3, batchSize: 4, evalSamples: 4, ...changes },
  baseId,
  demonstrations,
  wish: { happy: true, polite: false, short: false, animal: null },
  rewardId: null,
  rater: HAPPY,
});

export const dpoSpec = (
  baseId: string,
  opinions: Ranking[],
  changes: Partial<Spec<'dpo'>['config']> = {},
): Spec<'dpo'> => ({
  kind: 'dpo',
  seed: 3,
  config: { ...tiny.dpo, steps: 5, batchSize: 4, evalEvery: 2, evalSamples: 4, ...changes },
  baseId,
  opinions,
  rewardId: null,
  rater: HAPPY,
});

export const bestOfSpec = (
  baseId: string,
  rewardId: string | null,
  changes: Partial<Spec<'bestOf'>['config']> = {},
): Spec<'bestOf'> => ({
  kind: 'bestOf',
  seed: 3,
  config: { ...tiny.bestOf, samples: 4, prompts: 5, temperature: 1, ...changes },
  baseId,
  rewardId,
  rater: HAPPY,
});

/** hooks that train something wait this long, milliseconds */
export const SLOW = 60_000;

/** the same votes as if a visitor had cast them: only those make a rule */
export const byHand = <T extends Ranking>(opinions: readonly T[]): T[] =>
  opinions.map((one) => ({ ...one, source: 'human', rater: null }));
