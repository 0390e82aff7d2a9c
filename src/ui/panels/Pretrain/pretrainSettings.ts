import type { ModelConfig, PretrainConfig } from '../../../contract/config';
import type { SettingsGroup } from '../settings/setting';

const SCHEDULES = [
  { value: 'cosine', label: 'cosine' },
  { value: 'linear', label: 'linear to 0' },
  { value: 'constant', label: 'constant' },
] as const;

/** The four that people turn first. */
export const MAIN_SETTINGS: readonly SettingsGroup<PretrainConfig>[] = [
  {
    title: 'Training',
    settings: [
      { kind: 'number', key: 'steps', label: 'Steps', min: 1, max: 100_000, integer: true },
      { kind: 'number', key: 'batchSize', label: 'Batch', min: 1, max: 512, integer: true, hint: 'texts each step' },
      { kind: 'number', key: 'learningRate', label: 'Learning rate', min: 1e-6, max: 1 },
      { kind: 'choice', key: 'schedule', label: 'Schedule', options: SCHEDULES },
    ],
  },
];

export const MORE_SETTINGS: readonly SettingsGroup<PretrainConfig>[] = [
  {
    title: 'Rhythm',
    settings: [
      {
        kind: 'number',
        key: 'warmupSteps',
        label: 'Warm-up steps',
        min: 0,
        max: 10_000,
        integer: true,
        hint: 'the learning rate climbs first',
      },
      {
        kind: 'number',
        key: 'evalEvery',
        label: 'Look every',
        min: 1,
        max: 10_000,
        integer: true,
        hint: 'steps between held-out loss, sample and attention',
      },
    ],
  },
];

type Shape = Omit<ModelConfig, 'vocabSize'>;
export const MODEL_SETTINGS: readonly SettingsGroup<Shape>[] = [
  {
    title: 'Model',
    settings: [
      { kind: 'number', key: 'layers', label: 'Layers', symbol: 'L', min: 1, max: 24, integer: true },
      { kind: 'number', key: 'heads', label: 'Heads', symbol: 'H', min: 1, max: 24, integer: true, hint: 'the width is shared among them' },
      { kind: 'number', key: 'width', label: 'Width', symbol: 'C', min: 4, max: 1024, integer: true, hint: 'a multiple of the heads' },
      {
        kind: 'number',
        key: 'contextLength',
        label: 'Context',
        symbol: 'T',
        min: 8,
        max: 512,
        integer: true,
        hint: 'tokens it can look back',
      },
      {
        kind: 'choice',
        key: 'positions',
        label: 'Positions',
        options: [
          { value: 'learned', label: 'learned (GPT-2)' },
          { value: 'sinusoidal', label: 'sinusoidal (2017)' },
        ],
      },
      {
        kind: 'choice',
        key: 'norm',
        label: 'Layer norm',
        options: [
          { value: 'pre', label: 'before each block (GPT-2)' },
          { value: 'post', label: 'after each block (2017)' },
        ],
      },
      {
        kind: 'choice',
        key: 'activation',
        label: 'Activation',
        options: [
          { value: 'gelu', label: 'GELU (GPT-2)' },
          { value: 'relu', label: 'ReLU (2017)' },
        ],
      },
      { kind: 'switch', key: 'tiedHead', label: 'Output layer tied to the embedding' },
    ],
  },
];

/** @returns what is wrong with a shape, or null */
export const shapeComplaint = ({ width, heads }: Pick<Shape, 'width' | 'heads'>): string | null =>
  width % heads === 0 ? null : `Width ${width} cannot be shared by ${heads} heads: choose a multiple of ${heads}.`;
