import { LabError } from '../../contract/errors';
import type { Handlers } from '../../contract/protocol';
import { LIVE, type Session } from '../session';

type ShelfHandlers = Pick<Handlers, 'shelf/list' | 'shelf/shipped' | 'shelf/export' | 'shelf/import' | 'shelf/remove'>;

/** only letters that every file system takes */
const fileName = (name: string): string => `${name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'checkpoint'}.safetensors`;

export const shelfHandlers = (session: Session): ShelfHandlers => ({
  'shelf/list': async () => session.shelf.list(),

  'shelf/shipped': async ({ preset }) => {
    const bytes = await session.surroundings.fetchShipped(`checkpoints/${preset}.safetensors`);
    const info = session.shelf.add(bytes, { shipped: true });
    session.corpora.take(session.shelf.memoryOf(info.checkpointId));
    return info;
  },

  'shelf/export': async ({ checkpointId }) => {
    const { bytes, info } = session.shelf.get(checkpointId);
    return { bytes: bytes.slice(), fileName: fileName(info.name) };
  },

  'shelf/import': async ({ bytes, name, checkpointId }) => {
    try {
      if (checkpointId?.startsWith(LIVE)) throw new LabError('file/checkpoint', `${checkpointId} is no name for a stored checkpoint.`);
      return session.shelf.add(bytes, checkpointId === undefined ? {} : { checkpointId, name });
    } catch (error) {
      if (error instanceof LabError) throw new LabError(error.code, `${name}: ${error.message}`);
      throw error;
    }
  },

  'shelf/remove': async ({ checkpointId }) => {
    session.shelf.remove(checkpointId);
  },
});
