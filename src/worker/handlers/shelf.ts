import type { CheckpointFile } from '../../contract/checkpoint';
import { LabError } from '../../contract/errors';
import { trunkIdOf } from '../../contract/lineage';
import type { CallKind, Handlers } from '../../contract/protocol';
import { adapterNotes } from '../../core/model/adapters/readAdapter';
import { finishTelling } from '../../core/text/steps';
import { ADAPTER_CONFIG } from '../../formats/adapterFiles';
import { decodeCheckpoint, encodeCheckpoint, mergedCheckpoint } from '../../formats/checkpoint';
import { fileName } from '../../formats/fileName';
import { count } from '../../formats/schemas';
import { adapterFolder } from '../../formats/transformers/adapter';
import { transformersFolder } from '../../formats/transformers/folder';
import { zipOf } from '../../formats/zipFolder';
import { adapterOn, isAdapter } from '../foreignAdapter';
import { asCheckpoint, filesOf, openForeign } from '../foreignModels';
import { parse } from '../schemas';
import { LIVE, type Session, shippedFile } from '../session';
import { telling } from '../telling';

/** with the name and the family that the shelf knows, and all tensors */
function exported({ shelf }: Session, checkpointId: string): CheckpointFile {
  const file = decodeCheckpoint(shelf.export(checkpointId));
  return file.meta.trunk ? { ...shelf.file(checkpointId), meta: file.meta } : file;
}

type ShelfHandlers = Pick<Handlers, Extract<CallKind, `shelf/${string}`>>;

function checkId(checkpointId: string): void {
  if (checkpointId.startsWith(LIVE))
    throw new LabError('file/checkpoint', `${checkpointId} is no name for a stored checkpoint.`);
}

type Serving<K extends keyof ShelfHandlers> = (
  session: Session,
  ...asked: Parameters<ShelfHandlers[K]>
) => ReturnType<ShelfHandlers[K]>;

/** A checkpoint of the lab's own, from a file or from the storage. */
const take: Serving<'shelf/import'> = async (session, { bytes, name, checkpointId, known, trunkOf }, course) => {
  const { surroundings, shelf } = session;
  const arrival =
    checkpointId === undefined
      ? { importedFrom: name, madeAt: surroundings.today(), ...(trunkOf !== undefined && { trunkOf }) }
      : { checkpointId, name, ...known };
  try {
    if (checkpointId !== undefined) checkId(checkpointId);
    return await finishTelling(shelf.adding(bytes, arrival), telling(session.steps(course)));
  } catch (error) {
    if (error instanceof LabError && error.code !== 'work/cancelled')
      throw new LabError(error.code, `${name}: ${error.message}`);
    throw error;
  }
};

/** A model or an adapter that another program made. */
const open: Serving<'shelf/open'> = async (session, asked, course) => {
  const { files: given, most, chooses = false, beside, trunkOf, textWindow } = asked;
  const onProgress = telling(session.steps(course));
  const files = await filesOf(given, (path, done) => onProgress({ done, total: 1, label: `unpacking ${path}` }));
  const arrive = async (bytes: Uint8Array, importedFrom: string) => {
    const madeAt = session.surroundings.today();
    const arrival = { importedFrom, madeAt, ...(trunkOf !== undefined && { trunkOf }) };
    return finishTelling(session.shelf.adding(bytes, arrival), onProgress);
  };
  if (isAdapter(files)) {
    const both = await adapterOn(files, session.shelf, beside ?? null);
    const notes = adapterNotes(session.shelf.get(both.meta.parents[0]!).meta.model, both.meta.model);
    const bytes = encodeCheckpoint(both);
    const info = await arrive(bytes, ADAPTER_CONFIG);
    const { name, parameters } = info;
    const { contextLength } = info.model;
    const look = {
      name,
      parameters,
      bytes: bytes.length,
      memoryBytes: bytes.length,
      contextLength,
      window: contextLength,
    };
    return { look, opened: { info, bytes: bytes.slice(), notes } };
  }
  const opened = await openForeign(files, given, parse(count(0, 1024), textWindow ?? 0));
  const { look, notes } = opened;
  const isShortened = opened.window < look.contextLength && (textWindow ?? 0) === 0;
  if (look.memoryBytes > most || (chooses && isShortened)) return { look, opened: null };
  const bytes = await asCheckpoint(opened, onProgress);
  const info = await arrive(bytes, look.name);
  return { look, opened: { info, bytes: bytes.slice(), notes } };
};

export const shelfHandlers = (session: Session): ShelfHandlers => ({
  'shelf/list': async () => session.shelf.list(),

  'shelf/shipped': async ({ preset, aside = false }, course) => {
    const bytes = await course.orCancelled(session.surroundings.fetchShipped(shippedFile(preset)));
    const info = session.shelf.add(bytes, { shipped: true });
    if (!aside) session.corpora.take(session.shelf.memoryOf(info.checkpointId));
    return info;
  },

  'shelf/export': async ({ checkpointId, whole = false }, { breathe }) => {
    const { name, trunk } = session.shelf.get(checkpointId).info;
    await breathe(); // the copy is made in one go
    const bytes =
      whole && trunk ? mergedCheckpoint(session.shelf.file(checkpointId)) : session.shelf.export(checkpointId);
    return { bytes, fileName: fileName(name, 'safetensors', 'checkpoint') };
  },

  'shelf/adapter': async ({ checkpointId }, { breathe }) => {
    const { bytes, meta, info } = session.shelf.get(checkpointId);
    await breathe();
    const own = decodeCheckpoint(bytes);
    // what a reward model's adapter holds of its trunk is the last norm
    const file = meta.kind === 'reward' ? { ...own, tensors: exported(session, checkpointId).tensors } : own;
    const folder = adapterFolder(file, trunkIdOf(meta) ?? meta.parents[0] ?? '');
    return { bytes: await zipOf(folder), fileName: fileName(`${info.name} adapter`, 'zip', 'adapter') };
  },

  'shelf/import': (asked, course) => take(session, asked, course),

  'shelf/open': (asked, course) => open(session, asked, course),

  'shelf/transformers': async ({ checkpointId }, { breathe }) => {
    const { name } = session.shelf.get(checkpointId).info;
    await breathe();
    const folder = transformersFolder(exported(session, checkpointId));
    return { bytes: await zipOf(folder), fileName: fileName(`${name} for transformers`, 'zip', 'checkpoint') };
  },

  'shelf/rename': async ({ checkpointId, name }) => session.shelf.rename(checkpointId, name),

  'shelf/duplicate': async ({ checkpointId, copyId, name, merged = false }, course) => {
    checkId(copyId);
    const { bytes: all, info } = session.shelf.get(checkpointId);
    const bytes = merged ? mergedCheckpoint(session.shelf.file(checkpointId)) : all;
    const arrival = { ...info, checkpointId: copyId, name, madeAt: session.surroundings.today(), shipped: false };
    const copy = await finishTelling(session.shelf.adding(bytes, arrival), telling(session.steps(course)));
    return { info: copy, bytes: bytes.slice() };
  },

  'shelf/remove': async ({ checkpointId }) => {
    session.shelf.remove(checkpointId);
  },
});
