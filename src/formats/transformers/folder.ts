/** A checkpoint of the lab as a folder that transformers opens without code of ours. */
import type { CheckpointFile } from '../../contract/checkpoint';
import { encodeSafetensors } from '../safetensors';
import { cardOf } from './card';
import { configOf, generationOf, isScorer } from './config';
import { tokenizerConfigOf, tokenizerOf } from './tokenizer';
import { weightsOf } from './weights';

const encoder = new TextEncoder();
const written = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
const json = (value: object): Uint8Array<ArrayBuffer> => encoder.encode(written(value));

/** transformers takes a number without a point for a whole one, and refuses it there */
const configJson = (config: object): Uint8Array<ArrayBuffer> =>
  encoder.encode(written(config).replace(/("layer_norm_epsilon": \d+)(?=,?\n)/, '$1.0'));

/**
 * @returns files by name
 * @throws LabError('file/checkpoint') in words, where GPT-2 cannot express the model
 */
export function transformersFolder(file: CheckpointFile): Map<string, Uint8Array<ArrayBuffer>> {
  const { meta } = file;
  const config = configOf(meta);
  const files = new Map([
    ['config.json', configJson(config)],
    ['model.safetensors', encodeSafetensors(weightsOf(file), { format: 'pt' })],
    ['tokenizer.json', json(tokenizerOf(meta.tokenizer))],
    ['tokenizer_config.json', json(tokenizerConfigOf(meta.tokenizer, meta.model.contextLength))],
    ['README.md', encoder.encode(cardOf(meta))],
  ]);
  if (!isScorer(meta)) files.set('generation_config.json', json(generationOf(meta)));
  return files;
}
