/** An adapter that peft saved, beside the model of the shelf that it was trained on: a model that is both, merged. */
import type { CheckpointFile, SavedMeta } from '../contract/checkpoint';
import { LabError } from '../contract/errors';
import { LIMITS, startOf } from '../contract/limits';
import { merged } from '../core/model/adapters/merge';
import { toPeft } from '../core/model/adapters/peftForm';
import { readAdapter } from '../core/model/adapters/readAdapter';
import { takesAdapter } from '../core/model/adapters/tuning';
import { toHuggingFace } from '../core/model/huggingFace';
import { loraOf } from '../formats/adapterConfig';
import { ADAPTER_CONFIG, adapterIn } from '../formats/adapterFiles';
import type { FileSet } from '../formats/fileSet';
import type { Shelf } from './shelf';

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

export const isAdapter = ({ names }: FileSet): boolean => names.includes(ADAPTER_CONFIG);

/** @returns the model that the config names, where it is on the shelf, else the one that the visitor has before them */
function trunkOf(shelf: Shelf, named: unknown, chosenId: string | null): string {
  const known = shelf.list().map(({ checkpointId }) => checkpointId);
  const found = [named, chosenId].find((id) => typeof id === 'string' && known.includes(id));
  return (
    (found as string | undefined) ??
    fail('an adapter is no model by itself: choose the one it was trained on in Checkpoints, then open it again')
  );
}

/**
 * @param chosenId of the model that an adapter is for which does not say so itself
 * @throws LabError('file/checkpoint') that names what does not fit
 */
export async function adapterOn(
  files: FileSet,
  shelf: Shelf,
  chosenId: string | null,
): Promise<CheckpointFile<SavedMeta>> {
  const { config, stored } = await adapterIn(files);
  const lora = loraOf(config);
  const trunkId = trunkOf(shelf, config.base_model_name_or_path, chosenId);
  const { info } = shelf.get(trunkId);
  const { meta, tensors } = shelf.open(trunkId);
  if (!meta.heads.language)
    fail(`${info.name} scores texts and writes none: choose the model that the adapter was trained on`);
  const { scoreScale: _, ...weights } = tensors;
  const opened = await readAdapter({ model: meta.model, tensors: weights }, stored, lora);
  const label = {
    ...({ name: startOf(`${info.name} with an adapter`, LIMITS.name), kind: 'policy', pooling: null } as const),
    ...{ tokenizer: meta.tokenizer, corpus: meta.corpus, step: meta.step, metrics: {}, parents: [trunkId] },
    ...{ model: opened.model, heads: meta.heads, scoreScale: meta.scoreScale },
  };
  const plain = () => toHuggingFace(merged(opened).tensors);
  if (!Object.keys(opened.tuning.changes).every(takesAdapter)) return { meta: label, tensors: plain() };
  const { tensors: adapterTensors, ...adapter } = toPeft(opened.model, opened.tuning, opened.learned);
  const isSame = JSON.stringify(opened.model) === JSON.stringify(meta.model); // else they share no output layer
  const trunk = isSame ? shelf.trunkRef(trunkId, info.parameters) : null;
  return trunk
    ? { meta: { ...label, adapter, trunk }, tensors: {}, adapterTensors }
    : { meta: { ...label, adapter }, tensors: plain(), adapterTensors };
}
