import type { CheckpointKind, Role } from '../../contract/domain';
import type { Tone } from '../theme/tone';

/** What a kind of checkpoint is called, and whose colour it has. */
export const CHECKPOINT_WORDS: Record<CheckpointKind, { words: string; tone: Tone }> = {
  base: { words: 'base', tone: 'reference' },
  finetuned: { words: 'fine-tuned', tone: 'reference' },
  policy: { words: 'policy', tone: 'policy' },
  reward: { words: 'reward model', tone: 'reward' },
};

export const ROLE_TONES: Record<Role, Tone> = {
  policy: 'policy',
  reference: 'reference',
  rewardModel: 'reward',
  valueModel: 'value',
};
