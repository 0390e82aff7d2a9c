/** What is looked at before the readers of tables are fetched. */

/** bytes in which a file shows its form */
const SHOWN_FORM = 2 ** 16;

const PARQUET_MAGIC = 'PAR1';
export const isParquet = (bytes: Uint8Array): boolean =>
  new TextDecoder('latin1').decode(bytes.subarray(0, PARQUET_MAGIC.length)) === PARQUET_MAGIC;

/** whether a file is something else than one object a line: one array, a table of text, or Parquet */
export function isTable(bytes: Uint8Array): boolean {
  if (isParquet(bytes)) return true; // what is packed may hold a brace behind a line break, as a line has
  const start = new TextDecoder().decode(bytes.subarray(0, SHOWN_FORM)).replace(/^\uFEFF/, '');
  return /^\s*\[/.test(start) || !/^[^\S\n]*\{/m.test(start);
}
