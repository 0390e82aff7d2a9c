import type { BestOfConfig } from '../../../contract/config';
import type { SettingsGroup } from '../settings/setting';

export const BEST_OF_SETTINGS: readonly SettingsGroup<BestOfConfig>[] = [
  {
    title: 'Drawing',
    settings: [
      { kind: 'number', key: 'samples', label: 'Samples of each prompt', min: 2, max: 256, integer: true, hint: 'the largest N' },
      { kind: 'number', key: 'prompts', label: 'Prompts', min: 1, max: 256, integer: true, hint: 'more makes the curves surer' },
      { kind: 'number', key: 'temperature', label: 'Temperature', min: 0.05, max: 5 },
    ],
  },
];
