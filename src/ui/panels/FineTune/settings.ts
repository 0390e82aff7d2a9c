import type { FineTuneConfig } from '../../../contract/config';
import { ENOUGH_CASES } from '../../../contract/shares';
import type { Setting, SettingsGroup } from '../settings/setting';

const KEEP: Setting<FineTuneConfig> = {
  kind: 'choice',
  key: 'selectBy',
  label: 'Keep the model',
  hint: `of fewer than ${ENOUGH_CASES} held out no loss is chosen by`,
  options: [
    { value: 'heldOutLoss', label: 'with the least held-out loss' },
    { value: 'score', label: 'with the best score' },
    { value: 'last', label: 'of the last epoch' },
  ],
};
/** without a reward model there is no score to choose by */
const KEEP_UNSCORED: Setting<FineTuneConfig> = { ...KEEP, options: KEEP.options.filter(({ value }) => value !== 'score') };

/** The three that people turn first. */
export const mainSettings = (scored: boolean): readonly SettingsGroup<FineTuneConfig>[] => [
  {
    title: 'Training',
    settings: [
      { kind: 'number', key: 'epochs', label: 'Epochs', min: 1, max: 100, integer: true, hint: 'passes over all of them' },
      {
        kind: 'number',
        key: 'learningRate',
        label: 'Learning rate',
        symbol: 'η',
        live: true,
        min: 1e-6,
        max: 1,
        hint: 'a cosine, to a tenth',
      },
      scored ? KEEP : KEEP_UNSCORED,
    ],
  },
];

export const MORE_SETTINGS: readonly SettingsGroup<FineTuneConfig>[] = [
  {
    title: 'Batches',
    settings: [
      { kind: 'number', key: 'batchSize', label: 'Batch size', min: 1, max: 512, integer: true, hint: 'demonstrations in a step' },
      { kind: 'number', key: 'warmupSteps', label: 'Warm-up steps', min: 0, max: 1000, integer: true },
      { kind: 'number', key: 'heldOutShare', label: 'Held-out share', min: 0, max: 0.5, hint: 'split by prompt; 0 keeps none back' },
    ],
  },
  {
    title: 'Fresh texts',
    settings: [
      { kind: 'number', key: 'evalSamples', label: 'Texts', min: 1, max: 512, integer: true, hint: 'judged after every epoch' },
      { kind: 'number', key: 'temperature', label: 'Temperature', symbol: 'τ', min: 0.05, max: 5, hint: 'of those, and of the comparison' },
    ],
  },
];
