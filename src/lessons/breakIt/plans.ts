import { type DpoConfig, type Pooling, type PpoConfig, presetConfig } from '../../contract/config';
import type { Rater } from '../../contract/preferences';
import type { LessonArmPlan, LessonPlan } from '../../store/lessons/lessonState';

/** enough for a reward model that agrees with the rater on nine pairs of ten */
export const MANY_VOTES = 300;

/**
 * What most lessons share: the rater who likes happy stories chooses between texts as the model writes them, without a
 * wrong click.
 */
export const BASICS = {
  rater: { name: 'happy' },
  noise: 0,
  sampling: { temperature: 1, topK: 0, topP: 1 },
} as const satisfies Partial<LessonPlan>;

/** A rater whose taste is several things at once: happy, polite, not rude, not long. */
export const MIXED = { name: 'mixed' } as const satisfies Rater;

/** PPO on a reward model of its own, the page's settings for Tiny but for these changes. */
export function ppoArm(pooling: Pooling, changes: Partial<PpoConfig>, votes = MANY_VOTES): LessonArmPlan {
  const { reward, ppo } = presetConfig('tiny');
  return { votes, reward: { ...reward, pooling }, method: { kind: 'ppo', config: { ...ppo, ...changes } } };
}

/** DPO, the page's settings for Tiny but for these changes. */
export function dpoArm(changes: Partial<DpoConfig>): LessonArmPlan {
  const { dpo } = presetConfig('tiny');
  return { votes: MANY_VOTES, reward: null, method: { kind: 'dpo', config: { ...dpo, ...changes } } };
}

/**
 * At temperature 1 and a steady rate the policy meets enough nonsense to cheat with; at 0.7 this grammar's base model
 * is too sharp for it (580e552). The ceiling is off: the fall is the point.
 */
export const HACKABLE = { temperature: 1, schedule: 'constant', klCeiling: 0 } as const satisfies Partial<PpoConfig>;

export const DPO_PROXY = {
  metric: 'rewards/accuracies',
  label: 'votes it sides with',
  tone: 'policy',
  kl: 'axis/kl',
} as const;

export const PPO_PROXY = {
  metric: 'objective/scores',
  label: 'reward model',
  tone: 'reward',
  kl: 'objective/klExact',
} as const;
