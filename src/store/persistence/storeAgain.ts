import { RUN_KINDS, type RunKind } from '../../contract/domain';
import type { Context } from '../context';
import { checkpointById } from '../models/inUse';
import { saveRecord } from './records';
import { type LabStorage, NOTHING_STORED, TRANSLATOR } from './storage';

/** The run as it stands, asked for now instead of when the thread would send it. */
export async function saveRun(context: Context, kind: RunKind): Promise<void> {
  const { runId, state } = context.get().runs[kind];
  if (runId === null || !state) return;
  const bytes = await context.client().call('run/snapshot', { runId, changes: true });
  context.batch.flush();
  const now = context.get().runs[kind];
  if (now.runId !== runId) return; // reset meanwhile
  // nothing goes on from there, and what it left has its own place
  if (now.state?.status === 'done') return saveRecord(context, kind);
  await context.vault.write('putSnapshot', { runId, kind, step: state.step, bytes });
  await saveRecord(context, kind);
}

/**
 * Writes what was done on this page while nothing could be written: votes and models are added, a run takes the stored
 * one's place. Each piece comes after those that it names, so that a tab that is killed on the way leaves a lab that
 * opens; where the storage is lost on the way, the rest waits in memory and comes with the next time.
 * @param mine where files were kept meanwhile; null: the thread alone has them
 * @param settings writes those, where they are to take the place of the stored ones
 */
export async function storeAgain(
  context: Context,
  mine: LabStorage | null,
  settings: () => Promise<void> = async () => {},
): Promise<void> {
  for (const list of [context.vault.opinions, context.vault.duels]) await list.removeAgain();
  await context.vault.opinions.putAgain(context.get().opinions.all);
  await context.vault.duels.putAgain(context.get().arena.duels);
  if (mine) await storeFiles(context, mine);
  await storeModels(context);
  const { origin } = context.get().corpus;
  if (origin?.kind === 'text') await context.vault.putTextAgain(origin.textId);
  await settings();
  for (const again of context.vault.others) await again();
  for (const kind of RUN_KINDS) await storeRun(context, kind, mine);
}

async function storeFiles(context: Context, mine: LabStorage): Promise<void> {
  for (const checkpointId of (await mine.load()).checkpointIds) {
    const checkpoint = await mine.checkpoint(checkpointId);
    if (checkpoint) await context.vault.write('putCheckpoint', checkpoint);
  }
  const [translator] = await mine.snapshots(TRANSLATOR);
  if (translator) await context.vault.write('putSnapshot', translator);
}

/** models of the shelf whose files are missing */
async function storeModels(context: Context): Promise<void> {
  const { checkpointIds } = await context.vault.read((storage) => storage.load(), NOTHING_STORED);
  for (const { checkpointId } of context.get().shelf.checkpoints) {
    if (checkpointIds.includes(checkpointId)) continue;
    const file = await context
      .client()
      .call('shelf/export', { checkpointId })
      .catch(() => null); // a thread that died has none to give
    const info = checkpointById(context.get(), checkpointId);
    if (file && info) await context.vault.write('putCheckpoint', { info, bytes: file.bytes });
  }
}

/** without its snapshot a run begins again, without its numbers its curve would have a gap */
async function storeRun(context: Context, kind: RunKind, mine: LabStorage | null): Promise<void> {
  const { runId, history } = context.get().runs[kind];
  if (runId === null) return;
  await context.vault.write('putPoints', runId, history);
  await saveRecord(context, kind);
  try {
    await saveRun(context, kind);
  } catch {
    // a thread that died has none to give, and of a run that failed before the first there is none
    const [newest] = (await mine?.snapshots(runId)) ?? [];
    if (newest) await context.vault.write('putSnapshot', newest);
  }
}
