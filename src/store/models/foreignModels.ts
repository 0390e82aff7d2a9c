/** Models come in as files, of the lab and of other programs, and go out to these. */
import type { CheckpointInfo } from '../../contract/domain';
import type { GivenFile } from '../../contract/protocol';
import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';
import type { ShelfSlice } from '../state';
import { checkpointById } from './inUse';
import { putOnShelf } from './shelfFiles';
import { welcome } from './shelfRoles';

/** bytes of memory that nobody has to be asked about; how long texts are is asked wherever memory makes them short */
const EASY = 256 * 2 ** 20;

/** What a visitor gave. */
interface Given {
  files: GivenFile[];
  /** a checkpoint that waits for its trunk */
  trunkOf: string | undefined;
}

/**
 * @param bytes its file, where it is to be stored
 * @param notes what the visitor should know of it, in sentences
 */
async function receive(
  context: Context,
  info: CheckpointInfo,
  bytes: () => Promise<Uint8Array>,
  notes: readonly string[] = [],
): Promise<void> {
  const { notices } = context.get();
  notices.clear('file/checkpoint');
  context.patch('shelf', { selectedId: info.checkpointId });
  if (checkpointById(context.get(), info.checkpointId))
    return notices.toast(`${info.name} was in Checkpoints already.`);
  await putOnShelf(context, info, await bytes(), info.kind === 'base' ? `checkpoint ${info.checkpointId}` : null);
  await welcome(context, info);
  notices.toast([`${info.name} is in Checkpoints now.`, ...notes].join(' '));
}

async function takeFile(
  context: Context,
  bytes: Uint8Array,
  name: string,
  trunkOf: string | undefined,
  { context: { call }, commit }: Course,
): Promise<void> {
  await context.settled();
  const info = await call('shelf/import', { bytes, name, ...(trunkOf !== undefined && { trunkOf }) });
  commit('storing the model'); // a file that is stored in part is none
  const { checkpointId } = info;
  await receive(context, info, async () => (await context.call('shelf/export', { checkpointId })).bytes);
}

async function openModel(
  context: Context,
  { files, trunkOf }: Given,
  most: number,
  { context: { call }, commit }: Course,
): Promise<void> {
  await context.settled();
  const { selectedId, checkpoints } = context.get().shelf;
  const beside = selectedId ?? checkpoints.at(-1)?.checkpointId; // whom the drawer describes
  const { textWindow } = context.get().config.value.text;
  const { look, opened } = await call('shelf/open', {
    ...{ files, most, textWindow, chooses: most === EASY },
    ...(beside !== undefined && { beside }),
    ...(trunkOf !== undefined && { trunkOf }),
  });
  if (!opened) return context.patch('shelf', { offer: look });
  commit('storing the model'); // whole, as a file of the lab
  await receive(context, opened.info, async () => opened.bytes, opened.notes);
}

export type ForeignActs = Pick<ShelfSlice, 'importFile' | 'importModel' | 'answerOffer' | 'saveForTransformers'>;

export function foreignModels(context: Context): ForeignActs {
  /** files of the offer; they are no data that a store could hold */
  let waiting: Given | null = null;
  const open = async (given: Given, most: number): Promise<void> => {
    if (context.get().shelf.busy) return;
    context.patch('shelf', { busy: 'importing', error: null, offer: null });
    await attempt(context, () => longWork(context, 'modelFile', (course) => openModel(context, given, most, course)));
    context.patch('shelf', { busy: null });
    waiting = context.get().shelf.offer ? given : null;
  };
  return {
    async importFile(bytes, name, trunkOf) {
      if (context.get().shelf.busy) return;
      context.patch('shelf', { busy: 'importing', error: null });
      await attempt(context, () =>
        longWork(context, 'modelFile', (course) => takeFile(context, bytes, name, trunkOf, course)),
      );
      context.patch('shelf', { busy: null });
    },

    importModel: (files, trunkOf) => open({ files: [...files], trunkOf }, EASY),

    async answerOffer(opens) {
      const given = waiting;
      waiting = null;
      context.patch('shelf', { offer: null });
      if (opens && given) await open(given, Number.MAX_SAFE_INTEGER);
    },

    async saveForTransformers(checkpointId) {
      await attempt(context, () =>
        longWork(context, 'saveModel', async ({ context: { call } }) => {
          const { bytes, fileName } = await call('shelf/transformers', { checkpointId });
          context.saveFile(fileName, bytes, 'application/zip');
        }),
      );
    },
  };
}
