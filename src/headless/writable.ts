/** Whether what a command makes can be written, asked before the work and not after it. Nothing is changed by asking. */
import { constants } from 'node:fs';
import { access, mkdir, open, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LabError, type LabErrorCode } from '../contract/errors';

const WORDS: Record<string, string> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'what should be its folder is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'it is a file',
  EACCES: 'nothing may be written there',
  EPERM: 'nothing may be written there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'no room is left on the disk',
  ENAMETOOLONG: 'no file can have so long a name',
};

/** @throws LabError that says why a path cannot be written */
export function unwritable(error: unknown, path: string, code: LabErrorCode, name = path): never {
  const { code: why = '', message } = error as NodeJS.ErrnoException;
  throw new LabError(code, `${name} cannot be written: ${WORDS[why] ?? message}`);
}

/**
 * @param name what is said of it, where that is more than its path
 * @throws LabError where there can be no such file
 */
export async function checkFile(path: string, code: LabErrorCode, name = path): Promise<void> {
  const isHere = await stat(path).then(
    () => true,
    () => false,
  );
  const file = await open(path, 'a').catch((error) => unwritable(error, path, code, name));
  await file.close();
  if (!isHere) await rm(path);
}

/**
 * @param within asked while the folder is there
 * @throws LabError where there can be no such folder, or no file in it
 */
export async function checkFolder(path: string, code: LabErrorCode, within?: () => Promise<void>): Promise<void> {
  const first = await mkdir(path, { recursive: true }).catch((error) => unwritable(error, path, code));
  try {
    await access(path, constants.W_OK).catch((error) => unwritable(error, path, code));
    await within?.();
  } finally {
    if (first !== undefined) await removeBack(resolve(path), resolve(first));
  }
}

/** what was made for asking goes again, from the inside out */
async function removeBack(path: string, first: string): Promise<void> {
  for (let folder = path; folder.startsWith(first); folder = dirname(folder)) await rmdir(folder).catch(() => {});
}
