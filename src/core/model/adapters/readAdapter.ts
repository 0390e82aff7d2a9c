/** Low-rank adapters that peft trained (Hu et al. 2021), as the lab has them: A [in,r], B [r,out]. */
import type { Change, LoraRules, Tuning } from '../../../contract/adapters';
import type { NamedTensor, NamedTensors, StoredTensors } from '../../../contract/checkpoint';
import type { ModelConfig } from '../../../contract/config';
import { huggingFaceName, transpose } from '../huggingFace';
import { parameterList } from '../layout';
import { AdapterFile, fail } from './adapterFile';
import { fullName, type Layer, layersOf, sidesOf } from './peftNames';
import { sideA, sideB } from './tuning';

export interface ModelWeights {
  model: ModelConfig;
  tensors: NamedTensors;
}

/** An adapter beside the model that it was trained on. */
export interface OpenedAdapter extends ModelWeights {
  tuning: Tuning;
  /** by the names of what learns: both sides of every change, and what was trained whole */
  learned: NamedTensors;
}

/** an adapter on a tied embedding changes one of its two uses: from then on they are two matrices */
function untied({ model, tensors }: ModelWeights, lora: LoraRules): ModelWeights {
  const changes = ['lm_head', 'transformer.wte'].some((module) => lora.targets(module) || lora.isSaved(module));
  if (!model.tiedHead || !changes) return { model, tensors };
  const head = transpose(tensors.tokenEmbedding!);
  return { model: { ...model, tiedHead: false }, tensors: { ...tensors, 'languageHead/weight': head } };
}

/** @returns what is to be known of a model beside the one that the adapter was trained on, in sentences */
export const adapterNotes = (before: ModelConfig, after: ModelConfig): string[] =>
  before.tiedHead && !after.tiedHead
    ? [
        'Its adapter changes one of the two uses of the token embedding, so that and the output layer are two matrices now.',
      ]
    : [];

async function readChange(
  file: AdapterFile,
  layer: Layer,
  shape: readonly number[],
  rank: number,
): Promise<NamedTensors> {
  const [inputs, outputs] = shape as [number, number];
  const { a, b } = sidesOf(layer);
  return {
    [sideA(layer.name)]: await file.readTurned(a, [rank, inputs]),
    [sideB(layer.name)]: await file.readTurned(b, [outputs, rank]),
  };
}

/** modules that were trained whole stand in the file in place of the model's */
async function readSaved(file: AdapterFile, model: ModelConfig, lora: LoraRules): Promise<NamedTensors> {
  const learned: NamedTensors = {};
  for (const { name, shape } of parameterList(model, { language: true, scalar: false })) {
    const bare = huggingFaceName(name);
    const module = fullName(bare).replace(/\.(?:weight|bias)$/, '');
    if (!lora.isSaved(module)) continue;
    learned[name] =
      name === 'languageHead/weight'
        ? await file.readTurned(bare, shape.toReversed() as [number, number])
        : { shape, data: await file.read(bare, shape) };
  }
  return learned;
}

/** peft writes an embedding that has an adapter, or was made longer, into the file as well: the trunk's, or another one */
async function readRepeated(file: AdapterFile, tensors: NamedTensors): Promise<void> {
  for (const name of ['tokenEmbedding', 'positionEmbedding', 'languageHead/weight']) {
    const bare = huggingFaceName(name).replace(/\.weight$/, '');
    // a tied head is the embedding, which lies turned
    const { shape, data } = name in tensors ? turnedHead(name, tensors) : tensors.tokenEmbedding!;
    for (const repeat of [`${bare}.base_layer.weight`, `${bare}.weight`]) {
      if (!file.isUnread(repeat)) continue;
      const repeated = await file.read(repeat, shape);
      if (!repeated.every((value, i) => value === data[i]))
        fail(`tensor ${repeat} of the adapter is another one than the model’s: it was trained on another model`);
    }
  }
}
const turnedHead = (name: string, tensors: NamedTensors): NamedTensor =>
  name === 'languageHead/weight' ? transpose(tensors[name]!) : tensors[name]!;

/**
 * @param stored tensors of the adapter's file
 * @returns the model untied where the adapter changes one of the two ends
 * @throws LabError('file/checkpoint') that names what does not fit
 */
export async function readAdapter(base: ModelWeights, stored: StoredTensors, lora: LoraRules): Promise<OpenedAdapter> {
  const file = new AdapterFile(stored);
  const { model, tensors } = untied(base, lora);
  const learned = await readSaved(file, model, lora);
  const whole = Object.keys(learned);
  const targets = layersOf(model).filter(({ module }) => lora.targets(module));
  if (targets.length === 0) fail('the adapter’s config names no layer of this model');
  const changes: Record<string, Change> = {};
  for (const layer of targets) {
    const [rank, scaling] = [lora.rankOf(layer.module), lora.scalingOf(layer.module)];
    changes[layer.name] = { rank, scaling };
    Object.assign(learned, await readChange(file, layer, tensors[layer.name]!.shape, rank));
  }
  await readRepeated(file, tensors);
  file.close();
  return { model, tensors, tuning: { changes, whole }, learned };
}
