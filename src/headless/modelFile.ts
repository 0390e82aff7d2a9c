/** A model as a file, or as a folder that another program may have saved. */

import type { ModelConfig } from '../contract/config';
import { inWords } from '../contract/limits';
import { countOf } from '../contract/numbers';
import { openCheckpoint } from '../core/model/checkpoint';
import { readForeignWeights } from '../core/model/gpt2/weights';
import { parameterCount } from '../core/model/layout';
import { restoreForeign } from '../core/text/textTokenizers';
import { decodeCheckpoint } from '../formats/checkpoint';
import type { FileSet } from '../formats/fileSet';
import { modelIn, modelName, tokenizerIn, tokensOf } from '../formats/modelFiles';
import { refusalOf, type Verdict } from './verdict';

const sizeOf = ({ layers, width }: ModelConfig): string => `${countOf(layers, 'layer')}, width ${width}`;

/** opened as the page opens it */
export function judgeModel(bytes: Uint8Array): Verdict {
  try {
    const { meta } = openCheckpoint(decodeCheckpoint(bytes));
    const size = `${sizeOf(meta.model)}, ${inWords(parameterCount(meta.model, meta.heads))} parameters`;
    return { kind: 'model', rows: 1, kept: 1, notes: [`${meta.name}: ${meta.kind}, ${size}.`], refused: [] };
  } catch (error) {
    return refusalOf('model', error);
  }
}

/** @returns what the page would make of files of a model that another program saved */
export async function judgeForeign(files: FileSet): Promise<Verdict> {
  try {
    const { config, model, stored } = await modelIn(files);
    const { notes, tensors } = await readForeignWeights(stored, model);
    const foreign = tokensOf(config, model, await tokenizerIn(files));
    restoreForeign({ kind: 'foreign', tokens: [], foreign });
    const parameters = Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
    const size = `${modelName(config, null)}: of another program, ${sizeOf(model)}, ${inWords(parameters)} parameters.`;
    return { kind: 'model', rows: 1, kept: 1, notes: [size, ...notes], refused: [] };
  } catch (error) {
    return refusalOf('model', error);
  }
}
