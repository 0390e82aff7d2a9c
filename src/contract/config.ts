/**
 * The experiment as a value: what the rows of `settings/` describe, by section, and what a new one begins with. Pages,
 * threads, links and saved runs all use these shapes.
 */
import type { BEST_OF, DPO } from './settings/dpo';
import {
  type BACKENDS,
  type COMPARE,
  type EXECUTORS,
  GREEDY_BELOW,
  type MODEL,
  type SAMPLING,
  type STORIES,
  type TEXT,
} from './settings/lab';
import { PPO } from './settings/ppo';
import { defaultsOf, isSetting, type PresetName, type Values } from './settings/setting';
import { SETTINGS } from './settings/table';
import type { FINETUNE, optimizer, PRETRAIN, REWARD } from './settings/training';

export { BACKENDS, EXECUTORS, GREEDY_BELOW } from './settings/lab';
export { KL_COEF } from './settings/ppo';
export { PRESETS, type PresetName } from './settings/setting';

export type BackendName = (typeof BACKENDS)[number];
export type ExecutorName = (typeof EXECUTORS)[number];
/**
 * whose rounding the numbers of a run have: that of tf.js, or of kernels of our own on a graphics card or on
 * WebAssembly, there also with products that are added with one rounding
 */
export const ARITHMETICS = ['tf.js', 'webgpu', 'wasm', 'wasmFast'] as const;
export type Arithmetic = (typeof ARITHMETICS)[number];
/** how the kernels of a graphics card are written: the first for emulated ones, of the others each card has its own */
export const KERNEL_STYLES = ['solitary', 'cooperative', 'subgroups', 'broad', 'broadSubgroups'] as const;
export type KernelStyleName = (typeof KERNEL_STYLES)[number];
/** those that ship with the page as trained models */
export const SHIPPED: readonly PresetName[] = ['tiny', 'small'];

/** numbers within an MLP, at most */
export const LARGEST_INNER = 65_536;

/** What a model that another program made may have otherwise than the lab's own; absent is as GPT-2 has it. */
export interface ForeignShape {
  /** numbers within the MLP; 4 · width */
  innerWidth?: number;
  /** ε of every layer normalisation; 1e-5 */
  normEpsilon?: number;
  /** scores of attention are not divided by √(head width) */
  plainScores?: boolean;
  /** scores of layer i, from 0, are divided by i + 1 too */
  scoresByLayer?: boolean;
}

/** what a model is built from; the vocabulary is that of its corpus */
export type ModelConfig = { vocabSize: number } & Values<typeof MODEL> & ForeignShape;

export type ScheduleConfig =
  | { type: 'constant'; warmupSteps: number }
  | { type: 'linear'; warmupSteps: number; totalSteps: number }
  | { type: 'cosine'; warmupSteps: number; totalSteps: number; minLearningRate: number };

export type OptimizerConfig = Values<ReturnType<typeof optimizer>>;

/** in single precision, as a graphics card decides it */
export const isGreedy = (temperature: number): boolean => !(Math.fround(temperature) >= Math.fround(GREEDY_BELOW));

export type SamplingConfig = Values<typeof SAMPLING>;
export type StoryConfig = Values<typeof STORIES>;
export type TextConfig = Values<typeof TEXT>;
export type PretrainConfig = Values<typeof PRETRAIN>;
export type FineTuneConfig = Values<typeof FINETUNE>;
export type ModelSelection = FineTuneConfig['selectBy'];
export type CompareConfig = Values<typeof COMPARE>;
export type RewardConfig = Values<typeof REWARD>;
export type Pooling = RewardConfig['pooling'];
export type DpoConfig = Values<typeof DPO>;
export type PpoConfig = Values<typeof PPO>;
export type BestOfConfig = Values<typeof BEST_OF>;

/** from the sampled token alone (Schulman 2020) */
export type SampledKlEstimator = Exclude<PpoConfig['klEstimator'], 'exact'>;

/** so much of a deviation from the target distance counts (Ziegler et al. 2019) */
export const KL_ERROR_CLIP = 0.2;

/** A whole experiment. The same value, seed included, gives the same run on the portable executor. */
export type LabConfig = Values<typeof SETTINGS>;

type LiveKnob = {
  [Key in keyof typeof PPO]: (typeof PPO)[Key] extends { live: object } ? Key : never;
}[keyof typeof PPO];
/** The knobs that act while PPO runs, from the next iteration on. Everything else takes effect with the next run. */
export const LIVE_KNOBS = Object.keys(PPO).filter((key) => {
  const entry = PPO[key as keyof typeof PPO];
  return isSetting(entry) && entry.live !== undefined;
}) as LiveKnob[];
export type LiveKnobs = Partial<Pick<PpoConfig, LiveKnob>>;

/** @returns the recommended experiment of a preset, a fresh object */
export const presetConfig = (preset: PresetName, seed = 1): LabConfig => ({
  ...defaultsOf(SETTINGS, preset),
  preset,
  seed,
});
