/** Models that other programs saved come in, and models of the lab go out to them. */
import type { GivenFile } from '../../contract/protocol';
import { attempt, type Context } from '../context';
import { type Course, longWork } from '../page/longWork';
import type { ShelfSlice } from '../state';
import { receive } from './shelfFiles';

/** bytes of memory that nobody has to be asked about; how long texts are is asked wherever memory makes them short */
const EASY = 256 * 2 ** 20;

/** What a visitor gave. */
interface Given {
  files: GivenFile[];
  /** a checkpoint that waits for its trunk */
  trunkOf: string | undefined;
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

export type ForeignActs = Pick<ShelfSlice, 'importModel' | 'answerOffer' | 'saveForTransformers'>;

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
