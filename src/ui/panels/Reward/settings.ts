import type { RewardConfig } from '../../../contract/config';
import type { SettingsGroup } from '../settings/setting';

/** All settings of the reward model; how it pools stands on the stage itself. */
export const REWARD_SETTINGS: readonly SettingsGroup<RewardConfig>[] = [
  {
    title: 'Training',
    settings: [
      { kind: 'number', key: 'steps', label: 'Steps', min: 0, max: 5000, integer: true, hint: '0: chosen from the number of pairs' },
      { kind: 'number', key: 'batchSize', label: 'Batch size', min: 1, max: 512, integer: true, hint: 'pairs in a step' },
      { kind: 'number', key: 'learningRate', label: 'Learning rate', symbol: 'η', min: 0, max: 1, hint: 'of the trunk; decays to 0' },
      { kind: 'number', key: 'headLearningRate', label: 'Head learning rate', min: 0, max: 1, hint: 'the head starts at zero and may run' },
      { kind: 'number', key: 'warmupSteps', label: 'Warm-up steps', min: 0, max: 1000, integer: true },
    ],
  },
  {
    title: 'Pairs',
    settings: [
      {
        kind: 'number',
        key: 'ruleLabels',
        label: 'Pairs by your rule',
        min: 0,
        max: 5000,
        integer: true,
        hint: 'counted apart from your votes',
      },
      {
        kind: 'number',
        key: 'strengthMargin',
        label: 'Strength margin',
        min: 0,
        max: 10,
        hint: 'score by which “much better” should win; acts where a vote or ranking says how strongly',
        source: 'Llama 2, eq. 2',
      },
      { kind: 'number', key: 'heldOutShare', label: 'Held-out share', min: 0.05, max: 0.5, hint: 'split by prompt' },
      {
        kind: 'number',
        key: 'normalizeSamples',
        label: 'Normalising texts',
        min: 16,
        max: 4096,
        integer: true,
        hint: 'scores get mean 0, deviation 1 over them',
      },
    ],
  },
];
