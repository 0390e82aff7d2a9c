/**
 * The `config.json` of a GPT-2 and its like, as transformers writes and reads it: fields that are left out mean its
 * defaults, and what the lab cannot compute is refused by its name.
 * https://huggingface.co/docs/transformers/model_doc/gpt2
 */
import { LARGEST_INNER, type ModelConfig } from '../contract/config';
import { LabError } from '../contract/errors';
import { inWords, startOf } from '../contract/limits';
import { shapeClash } from '../contract/settings/clashes';
import { MODEL, TEXT } from '../contract/settings/lab';
import { type ForeignConfig, isOff, shown } from './foreignConfig';

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', `config.json: ${message}`);
};

/**
 * names of transformers for the functions that the lab computes; the first four differ in how they are written alone
 */
const ACTIVATIONS: Readonly<Record<string, ModelConfig['activation']>> = {
  gelu_new: 'gelu',
  gelu_fast: 'gelu',
  gelu_accurate: 'gelu',
  gelu_pytorch_tanh: 'gelu',
  gelu_python_tanh: 'gelu',
  gelu: 'geluErf',
  gelu_python: 'geluErf',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
  quick_gelu: 'quickGelu',
  tanh: 'tanh',
};

const EPSILON = 1e-5;

interface Size {
  /** the first is GPT-2's own; where both are set, transformers takes the last */
  names: readonly [string, ...string[]];
  /** what a config that leaves it out means */
  absent: number;
  min: number;
  max: number;
}
const SIZES = {
  vocabSize: { names: ['vocab_size'], absent: 50_257, min: 2, max: TEXT.vocabSize.max },
  contextLength: { names: ['n_positions', 'max_position_embeddings'], absent: 1024, ...MODEL.contextLength },
  layers: { names: ['n_layer', 'num_hidden_layers'], absent: 12, ...MODEL.layers },
  heads: { names: ['n_head', 'num_attention_heads'], absent: 12, ...MODEL.heads },
  width: { names: ['n_embd', 'hidden_size'], absent: 768, ...MODEL.width },
} as const satisfies Record<string, Size>;

function sizeIn(config: ForeignConfig, { names, absent, min, max }: Size): number {
  const name = names.findLast((one) => config[one] !== undefined);
  if (name === undefined) return absent;
  const value = config[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min)
    return fail(`${name} is ${shown(value)}, which is not usable`);
  return value > max ? fail(`${name} is ${inWords(value)}, and the lab opens models up to ${inWords(max)}`) : value;
}

function flagIn(config: ForeignConfig, name: string, absent: boolean): boolean {
  const value = config[name] ?? absent;
  return typeof value === 'boolean' ? value : fail(`${name} is ${shown(value)}, which is neither true nor false`);
}

function innerIn(config: ForeignConfig): number | null {
  const value = config.n_inner ?? null;
  if (value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LARGEST_INNER))
    return value;
  return fail(`n_inner is ${shown(value)}, which is not usable`);
}

function epsilonIn(config: ForeignConfig): number {
  const value = config.layer_norm_epsilon ?? EPSILON;
  return typeof value === 'number' && value >= 0 && value < Infinity
    ? value
    : fail(`layer_norm_epsilon is ${shown(value)}: the root of a variance and a number below 0 may be none`);
}

function activationIn(config: ForeignConfig): ModelConfig['activation'] {
  const name = config.activation_function ?? 'gelu_new';
  const known = typeof name === 'string' && Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  return (
    known ?? fail(`activation_function is ${shown(name)}, and the lab computes ${Object.keys(ACTIVATIONS).join(', ')}`)
  );
}

/** what changes the arithmetic, and why the lab does not have it */
const STRANGE: Readonly<Record<string, string>> = {
  add_cross_attention: 'cross-attention to an encoder is not in GPT-2',
  is_encoder_decoder: 'the lab opens decoders',
  pruned_heads: 'heads that were cut out leave other shapes',
  quantization_config: 'numbers that were quantised cannot be read',
};

/** @throws where it is a model of another kind */
function checkKind(config: ForeignConfig): void {
  const { model_type: type, architectures } = config;
  const [architecture] = Array.isArray(architectures) ? architectures : [];
  const isGpt2 = type === 'gpt2' || (type === undefined && String(architecture ?? '').startsWith('GPT2'));
  if (!isGpt2) {
    const kind = typeof type === 'string' ? startOf(type, 100) : shown(type ?? architecture ?? null);
    fail(`its model_type is ${kind}; the lab opens models of GPT-2's shape, model_type gpt2`);
  }
  for (const [name, why] of Object.entries(STRANGE))
    if (!isOff(config[name])) fail(`${name} is ${shown(config[name])}: ${why}`);
}

/** what differs from GPT-2; absent otherwise, so that a model of its shape has the config of one made here */
function foreignShape(config: ForeignConfig, width: number): Partial<ModelConfig> {
  const [inner, normEpsilon] = [innerIn(config), epsilonIn(config)];
  return {
    ...(inner !== null && inner !== 4 * width && { innerWidth: inner }),
    ...(normEpsilon !== EPSILON && { normEpsilon }),
    ...(!flagIn(config, 'scale_attn_weights', true) && { plainScores: true }),
    ...(flagIn(config, 'scale_attn_by_inverse_layer_idx', false) && { scoresByLayer: true }),
  };
}

/**
 * @returns the shape of the model, as the lab writes it
 * @throws LabError('file/checkpoint') that names the field
 */
export function modelOfGpt2(config: ForeignConfig): ModelConfig {
  checkKind(config);
  const width = sizeIn(config, SIZES.width);
  const heads = sizeIn(config, SIZES.heads);
  const clash = shapeClash({ width, heads });
  if (clash !== null) return fail(clash);
  return {
    vocabSize: sizeIn(config, SIZES.vocabSize),
    contextLength: sizeIn(config, SIZES.contextLength),
    layers: sizeIn(config, SIZES.layers),
    heads,
    width,
    positions: 'learned',
    norm: 'pre',
    activation: activationIn(config),
    tiedHead: flagIn(config, 'tie_word_embeddings', true),
    ...foreignShape(config, width),
  };
}
