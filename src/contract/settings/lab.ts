/** Size, engine, model, texts, and how texts are judged and sampled. */
import { RANKING_SIZES } from '../preferences';
import { between, choice, type Form, integer, number, PRESETS, SHARE, toggle } from './setting';

export const BACKENDS = ['webgpu', 'wasm', 'webgl', 'cpu'] as const;
export const EXECUTORS = ['fused', 'portable'] as const;

export const LAB = {
  preset: choice({ default: 'tiny', options: PRESETS, label: 'Preset' }),
  /** of the address and the page; the thread takes any whole number */
  seed: integer({ default: 1, min: 0, max: 2 ** 31 - 1, label: 'Seed' }),
  backend: choice({ default: 'auto', options: ['auto', ...BACKENDS], label: 'Backend' }),
  executor: choice({ default: 'auto', options: ['auto', ...EXECUTORS], label: 'Executor' }),
};

/** GPT-2 by default; each switch brings back one choice of Vaswani et al. 2017. */
export const MODEL = {
  layers: integer({
    default: { tiny: 2, small: 3, medium: 4 },
    ...between(1, 24),
    label: 'Layers',
    symbol: 'L',
    slider: { min: 1, max: 8, step: 1 },
  }),
  /** C, a multiple of the heads */
  width: integer({
    default: { tiny: 64, small: 96, medium: 128 },
    ...between(2, 1024),
    label: 'Width',
    symbol: 'C',
    hint: 'a multiple of the heads',
  }),
  heads: integer({
    default: { tiny: 2, small: 3, medium: 4 },
    ...between(1, 32),
    label: 'Heads',
    symbol: 'H',
    hint: 'the width is shared among them',
    slider: { min: 1, max: 8, step: 1 },
  }),
  /** longest sequence the model can read, in tokens */
  contextLength: integer({
    default: 48,
    ...between(2, 1024),
    label: 'Context',
    symbol: 'T',
    hint: 'tokens it can look back',
    address: 'context',
  }),
  positions: choice({
    default: 'learned',
    options: { learned: 'learned (GPT-2)', sinusoidal: 'sinusoidal (2017)' },
    label: 'Positions',
  }),
  norm: choice({
    default: 'pre',
    options: { pre: 'before each block (GPT-2)', post: 'after each block (2017)' },
    label: 'Layer norm',
  }),
  activation: choice({
    default: 'gelu',
    options: {
      gelu: 'GELU (GPT-2)',
      geluErf: 'GELU, exact',
      relu: 'ReLU (2017)',
      silu: 'SiLU',
      quickGelu: 'GELU, quick',
      tanh: 'tanh',
    },
    label: 'Activation',
  }),
  /** the output layer is the token embedding, transposed (GPT-2) */
  tiedHead: toggle({ default: true, label: 'Output layer tied to the embedding' }),
};
export const MODEL_FORM: Form<typeof MODEL> = [
  {
    title: 'Model',
    keys: ['layers', 'heads', 'width', 'contextLength', 'positions', 'norm', 'activation', 'tiedHead'],
  },
];

const HUNDREDTHS = { min: 0, max: 1, step: 0.01 };

/** What the grammar of micro-stories is asked for. Shares are probabilities. */
export const STORIES = {
  happyShare: number({ default: 0.35, ...SHARE, label: 'Happy endings', slider: HUNDREDTHS }),
  sadShare: number({ default: 0.35, ...SHARE, label: 'Sad endings', slider: HUNDREDTHS }),
  /** expected number of middle sentences */
  meanMiddle: number({
    default: 0.95,
    min: 0,
    max: 2,
    label: 'Middle sentences',
    slider: { min: 0, max: 2, step: 0.05 },
  }),
  politeShare: number({ default: 0.14, ...SHARE, label: 'Polite stories', slider: HUNDREDTHS }),
  rudeShare: number({ default: 0.06, ...SHARE, label: 'Rude stories', slider: HUNDREDTHS }),
  /** 0 not at all, 1 as shipped */
  moodAgreement: number({
    default: 1,
    ...SHARE,
    label: 'Mood agreement',
    hint: 'how strongly the middle foretells the ending: what lets a few votes go far',
    slider: { min: 0, max: 1, step: 0.05 },
  }),
  stories: integer({ default: 20_000, min: 1, max: 1_000_000, label: 'Stories', step: 500 }),
};

/** Of the visitor's own text. */
export const TEXT = {
  tokenizer: choice({ default: 'char', options: ['char', 'word', 'bpe'], label: 'Tokens' }),
  /** for word and bpe */
  vocabSize: integer({
    default: 512,
    min: 2,
    max: 65_536,
    label: 'Vocabulary',
    hint: 'most tokens it may hold',
    address: 'vocab',
  }),
  heldOutShare: number({
    default: 0.1,
    ...SHARE,
    excludes: 'max',
    label: 'Held out',
    hint: 'the end of the text, never trained on: what held-out loss is measured with',
    slider: { min: 0.02, max: 0.5, step: 0.01 },
    address: 'textHeldOut',
  }),
  /** T of a text in the tokens of a model that another program made, and of its stories */
  textWindow: integer({
    default: 0,
    ...between(0, 1024),
    label: 'Window',
    hint: 'tokens of a prompt and its continuation; 0: the context of the opened model, as far as memory goes',
    since: { date: '2026-11-30', before: 48 },
  }),
};

/** What a visitor is asked on Compare. */
export const COMPARE = {
  /** which of two is better, or an order of several */
  task: choice({ default: 'pairs', options: ['pairs', 'rankings'], label: 'What to judge', address: 'compare' }),
  /** K, completions of one prompt that are ranked together; InstructGPT's raters saw 4 to 9 */
  rankingSize: integer({ default: 4, min: RANKING_SIZES.least, max: RANKING_SIZES.most, label: 'Completions' }),
};

/**
 * Below this temperature sampling is greedy: the likeliest token is taken, of equals the one of lowest id. Here a token
 * whose logit is 0.02 lower is already e⁻²⁰ times as likely, and not far below it logits divided by the temperature
 * leave single precision.
 */
export const GREEDY_BELOW = 1e-3;
const HOTTEST = 100;

/** of texts whose log-probabilities are taken at the same temperature, which a greedy choice has not */
export const TEMPERATURE = {
  default: 0.7,
  min: GREEDY_BELOW,
  max: HOTTEST,
  tooLow: `a temperature below ${GREEDY_BELOW} leaves nothing to chance; choose a higher one`,
  label: 'Temperature',
} as const;

export const SAMPLING = {
  /** below GREEDY_BELOW it is greedy */
  temperature: number({
    default: 0.7,
    ...between(0, HOTTEST),
    label: 'Temperature',
    slider: { min: 0, max: 2, step: 0.05 },
    address: 'samplingTemperature',
  }),
  /** 0 is off */
  topK: integer({ default: 0, min: 0, max: 1_000_000, label: 'Top-k', slider: { min: 0, max: 50, step: 1 } }),
  /** 1 is off */
  topP: number({ default: 1, ...SHARE, label: 'Top-p', slider: { min: 0.05, max: 1, step: 0.05 } }),
};
