/**
 * How often the grammar takes each branch, from the knobs of `StoryConfig`.
 *
 * A hidden mood comes first. It decides the mood of the ending and leans the middle sentences its way: with the shipped
 * knobs a happy story has 42 % happy and 6 % sad middles, a sad one the mirror image. Without this agreement little in
 * a story depends on its mood, a language model has no reason to represent it, and few votes teach a reward model
 * nothing.
 */
import type { StoryConfig } from '../../contract/config';
import type { MiddleKind, Mood } from './templates';

/** Longest completion in words; with <eos> it fills the 24 tokens of a rollout. Longer ones are drawn again. */
export const MAX_COMPLETION_WORDS = 23;

export const MOODS: readonly Mood[] = [1, -1, 0];
export const MIDDLE_KINDS: readonly MiddleKind[] = ['neutral', 'happy', 'sad', 'polite', 'rude'];

export interface StoryRates {
  /** probability of each mood */
  mood: Record<Mood, number>;
  /** probability of 0, 1 and 2 middle sentences */
  middles: [number, number, number];
  /** probability of each kind of middle sentence, given the mood */
  kind: Record<Mood, Record<MiddleKind, number>>;
}

/**
 * Where a middle sentence is neither polite nor rude: happy, sad and neutral share of it, when the agreement is full.
 */
const LEANING: Record<Mood, { happy: number; sad: number }> = {
  1: { happy: 0.42 / 0.76, sad: 0.06 / 0.76 },
  [-1]: { happy: 0.06 / 0.76, sad: 0.42 / 0.76 },
  0: { happy: 0.2, sad: 0.2 },
};
/** The same for every mood, when there is none. */
const UNBIASED = 0.24 / 0.76;
/** Happy stories are more polite, sad ones ruder; only the proportions matter. */
const POLITE: Record<Mood, number> = { 1: 0.18, [-1]: 0.08, 0: 0.16 };
const RUDE: Record<Mood, number> = { 1: 0.04, [-1]: 0.1, 0: 0.04 };

const clamp01 = (x: number): number => Math.min(1, Math.max(0, x));

const moodRates = (config: StoryConfig): Record<Mood, number> => {
  const happy = clamp01(config.happyShare);
  const sad = clamp01(config.sadShare);
  const total = Math.max(1, happy + sad);
  return { 1: happy / total, [-1]: sad / total, 0: Math.max(0, 1 - (happy + sad) / total) };
};

/** Mean `mean` and a little more spread than two coin tosses: 0.30, 0.45, 0.25 at the shipped 0.95. */
const middleRates = (mean: number): [number, number, number] => {
  const half = clamp01(mean / 2);
  const two = half * half + 0.098 * half * (1 - half);
  return [1 - 2 * half + two, 2 * half - 2 * two, two];
};

/** Scaled so that the share over all moods is what was asked for, as far as a probability can go. */
const shareByMood = (share: number, proportions: Record<Mood, number>, mood: Record<Mood, number>) => {
  const average = MOODS.reduce<number>((sum, m) => sum + mood[m] * proportions[m], 0);
  return (m: Mood): number => clamp01((clamp01(share) * proportions[m]) / average);
};

/** @returns the probabilities behind every draw; shares out of range are brought into it */
export function storyRates(config: StoryConfig): StoryRates {
  const mood = moodRates(config);
  const politeShare = shareByMood(config.politeShare, POLITE, mood);
  const rudeShare = shareByMood(config.rudeShare, RUDE, mood);
  const agreement = clamp01(config.moodAgreement);
  const kindRates = (m: Mood): Record<MiddleKind, number> => {
    const polite = politeShare(m);
    const rude = Math.min(rudeShare(m), 1 - polite);
    const rest = 1 - polite - rude;
    const happy = rest * (UNBIASED + agreement * (LEANING[m].happy - UNBIASED));
    const sad = rest * (UNBIASED + agreement * (LEANING[m].sad - UNBIASED));
    return { happy, sad, polite, rude, neutral: Math.max(0, rest - happy - sad) };
  };
  return {
    mood,
    middles: middleRates(config.meanMiddle),
    kind: { 1: kindRates(1), [-1]: kindRates(-1), 0: kindRates(0) },
  };
}
