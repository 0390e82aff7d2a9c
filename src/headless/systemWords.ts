/** What stands in the way of a path: what the system says of it in words, and which path a refusal is about. */
import { LabError } from '../contract/errors';

const NOTHING = 'there is no such file or folder';
const SYSTEM_WORDS: Record<string, string> = {
  ENOENT: NOTHING,
  ENOTDIR: NOTHING,
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
  ENOSPC: 'no room is left on the disk',
  EROFS: 'nothing can be written there',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'no file can have so long a name',
};

/** @param path where the error says nothing about its name */
export function systemWords(error: unknown, path = ''): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && path.includes('\uFFFD')) return `${NOTHING}, or its name is no UTF-8`;
  return SYSTEM_WORDS[code ?? ''] ?? `it could not be read: ${message}`;
}

const isOfSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;

/** @returns what a command refuses with; null for a fault of the lab's own */
export function refusedWords(error: unknown): string | null {
  if (error instanceof LabError) return error.message;
  if (!isOfSystem(error)) return null;
  return error.path === undefined ? systemWords(error) : `${error.path}: ${systemWords(error)}`;
}

/** @throws what `work` throws; a refusal begins with the path that it is about */
export async function about<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof LabError ? new LabError(error.code, `${path}: ${error.message}`) : error;
  }
}
