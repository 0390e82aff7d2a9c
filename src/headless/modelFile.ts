/** A model as a file, or as a folder that another program may have saved. */

import { inWords } from '../contract/limits';
import { countOf } from '../contract/numbers';
import { openCheckpoint } from '../core/model/checkpoint';
import { readForeignWeights } from '../core/model/gpt2/weights';
import { parameterCount } from '../core/model/layout';
import { decodeCheckpoint } from '../formats/checkpoint';
import type { ForeignConfig } from '../formats/foreignConfig';
import { modelOfGpt2 } from '../formats/gpt2Config';
import { openStoredTensors } from '../formats/safetensors';
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

/**
 * @returns what stands in the way of a model that another program saved: the first thing that even its own program
 * would miss, or that
 */
export async function judgeForeign(bytes: Uint8Array, config: ForeignConfig): Promise<Verdict> {
  const source = { size: bytes.length, read: async (begin: number, end: number) => bytes.subarray(begin, end) };
  try {
    await readForeignWeights(await openStoredTensors(source), modelOfGpt2(config));
  } catch (error) {
    return refusalOf('model', error);
  }
  return refusal(
    'model',
    'its model_type is gpt2, and another program saved it; the lab opens models that it saved itself',
    'config.json',
  );
}
