/**
 * A model that lies in several safetensors files, as transformers saves large ones: an index says which tensor lies
 * where.
 */
import type { StoredTensors } from '../contract/checkpoint';
import { LabError } from '../contract/errors';
import { startOf } from '../contract/limits';
import { countOf } from '../contract/numbers';

export const MODEL_FILE = 'model.safetensors';
export const SHARD_INDEX = `${MODEL_FILE}.index.json`;

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/**
 * @param names of the files that there are
 * @param index as its file has it
 * @returns the file of each tensor
 * @throws when one of the files is not there
 */
export function shardsOf(names: readonly string[], index: Readonly<Record<string, unknown>>): Map<string, string> {
  const map = index.weight_map;
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return fail(`${SHARD_INDEX} has no weight_map`);
  const places = new Map(Object.entries(map));
  const files = new Set(places.values());
  for (const file of files)
    if (typeof file !== 'string' || !names.includes(file))
      fail(
        `${SHARD_INDEX} says that the model lies in ${countOf(files.size, 'file')}, and ${startOf(String(file), 200)} is missing`,
      );
  return places;
}

/** @param opened the tensors of each file */
export function joinShards(
  places: ReadonlyMap<string, string>,
  opened: ReadonlyMap<string, StoredTensors>,
): StoredTensors {
  const fileOf = (name: string): StoredTensors =>
    opened.get(places.get(name) ?? fail(`tensor ${name} is missing`)) ?? fail(`the file of tensor ${name} is missing`);
  const shapes = new Map(
    [...places].map(([name, file]) => [
      name,
      fileOf(name).shapes.get(name) ?? fail(`tensor ${name} is missing in ${file}, where ${SHARD_INDEX} says it lies`),
    ]),
  );
  const inOrder = [...opened].flatMap(([file, { inOrder }]) => inOrder.filter((name) => places.get(name) === file));
  return { shapes, inOrder, read: (name) => fileOf(name).read(name), whyNot: (name) => fileOf(name).whyNot(name) };
}
