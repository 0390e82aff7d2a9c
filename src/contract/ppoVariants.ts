/**
 * The family of PPO: every member is a setting of one loop, so each is a list of what it changes. What depends on the
 * size of the model (learning rate, rollouts, iterations) stays as the preset has it, unless the method itself asks for
 * another.
 */

import { type LabConfig, type PpoConfig, presetConfig } from './config';

export interface PpoVariant {
  label: string;
  /** one sentence for a student */
  meaning: string;
  source: string;
  /** what differs from the preset's PPO */
  changes: (preset: PpoConfig) => Partial<PpoConfig>;
}

export const PPO_VARIANTS = {
  ppo: {
    label: 'PPO',
    meaning:
      'A critic foresees the score, every token is credited by how much better it went, and the ratio is clipped.',
    source: 'Schulman et al. 2017; Ouyang et al. 2022',
    changes: () => ({}),
  },
  openai2019: {
    label: 'OpenAI 2019',
    meaning:
      'As language models were first tuned by votes: the critic is a head on the policy, β seeks a target distance, rewards are whitened, an unfinished text scores −1. (Adam as PyTorch has it; their horizon of 10,000 texts is 1,000 here, where a run has about as many.)',
    source: 'Ziegler et al. 2019, lm-human-preferences',
    changes: () => ({
      valueModel: 'shared',
      klControl: 'adaptive',
      klCoef: 0.15,
      klTarget: 6,
      whitenRewards: true,
      missingEos: 'replace',
      missingEosPenalty: 1,
      optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-5, weightDecay: 0, maxGradNorm: 0 },
    }),
  },
  adaptive: {
    label: 'Adaptive KL',
    meaning: 'You choose the distance, a thermostat chooses β.',
    source: 'Ziegler et al. 2019, section 2.2',
    changes: () => ({ klControl: 'adaptive', klTarget: 2, klHorizon: 100 }),
  },
  ptx: {
    label: 'PPO-ptx',
    meaning:
      'Each step also learns to predict texts of the corpus, so that pleasing the reward model does not cost the grammar.',
    source: 'Ouyang et al. 2022, eq. 2',
    changes: () => ({ ptxCoef: 1 }),
  },
  a2c: {
    label: 'A2C',
    meaning:
      'One pass over each batch and no clip: then the ratio is 1, and PPO’s gradient is the plain policy gradient with a critic.',
    source: 'Mnih et al. 2016; Huang et al. 2022',
    changes: ({ learningRate }) => ({
      epochs: 1,
      minibatches: 1,
      clipRange: 0,
      clipRangeValue: 0,
      lam: 1,
      whitenAdvantages: false,
      learningRate: 2 * learningRate, // a quarter of the steps
    }),
  },
  rloo: {
    label: 'RLOO',
    meaning: 'No critic: each completion is compared with the mean of the other completions of its prompt.',
    source: 'Ahmadian et al. 2024',
    changes: () => ({ advantages: 'rloo', groupSize: 4, whitenAdvantages: false }),
  },
  grpo: {
    label: 'GRPO',
    meaning:
      'No critic: each completion is measured against its group in units of the group’s spread; the distance is paid in the loss.',
    source: 'Shao et al. 2024',
    changes: () => ({
      advantages: 'grpo',
      groupSize: 8,
      whitenAdvantages: false,
      klPlacement: 'loss',
      klEstimator: 'k3',
    }),
  },
} as const satisfies Record<string, PpoVariant>;

export type PpoVariantName = keyof typeof PPO_VARIANTS;
export const PPO_VARIANT_NAMES = Object.keys(PPO_VARIANTS) as PpoVariantName[];

/** @returns a preset's settings with what the variant changes, a fresh object */
export function ppoVariant(name: PpoVariantName, preset: LabConfig['preset']): PpoConfig {
  const { ppo } = presetConfig(preset);
  const variant: PpoVariant = PPO_VARIANTS[name];
  return { ...ppo, ...variant.changes(ppo) };
}
