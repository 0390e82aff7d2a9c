/** A folder as one ZIP archive: numbers as they are, for they hardly pack, and text packed. */
import { joinBytes } from '../contract/many';
import { zipped } from './notebook/zipWriter';

/** the same folder gives the same bytes on every day */
const WRITTEN_AT = Date.UTC(2000, 0, 1);

/**
 * @param files by name
 * @param at when it is written, milliseconds since 1970
 * @param folder in which they lie there; ends with a slash
 * @returns the bytes of the zip, in order
 */
export async function zipPieces(
  files: ReadonlyMap<string, Uint8Array>,
  at: number,
  folder = '',
): Promise<Uint8Array[]> {
  const all = [...files].map(([name, bytes]) => ({
    path: folder + name,
    bytes,
    packed: !name.endsWith('.safetensors'),
  }));
  const pieces: Uint8Array[] = [];
  for await (const piece of zipped(all, at)) pieces.push(piece);
  return pieces;
}

/** @param files by name */
export const zipOf = async (files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array<ArrayBuffer>> =>
  joinBytes(await zipPieces(files, WRITTEN_AT));
