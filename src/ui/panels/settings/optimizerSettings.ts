import type { OptimizerConfig } from '../../../contract/config';
import type { SettingsGroup } from './setting';

export const OPTIMIZER_SETTINGS: readonly SettingsGroup<OptimizerConfig>[] = [
  {
    title: 'Optimiser (AdamW)',
    settings: [
      { kind: 'number', key: 'maxGradNorm', label: 'Gradient clipping', min: 0, max: 1000, hint: 'global norm; 0 is off' },
      { kind: 'number', key: 'weightDecay', label: 'Weight decay', min: 0, max: 1, hint: 'matrices only' },
      { kind: 'number', key: 'beta1', label: 'Momentum', symbol: 'β₁', min: 0, max: 0.9999 },
      { kind: 'number', key: 'beta2', label: 'Second moment', symbol: 'β₂', min: 0, max: 0.99999 },
      { kind: 'number', key: 'epsilon', label: 'Epsilon', symbol: 'ε', min: 1e-12, max: 1e-2 },
    ],
  },
];
