/**
 * Files that hold what learned beside a trunk and not the trunk itself, whose weights lie in a file of their own: of a
 * model of 124 million numbers that is 500 MB once, and a few for everything that was trained on it.
 */
import type { CheckpointFile } from '../../contract/checkpoint';
import { LabError } from '../../contract/errors';
import { fail } from './adapters/adapterFile';
import { merged } from './adapters/merge';
import { fromPeft, type Learned } from './adapters/peftForm';
import { fromHuggingFace, toHuggingFace } from './huggingFace';
import { isHead, parameterList } from './layout';

/** @throws LabError('file/checkpoint') when it has no adapter, or one that does not fit its model */
export function adapterIn({ meta, adapterTensors = {} }: CheckpointFile): Learned {
  if (!meta.adapter) return fail('it names a trunk and has no adapter for it');
  return fromPeft(meta.model, { ...meta.adapter, tensors: adapterTensors });
}

/**
 * @param file of what learned
 * @param trunk with all its tensors
 * @returns the same with all tensors, those of the trunk changed by the adapter
 * @throws LabError('file/checkpoint') when they do not belong together
 */
export function completed(file: CheckpointFile, trunk: CheckpointFile): CheckpointFile {
  const { model, heads } = file.meta;
  if (JSON.stringify(trunk.meta.model) !== JSON.stringify(model))
    throw new LabError('file/checkpoint', `${trunk.meta.name} has another shape than the model that was trained on it`);
  const names = parameterList(model, heads).map(({ name }) => name);
  const own = names.filter((name) => !isHead(name));
  const { tensors } = merged({ model, tensors: fromHuggingFace(trunk.tensors, own), ...adapterIn(file) });
  return { ...file, tensors: { ...toHuggingFace(tensors), ...file.tensors } };
}
