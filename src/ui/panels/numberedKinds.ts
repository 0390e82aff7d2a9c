import type { RunKind } from '../../contract/domain';

/** What has a page of its numbers, as the heading there calls it. */
export const IN_NUMBERS = {
  ppo: 'PPO in numbers',
  dpo: 'DPO in numbers',
  bestOf: 'Best of N in numbers',
  reward: 'Reward model in numbers',
  finetune: 'Fine-tune in numbers',
} as const satisfies Partial<Record<RunKind, string>>;
export type NumberedKind = keyof typeof IN_NUMBERS;
