/** Files that belong together, as a visitor drops or chooses them: several, or a folder with all that is in it. */
import { inWords } from '../../contract/limits';
import { append } from '../../contract/many';
import type { GivenFile } from '../../contract/protocol';

/** more files than any model has: what was dropped is another folder */
const MOST = 1000;
const TOO_MANY = `There are more than ${inWords(MOST)} files in what you dropped. Drop the folder of one model.`;
const UNREADABLE = 'What you dropped cannot be read. It may have been moved: drop it again.';

export type Given = { files: GivenFile[] } | { trouble: string };

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** a reader gives a hundred at a time, and at the end none */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0 || all.length > MOST) return all;
    append(all, some);
  }
}

async function walk(entries: readonly FileSystemEntry[]): Promise<GivenFile[]> {
  const files: GivenFile[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry && files.length <= MOST; entry = waiting.shift()) {
    if (isFile(entry)) files.push({ path: entry.fullPath.replace(/^\//, ''), blob: await fileOf(entry) });
    else append(waiting, await entriesOf(entry as FileSystemDirectoryEntry));
  }
  return files;
}

/** @returns all that was dropped, to be asked while the event is handled */
export async function givenByDrop({ files, items }: Pick<DataTransfer, 'files' | 'items'>): Promise<Given> {
  const entries = Array.from(items ?? []).flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  const hasFolder = entries.some((entry) => entry.isDirectory);
  if (!hasFolder) return { files: givenByChoice(files) };
  try {
    const found = await walk(entries);
    return found.length > MOST ? { trouble: TOO_MANY } : { files: found };
  } catch {
    return { trouble: UNREADABLE };
  }
}

export const givenByChoice = (files: FileList | null): GivenFile[] =>
  Array.from(files ?? [], (file) => ({ path: file.webkitRelativePath || file.name, blob: file }));
