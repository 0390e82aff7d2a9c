/** Saving and opening a notebook. It comes with the rest of the page, after the first screen. */
import { LabError } from '../../contract/errors';
import { inWords, LIMITS } from '../../contract/limits';
import { fileName } from '../../formats/fileName';
import { ENDING } from '../../formats/notebook/layout';
import { type Notebook, openNotebook } from '../../formats/notebook/read';
import { type NotebookItem, writeNotebook } from '../../formats/notebook/write';
import type { ByteSource } from '../../formats/safetensors';
import type { Context } from '../context';
import type { Course } from '../page/longWork';
import { memoryStorage } from '../persistence/memoryStorage';
import { storeSettings } from '../persistence/settings';
import type { LabStorage, StoredLab } from '../persistence/storage';
import { storeAgain } from '../persistence/storeAgain';
import { Vault } from '../persistence/vault';
import { type Examined, examine } from './examine';
import { notebookItems } from './gather';
import { lessonItems } from './lessonLabs';

const TYPE = 'application/zip';

export const sourceOf = (file: Blob): ByteSource => ({
  size: file.size,
  read: async (begin, end) => new Uint8Array(await file.slice(begin, end).arrayBuffer()),
});

/** Where the disk is full, the page has more than storage: then all of the page is put together in memory. */
async function storageToSave(context: Context): Promise<LabStorage> {
  const { storage } = context.vault;
  if (context.get().session.storage !== 'full') return storage;
  const memory = memoryStorage();
  const quiet = { trouble() {}, over() {}, storeAgain: async () => {}, later() {} };
  const apart: Context = { ...context, vault: new Vault(memory, quiet) };
  const { origin } = context.get().corpus;
  const text = origin?.kind === 'text' ? await context.vault.text(origin.textId) : null;
  if (origin?.kind === 'text' && text) await apart.vault.putText(origin.textId, text);
  await storeAgain(apart, storage, () => storeSettings(apart));
  return memory;
}

/** tells how far it is with the models and runs, before each */
async function* told(
  items: AsyncIterable<NotebookItem>,
  lab: StoredLab,
  { tell }: Course,
): AsyncGenerator<NotebookItem> {
  const total = lab.checkpointIds.length + lab.runs.length;
  let done = 0;
  for await (const item of items) {
    if (/\.safetensors$|run\.json$/.test(item.path)) tell({ done: Math.min(done++, total), total, label: 'packing' });
    else tell({ done: Math.min(done, total), total, label: 'packing' });
    yield item;
    await new Promise((resolve) => setTimeout(resolve)); // so that Cancel is heard
  }
}

/** @throws LabError('notebook/tooLarge') where no page could open it again */
export async function saveNotebook(context: Context, course: Course): Promise<void> {
  await context.settled();
  await context.get().session.saveNow();
  context.batch.flush();
  const storage = await storageToSave(context);
  const lab = await storage.load();
  const pieces: Blob[] = [];
  let size = 0;
  const savedAt = context.today();
  const items = async function* () {
    yield* notebookItems(storage, lab);
    yield* lessonItems(context, savedAt);
  };
  for await (const piece of writeNotebook(told(items(), lab, course), savedAt)) {
    size += piece.length;
    if (size > LIMITS.notebookBytes)
      throw new LabError('notebook/tooLarge', `It would have more than ${inWords(LIMITS.notebookBytes / 2 ** 20)} MB.`);
    pieces.push(new Blob([piece as BlobPart])); // the browser may keep it on the disk
  }
  const day = new Date(savedAt).toISOString().slice(0, 10);
  context.saveFile(fileName(`lab ${day}`, ENDING, 'lab'), new Blob(pieces, { type: TYPE }), TYPE);
}

export interface FoundNotebook {
  notebook: Notebook;
  found: Examined;
}

/** @throws LabError('file/notebook') that names the file */
export async function findNotebook(file: Blob, name: string, course: Course): Promise<FoundNotebook> {
  course.tell({ done: 0, total: 0, label: 'reading its table of contents' });
  try {
    const notebook = await openNotebook(sourceOf(file));
    return { notebook, found: await examine(notebook, course) };
  } catch (error) {
    if (error instanceof LabError && error.code === 'file/notebook')
      throw new LabError('file/notebook', `${name}: ${error.message}.`);
    throw error;
  }
}
