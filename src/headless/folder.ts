/** A folder of the disk as files that came together. */
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../contract/errors';
import type { FileSet } from '../formats/fileSet';
import type { ByteSource } from '../formats/safetensors';
import { systemWords } from './systemWords';

const fail = (message: string): never => {
  throw new LabError('file/checkpoint', message);
};

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

/**
 * Files stay open while `use` runs.
 * @throws LabError in words
 */
export async function withFolder<T>(folder: string, use: (files: FileSet) => Promise<T>): Promise<T> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) =>
    fail(error.code === 'ENOTDIR' ? 'it is a file, and the folder is wanted in which it lies' : systemWords(error)),
  );
  const handles: FileHandle[] = [];
  const opening = async (name: string): Promise<ByteSource> => {
    const path = join(folder, name);
    const unreadable = () => fail(`${name} cannot be read`);
    const entry = await stat(path).catch(unreadable);
    if (!entry.isFile()) return fail(`${name} is no file`); // to open a pipe would wait for whoever writes to it
    const file = await open(path).catch(unreadable);
    handles.push(file);
    return sourceOf(file);
  };
  try {
    return await use({ names, open: opening });
  } finally {
    await Promise.all(handles.map((file) => file.close()));
  }
}
