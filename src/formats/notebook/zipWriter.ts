/** A zip file, written a piece at a time, so that no more of it is in memory than the file that is being packed. */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

export interface ZipFile {
  path: string;
  bytes: Uint8Array;
  /** weights hardly shrink, and are stored as they are */
  packed: boolean;
}

/** bytes that are packed between two chances to stop */
const PIECE = 2 ** 20;

/** a zip knows years from 1980 to 2099 */
const [EARLIEST, LATEST] = [Date.UTC(1980, 0, 2), Date.UTC(2099, 11, 30)];

/**
 * @param at when it is written, milliseconds since 1970
 * @returns the bytes of the zip, in order
 */
export async function* zipped(
  files: AsyncIterable<ZipFile> | Iterable<ZipFile>,
  at: number,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  for await (const { path, bytes, packed } of files) {
    const entry = packed ? new ZipDeflate(path) : new ZipPassThrough(path);
    entry.mtime = Math.min(LATEST, Math.max(EARLIEST, at));
    zip.add(entry);
    for (let from = 0; from === 0 || from < bytes.length; from += PIECE) {
      entry.push(bytes.subarray(from, from + PIECE), from + PIECE >= bytes.length);
      yield* ready.splice(0);
    }
  }
  zip.end();
  yield* ready.splice(0);
}
