/** Models on the page's shelf and in storage, and the one that ships with the page. */
import type { PresetName } from '../../contract/config';
import type { CheckpointInfo } from '../../contract/domain';
import type { Context } from '../context';
import type { Course } from '../page/longWork';
import { pieceCount } from '../persistence/pieces';
import { withCheckpoint } from './slots';
import { takeBase } from './takeWriter';

/** Puts a checkpoint on the shelf of the page. */
export function showOnShelf(context: Context, info: CheckpointInfo, provenance: string | null = null): void {
  const { shelf } = context.get();
  const all = provenance === null ? shelf.provenance : { ...shelf.provenance, [info.checkpointId]: provenance };
  // the same run made it again
  const removed = shelf.removed.filter((one) => one.info.checkpointId !== info.checkpointId);
  context.patch('shelf', { checkpoints: withCheckpoint(shelf.checkpoints, info), provenance: all, removed });
}

/** bytes that do not wait for the next collection of garbage, which may be long in coming */
const LARGE = 2 ** 24;
const letGo = (buffer: ArrayBufferLike & { transfer?(size: number): unknown }): unknown =>
  buffer.byteLength > LARGE && buffer.transfer?.(0); // older browsers have none

/**
 * and its file into storage: a large one stands on the shelf once it is there, for what stands there is kept
 * @param bytes given away
 */
export async function putOnShelf(
  context: Context,
  info: CheckpointInfo,
  bytes: Uint8Array,
  provenance: string | null,
): Promise<void> {
  const written = context.vault.write('putCheckpoint', { info, bytes });
  if (pieceCount(bytes.length) > 1) await written; // for seconds; a page that is left meanwhile has it not
  showOnShelf(context, info, provenance);
  await written;
  letGo(bytes.buffer);
}

/** @param aside beside the others: nobody's part changes, nor the corpus */
export async function fetchShipped(
  context: Context,
  preset: PresetName,
  { context: { call }, commit }: Course,
  aside = false,
): Promise<void> {
  await context.settled();
  const info = await call('shelf/shipped', { preset, aside });
  commit('taking it into use'); // it is on the thread's shelf, and its corpus is current there
  if (!aside && context.get().config.value.preset !== preset) context.get().config.applyPreset(preset);
  const { bytes } = await context.call('shelf/export', { checkpointId: info.checkpointId });
  await putOnShelf(context, info, bytes, `checkpoint ${info.checkpointId}`);
  if (!aside) await takeBase(context, info);
  context.get().notices.clear('file/checkpoint');
}
