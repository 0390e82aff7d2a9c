/** A folder as one ZIP archive: numbers as they are, for they hardly pack, and text packed. */
import { zipped } from './notebook/zipWriter';

/** the same folder gives the same bytes on every day */
const WRITTEN_AT = Date.UTC(2000, 0, 1);

/** @param files by name */
export async function zipOf(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all = [...files].map(([path, bytes]) => ({ path, bytes, packed: !path.endsWith('.safetensors') }));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipped(all, WRITTEN_AT)) pieces.push(new Uint8Array(piece));
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
