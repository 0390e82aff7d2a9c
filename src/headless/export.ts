/** `lab export CHECKPOINT FOLDER [--golden FILE]`: a model of the lab as a folder that transformers opens. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../contract/errors';
import { LIMITS } from '../contract/limits';
import { openCheckpoint } from '../core/model/checkpoint';
import { decodeCheckpoint } from '../formats/checkpoint';
import { megabytes } from '../formats/text';
import { transformersFolder } from '../formats/transformers/folder';
import { startPortable } from './engine';
import { goldenOf } from './exportGolden';
import { about, systemWords } from './systemWords';
import { checkFile, checkFolder, unwritable } from './writable';

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

export interface Exported {
  name: string;
  kind: string;
  /** in the folder */
  files: string[];
}

export const readCheckpoint = (path: string) =>
  about(path, async () => {
    const entry = await stat(path).catch((error) => fail(systemWords(error, path)));
    if (!entry.isFile()) return fail('it is no file of a model that the lab saved');
    if (entry.size > LIMITS.modelBytes) return fail(`${megabytes(entry.size)}; the lab opens models up to 1 GB`);
    return decodeCheckpoint(await readFile(path));
  });

const writeOut = (path: string, contents: Uint8Array | string): Promise<void> =>
  writeFile(path, contents).catch((error) => unwritable(error, path, 'file/checkpoint'));

/** @returns the names of the files */
export async function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<string[]> {
  await mkdir(folder, { recursive: true }).catch((error) => unwritable(error, folder, 'file/checkpoint'));
  for (const [name, bytes] of files) await writeOut(join(folder, name), bytes);
  return [...files.keys()].sort();
}

/**
 * @param golden where the lab's own numbers are written; null for none
 * @throws LabError in words
 */
export async function exportTo(checkpoint: string, folder: string, golden: string | null): Promise<Exported> {
  await checkFolder(folder, 'file/checkpoint', async () => {
    if (golden !== null) await checkFile(golden, 'file/checkpoint');
  });
  const file = await readCheckpoint(checkpoint);
  const opened = openCheckpoint(file);
  const files = transformersFolder(file);
  const names = await writeFolder(folder, files);
  if (golden !== null) {
    await startPortable();
    await writeOut(golden, `${JSON.stringify(await goldenOf(opened.meta, opened.createNetwork('exported')))}\n`);
  }
  return { name: file.meta.name, kind: file.meta.kind, files: names };
}
