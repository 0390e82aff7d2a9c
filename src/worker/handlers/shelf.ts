import { LabError } from '../../contract/errors';
import type { CallKind, Handlers } from '../../contract/protocol';
import { fileName } from '../../formats/fileName';
import { LIVE, type Session, shippedFile } from '../session';

type ShelfHandlers = Pick<Handlers, Extract<CallKind, `shelf/${string}`>>;

function checkId(checkpointId: string): void {
  if (checkpointId.startsWith(LIVE)) throw new LabError('file/checkpoint', `${checkpointId} is no name for a stored checkpoint.`);
}

export const shelfHandlers = (session: Session): ShelfHandlers => ({
  'shelf/list': async () => session.shelf.list(),

  'shelf/shipped': async ({ preset, aside = false }) => {
    const bytes = await session.surroundings.fetchShipped(shippedFile(preset));
    const info = session.shelf.add(bytes, { shipped: true });
    if (!aside) session.corpora.take(session.shelf.memoryOf(info.checkpointId));
    return info;
  },

  'shelf/export': async ({ checkpointId }) => ({
    bytes: session.shelf.export(checkpointId),
    fileName: fileName(session.shelf.get(checkpointId).info.name, 'safetensors', 'checkpoint'),
  }),

  'shelf/import': async ({ bytes, name, checkpointId, known }) => {
    try {
      if (checkpointId === undefined) return session.shelf.add(bytes, { importedFrom: name, madeAt: session.surroundings.today() });
      checkId(checkpointId);
      return session.shelf.add(bytes, { checkpointId, name, ...known });
    } catch (error) {
      if (error instanceof LabError) throw new LabError(error.code, `${name}: ${error.message}`);
      throw error;
    }
  },

  'shelf/rename': async ({ checkpointId, name }) => session.shelf.rename(checkpointId, name),

  'shelf/duplicate': async ({ checkpointId, copyId, name }) => {
    checkId(copyId);
    const { bytes, info } = session.shelf.get(checkpointId);
    const copy = session.shelf.add(bytes, { ...info, checkpointId: copyId, name, madeAt: session.surroundings.today(), shipped: false });
    return { info: copy, bytes: bytes.slice() };
  },

  'shelf/remove': async ({ checkpointId }) => {
    session.shelf.remove(checkpointId);
  },
});
