/** A model as a file, or as a folder that another program may have saved. */

import type { ModelConfig } from '../contract/config';
import { LabError } from '../contract/errors';
import { inWords } from '../contract/limits';
import { countOf } from '../contract/numbers';
import { openCheckpoint } from '../core/model/checkpoint';
import { huggingFaceName } from '../core/model/huggingFace';
import { parameterCount, parameterList } from '../core/model/layout';
import { decodeCheckpoint } from '../formats/checkpoint';
import { openSafetensors, type SafetensorsFile } from '../formats/safetensors';
import { refusal, refusalOf, type Verdict } from './verdict';

/** opened as the page opens it */
export function judgeModel(bytes: Uint8Array): Verdict {
  try {
    const { meta } = openCheckpoint(decodeCheckpoint(bytes));
    const { layers, width } = meta.model;
    const size = `${countOf(layers, 'layer')}, width ${width}, ${inWords(parameterCount(meta.model, meta.heads))} parameters`;
    return { kind: 'model', rows: 1, kept: 1, notes: [`${meta.name}: ${meta.kind}, ${size}.`], refused: [] };
  } catch (error) {
    return refusalOf('model', error);
  }
}

/** the part of a config.json that gives a GPT-2 its shapes */
export type ForeignConfig = Record<string, unknown>;

const sizeIn = (config: ForeignConfig, ...names: string[]): number => {
  const value = names.map((name) => config[name]).find((one) => one !== undefined);
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 1e6) return value;
  throw new LabError('file/checkpoint', `config.json: ${names[0]} is not usable`);
};

/** @param most layers that are looked for: one more than have a tensor, and one is missing */
const shapeOf = (config: ForeignConfig, most: number): ModelConfig => ({
  vocabSize: sizeIn(config, 'vocab_size'),
  contextLength: sizeIn(config, 'n_positions', 'n_ctx'),
  layers: Math.min(most, sizeIn(config, 'n_layer')),
  heads: sizeIn(config, 'n_head'),
  width: sizeIn(config, 'n_embd'),
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: config.tie_word_embeddings !== false,
});

/** what a GPT-2 of this config has, under its names; a whole model has `transformer.` in front of most */
function checkTensors({ shapes, read }: SafetensorsFile, config: ForeignConfig): void {
  const fail = (message: string): never => {
    throw new LabError('file/checkpoint', message);
  };
  const isWhole = [...shapes.keys()].some((name) => name.startsWith('transformer.'));
  for (const { name, shape: ours } of parameterList(shapeOf(config, shapes.size), { language: true, scalar: false })) {
    const bare = huggingFaceName(name);
    const full = isWhole && bare !== 'lm_head.weight' ? `transformer.${bare}` : bare;
    const wanted = bare === 'lm_head.weight' ? ours.toReversed() : ours;
    const shape = shapes.get(full) ?? fail(`tensor ${full} is missing`);
    if (shape.join() !== wanted.join()) fail(`tensor ${full} is [${shape}], the config asks for [${wanted}]`);
    if (!read(full).every(Number.isFinite)) fail(`tensor ${full} holds numbers that are not finite`);
  }
}

/**
 * @returns what stands in the way of a model that another program saved: the first thing that even its own program
 * would miss, or that
 */
export function judgeForeign(bytes: Uint8Array, config: ForeignConfig): Verdict {
  const type = String(config.model_type ?? 'none');
  if (type !== 'gpt2')
    return refusal(
      'model',
      `its model_type is ${type.slice(0, 100)}; the lab's own models are of GPT-2's shape`,
      'config.json',
    );
  try {
    checkTensors(openSafetensors(bytes), config);
  } catch (error) {
    return refusalOf('model', error);
  }
  return refusal(
    'model',
    'its model_type is gpt2, and another program saved it; the lab opens models that it saved itself',
    'config.json',
  );
}
