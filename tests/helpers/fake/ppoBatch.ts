/** A batch of two texts whose numbers hang together as those of a real one do. */
import type { PpoConfig } from '../../../src/contract/config';
import type { PpoBatch, PpoEpoch } from '../../../src/contract/ppoBatch';
import type { FakeRun } from './fakeRun';

const LENGTH = 4;
const MASK = [1, 1, 1, 1, 1, 1, 1, 0];
const TEXTS = [
  { prompt: 'the fox found a kite .', tokens: ['he', 'laughed', '.', '<eos>'], score: 1.5 },
  { prompt: 'the owl made a key .', tokens: ['sad', '.', '<eos>'], score: -0.5 },
];
const LOGPROBS = [-1, -0.5, -0.25, -0.125, -2, -0.5, -0.25, 0];
const REF_LOGPROBS = [-1.5, -0.5, -0.5, -0.125, -1.5, -0.75, -0.25, 0];
const EXACT = [0.25, 0.125, 0.0625, 0, 0.5, 0.125, 0, 0];
const VALUES = [0.5, 0.75, 1, 1.25, 0, -0.25, -0.5, 0];
/** log-ratios of the second epoch: one far up, one far down */
const MOVED = [0.25, 0.0625, 0, 0, -0.5, -0.125, 0, 0];

const table = (of: (i: number) => number): Float32Array => Float32Array.from(MASK, (real, i) => (real ? of(i) : 0));
const isLast = (i: number): boolean => !MASK[i + 1] || (i + 1) % LENGTH === 0;

function epochOf(moved: readonly number[], advantages: Float32Array, { clipRange }: PpoConfig): PpoEpoch {
  const ratio = table((i) => Math.exp(moved[i]!));
  const unclipped = table((i) => -advantages[i]! * ratio[i]!);
  const clipped = table((i) => -advantages[i]! * Math.min(1 + clipRange, Math.max(1 - clipRange, ratio[i]!)));
  const loss = table((i) => Math.max(unclipped[i]!, clipped[i]!));
  const mean = loss.reduce((sum, one) => sum + one, 0) / 7;
  return {
    newLogprobs: table((i) => LOGPROBS[i]! + moved[i]!),
    ratio,
    unclipped,
    clipped,
    loss,
    updates: [{ loss: mean, gradNorm: 0.75 }],
  };
}

/** @param over settings other than those of the run */
export function ppoBatch(config: PpoConfig, iteration = 1): PpoBatch {
  const kl = table((i) => LOGPROBS[i]! - REF_LOGPROBS[i]!);
  const rewards = table((i) => -config.klCoef * kl[i]! + (isLast(i) ? TEXTS[Math.floor(i / LENGTH)]!.score : 0));
  const values = table((i) => VALUES[i]!);
  const tdErrors = table((i) => rewards[i]! + (isLast(i) ? 0 : config.gamma * values[i + 1]!) - values[i]!);
  const rawAdvantages = new Float32Array(MASK.length);
  for (let i = MASK.length - 1; i >= 0; i--)
    if (MASK[i]) rawAdvantages[i] = tdErrors[i]! + (isLast(i) ? 0 : config.gamma * config.lam * rawAdvantages[i + 1]!);
  const real = [...rawAdvantages].filter((_, i) => MASK[i]);
  const mean = real.reduce((sum, one) => sum + one, 0) / real.length;
  const spread = Math.sqrt(real.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (real.length - 1) + 1e-8);
  const advantages = table((i) => (rawAdvantages[i]! - mean) / spread);
  return {
    kind: 'ppo',
    iteration,
    config,
    rollouts: TEXTS,
    length: LENGTH,
    tokens: {
      logprobs: table((i) => LOGPROBS[i]!),
      refLogprobs: table((i) => REF_LOGPROBS[i]!),
      exactKl: table((i) => EXACT[i]!),
      kl,
      rewards,
      values,
      tdErrors,
      rawAdvantages,
      advantages,
      returns: table((i) => rawAdvantages[i]! + values[i]!),
    },
    whitening: { mean, spread },
    equalShare: null,
    adapted: null,
    epochs: [epochOf(new Array(8).fill(0), advantages, config), epochOf(MOVED, advantages, config)],
  };
}

/** of a scripted run; null before its first iteration is done */
export const batchOf = ({ spec, state }: FakeRun): PpoBatch | null =>
  spec.kind === 'ppo' && state.step > 0 ? ppoBatch(spec.config, state.step) : null;
