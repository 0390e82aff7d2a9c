import type { DpoConfig } from '../../../contract/config';
import type { SettingsGroup } from '../settings/setting';

/** Everything about DPO except method, β and the fine-tuning term, which stay in sight. */
export const DPO_SETTINGS: readonly SettingsGroup<DpoConfig>[] = [
  {
    title: 'Update',
    settings: [
      {
        kind: 'number',
        key: 'steps',
        label: 'Steps',
        min: 1,
        max: 100_000,
        integer: true,
        hint: '300 pairs are learned by heart in about 100',
      },
      { kind: 'number', key: 'batchSize', label: 'Pairs in a batch', min: 1, max: 512, integer: true },
      { kind: 'number', key: 'learningRate', label: 'Learning rate', min: 1e-6, max: 0.1, hint: 'a third of what PPO takes' },
      {
        kind: 'choice',
        key: 'schedule',
        label: 'Learning rate schedule',
        options: [
          { value: 'constant', label: 'constant' },
          { value: 'linear', label: 'linear to 0' },
          { value: 'cosine', label: 'cosine to a tenth' },
        ],
      },
      { kind: 'number', key: 'warmupSteps', label: 'Warm-up steps', min: 0, max: 100_000, integer: true },
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
        hint: 'counted apart from your votes; the same as a reward model gets',
      },
    ],
  },
  {
    title: 'Looking',
    settings: [
      { kind: 'number', key: 'heldOutShare', label: 'Held-out share', min: 0, max: 0.9, hint: 'of the prompts, never trained on' },
      { kind: 'number', key: 'evalEvery', label: 'Look every', min: 1, max: 10_000, integer: true, hint: 'steps' },
      { kind: 'number', key: 'evalSamples', label: 'Fresh texts at a look', min: 1, max: 512, integer: true },
      {
        kind: 'number',
        key: 'temperature',
        label: 'Temperature',
        min: 0.05,
        max: 5,
        hint: 'of the fresh texts; the loss itself is taken at 1',
      },
    ],
  },
];
