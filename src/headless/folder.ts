/** A folder of the disk as files that came together. */
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../contract/errors';
import type { FileSet } from '../formats/fileSet';
import type { ByteSource } from '../formats/safetensors';

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

async function sourceOf(name: string, file: FileHandle): Promise<ByteSource> {
  const entry = await file.stat();
  if (!entry.isFile()) return fail(`${name} is no file`);
  const read = async (begin: number, end: number): Promise<Uint8Array> => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(end - begin), 0, end - begin, begin);
    return bytesRead === end - begin
      ? buffer
      : fail(`the file ends at byte ${begin + bytesRead}, before its numbers do`);
  };
  return { size: entry.size, read };
}

/**
 * Files stay open while `use` runs.
 * @throws LabError in words
 */
export async function withFolder<T>(folder: string, use: (files: FileSet) => Promise<T>): Promise<T> {
  const names = await readdir(folder).catch(() => fail('there is no such folder'));
  const handles: FileHandle[] = [];
  const opening = async (name: string): Promise<ByteSource> => {
    const file = await open(join(folder, name)).catch(() => fail(`${name} cannot be read`));
    handles.push(file);
    return sourceOf(name, file);
  };
  try {
    return await use({ names, open: opening });
  } finally {
    await Promise.all(handles.map((file) => file.close()));
  }
}
