/**
 * What a visitor chose or dropped, as one file that may be read, or a sentence about why it may not. Its size is known
 * before its bytes.
 */
import { shortened } from '../../contract/limits';
import { formatBytes } from './format';

export type Chosen = { file: File } | { trouble: string };

/** a dropped folder looks like a file without bytes; its entry tells, but only while the drop is handled */
const isFolder = (item: DataTransferItem): boolean => item.webkitGetAsEntry?.()?.isDirectory ?? false;

/** @returns the one file of a drop, to be asked while the event is handled */
export function droppedFile({ files, items }: Pick<DataTransfer, 'files' | 'items'>): Chosen {
  const [file] = files;
  const folder = Array.from(items ?? []).findIndex((item) => item.kind === 'file' && isFolder(item));
  if (files.length > 1) return { trouble: `You dropped ${files.length} things. Drop one file.` };
  if (!file) return { trouble: 'There is no file in what you dropped. Drop one file.' };
  if (folder >= 0) return { trouble: `${shortened(file.name)} is a folder. Open it, and drop one file of it.` };
  return { file };
}

/** @returns half a sentence about a file that is larger than what the lab reads, null when it is not */
function tooLarge(file: File, limit: number): string | null {
  if (file.size <= limit) return null;
  const size = formatBytes(file.size);
  const most = formatBytes(limit);
  return `${shortened(file.name)} is ${size === most ? 'a little over' : `${size} large, more than`} the ${most} that are read here. Nothing was opened.`;
}

/** whether, as far as its size tells, it could be read */
export const isReadable = (chosen: Chosen, limit: number): boolean =>
  'file' in chosen && tooLarge(chosen.file, limit) === null;

/** @returns the file as it lies on the disk, unless it is over the limit */
export function unreadFile(file: File, limit: number): Chosen {
  const trouble = tooLarge(file, limit);
  return trouble === null ? { file } : { trouble };
}

/** @returns the bytes, or a sentence: over the limit, nothing is read; a folder, or a file that went away, cannot be */
export async function readFile(file: File, limit: number): Promise<{ bytes: Uint8Array } | { trouble: string }> {
  const trouble = tooLarge(file, limit);
  if (trouble !== null) return { trouble };
  try {
    return { bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    return {
      trouble: `${shortened(file.name)} cannot be read. It may be a folder, or was moved or changed since you chose it: choose the file again.`,
    };
  }
}
