/** Bytes as storage has them: in pieces that the page's thread copies in some milliseconds. */

export const PIECE_BYTES = 2 ** 22;

/** What stands in a record in the place of bytes. */
export interface Filed {
  /** number under which the pieces lie; no two files share one */
  file: number;
  /** bytes */
  size: number;
}

export const pieceCount = (size: number): number => Math.max(1, Math.ceil(size / PIECE_BYTES));

/** a copy: what is stored of a part of a buffer would be the whole buffer */
export const pieceOf = (bytes: Uint8Array, i: number): Uint8Array =>
  bytes.slice(i * PIECE_BYTES, (i + 1) * PIECE_BYTES);
