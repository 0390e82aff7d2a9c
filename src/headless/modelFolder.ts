/** A folder of a model that another program saved: its config, and its tensors in one file or several. */
import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredTensors } from '../contract/checkpoint';
import { LabError } from '../contract/errors';
import type { ForeignConfig } from '../formats/foreignConfig';
import { modelOfGpt2 } from '../formats/gpt2Config';
import { objectIn } from '../formats/json';
import { type ByteSource, openStoredTensors } from '../formats/safetensors';
import { joinShards, MODEL_FILE, SHARD_INDEX, shardsOf } from '../formats/shards';

const CONFIG = 'config.json';
const ADAPTER_CONFIG = 'adapter_config.json';
const ADAPTER_FILE = 'adapter_model.safetensors';
const LARGEST_JSON = 64 * 2 ** 20;

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

/** @returns the object that a file of JSON holds */
export async function readObject(folder: string, name: string): Promise<Record<string, unknown>> {
  const path = join(folder, name);
  const entry = await stat(path).catch(() => fail(`there is no ${name} in this folder`));
  if (!entry.isFile() || entry.size > LARGEST_JSON) return fail(`${name} is no file of JSON that could be read`);
  return objectIn(await readFile(path)) ?? fail(`${name} holds no JSON object`);
}

async function sourceOf(file: FileHandle): Promise<ByteSource> {
  const { size } = await file.stat();
  const read = async (begin: number, end: number): Promise<Uint8Array> => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(end - begin), 0, end - begin, begin);
    return bytesRead === end - begin
      ? buffer
      : fail(`the file ends at byte ${begin + bytesRead}, before its numbers do`);
  };
  return { size, read };
}

/** Files stay open while `use` runs. @param use has the tensors of each file */
async function withFiles<T>(
  folder: string,
  names: Iterable<string>,
  use: (opened: ReadonlyMap<string, StoredTensors>) => Promise<T>,
): Promise<T> {
  const files: FileHandle[] = [];
  try {
    const opened = new Map<string, StoredTensors>();
    for (const name of names) {
      const file = await open(join(folder, name)).catch(() => fail(`there is no ${name} in this folder`));
      files.push(file);
      opened.set(name, await openStoredTensors(await sourceOf(file)));
    }
    return await use(opened);
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

async function withTensors<T>(folder: string, use: (stored: StoredTensors) => Promise<T>): Promise<T> {
  const names = await readdir(folder).catch(() => fail('there is no such folder'));
  const places = names.includes(MODEL_FILE) ? null : shardsOf(names, await readObject(folder, SHARD_INDEX));
  return withFiles(folder, places ? new Set(places.values()) : [MODEL_FILE], (opened) =>
    use(places ? joinShards(places, opened) : opened.get(MODEL_FILE)!),
  );
}

/** @throws LabError that names what stands in the way */
export async function openModelFolder<T>(
  folder: string,
  use: (config: ForeignConfig, stored: StoredTensors) => Promise<T>,
): Promise<T> {
  const config = await readObject(folder, CONFIG);
  modelOfGpt2(config); // before gigabytes are looked at
  return withTensors(folder, (stored) => use(config, stored));
}

/** @throws LabError that names what stands in the way */
export async function openAdapterFolder<T>(
  folder: string,
  use: (config: ForeignConfig, stored: StoredTensors) => Promise<T>,
): Promise<T> {
  const config = await readObject(folder, ADAPTER_CONFIG);
  return withFiles(folder, [ADAPTER_FILE], (opened) => use(config, opened.get(ADAPTER_FILE)!));
}
