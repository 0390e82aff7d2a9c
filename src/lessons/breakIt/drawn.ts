import type { LessonStep } from '../../contract/lesson';
import type { Pursued } from './facts';

/** What the curves of two runs are called, and what they are of. */
export interface Drawn {
  healthy: string;
  broken: string;
  proxy: Pursued;
  /** counted on the charts */
  noun: 'iteration' | 'step';
}

const DPO_PROXY: Pursued = {
  metric: 'rewards/accuracies',
  label: 'votes it sides with',
  tone: 'policy',
  kl: 'axis/kl',
};
const PPO_PROXY: Pursued = {
  metric: 'objective/scores',
  label: 'reward model',
  tone: 'reward',
  kl: 'objective/klExact',
};

/** @returns how the two runs of a step are drawn */
export function drawnOf({ place, text }: Pick<LessonStep, 'place' | 'text'>): Drawn {
  const names = { healthy: text.control ?? 'The twin', broken: text.run ?? 'This run' };
  return place === 'optimise/dpo'
    ? { ...names, proxy: DPO_PROXY, noun: 'step' }
    : { ...names, proxy: PPO_PROXY, noun: 'iteration' };
}
