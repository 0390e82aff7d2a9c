/**
 * Parquet, read by hyparquet: columns in pages, compressed in half a dozen ways. What a table says of its size is looked
 * at before anything is unpacked.
 */
import { LabError } from '../../contract/errors';
import { LIMITS } from '../../contract/limits';
import { append } from '../../contract/many';
import { type Cells, checkRoom, isObject, type Table, type TableRow, tableOf } from './table';
import { counting, tooLarge } from './unpacking';

const fail = (message: string): never => {
  throw new LabError('file/votes', message);
};

/** whole numbers come as BigInt, moments as Date; a text in JSON has neither */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? plainCells(value) : value;
}
const plainCells = (cells: Cells): Cells =>
  Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, plain(value)]));

interface Tree {
  path: readonly string[];
  children: readonly Tree[];
}
interface Group {
  columns: readonly { meta_data?: { path_in_schema: readonly string[] } }[];
}

/** a name may have a full stop in it */
const pathOf = (path: readonly string[]): string => JSON.stringify(path);
/** columns inside one another, far more than any row of texts has: whoever looks at a row calls itself for each */
const DEEPEST = 100;
const leavesOf = ({ path, children }: Tree): string[] => {
  if (path.length > DEEPEST) return fail('the columns of the Parquet file are nested too deep');
  return children.length === 0 ? [pathOf(path)] : children.flatMap(leavesOf);
};

/**
 * Whether each column that is stored is one of the table, and stands there once. Of another one the reader would drop
 * the promise, and with it what it finds wrong.
 */
function fits(tree: Tree, groups: readonly Group[]): boolean {
  const leaves = new Set(tree.children.flatMap(leavesOf));
  return groups.every(({ columns }) => {
    const paths = columns.map(({ meta_data: meta }) => pathOf(meta?.path_in_schema ?? []));
    return new Set(paths).size === paths.length && paths.every((path) => leaves.has(path));
  });
}

/** a file is 50 MB: no second one is made of it where it has its memory to itself */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer =>
  buffer instanceof ArrayBuffer && byteLength === buffer.byteLength
    ? buffer
    : new Uint8Array(buffer, byteOffset, byteLength).slice().buffer;

/** errors of the language say nothing of the file */
function damaged(error: unknown): never {
  if (error instanceof LabError) throw error;
  if (error instanceof RangeError) return fail('the columns of the Parquet file are nested too deep, or it is damaged');
  const why = error instanceof TypeError ? 'what it says of itself makes no sense' : (error as Error).message;
  return fail(`the Parquet file is damaged, or of a kind that cannot be read: ${why}`);
}

/** what reads it comes when it is needed, or before that */
export const parquetReaders = () => Promise.all([import('hyparquet'), import('hyparquet-compressors')]);

/** rows of a column between two chances to do something else; for each of them its dictionary is unpacked anew */
const STEP = 10_000;

/** how often a page may be unpacked: each step takes those that it shares with the one before, and the dictionary */
const AGAIN = 4;

/** In steps. @throws LabError when it is none, damaged, or too large */
export async function* readingParquet(bytes: Uint8Array): AsyncGenerator<undefined, Table> {
  const [{ parquetMetadata, parquetReadObjects, parquetSchema }, { compressors }] = await parquetReaders();
  const file = bufferOf(bytes);
  const { metadata, tree } = (() => {
    try {
      const found = parquetMetadata(file);
      return { metadata: found, tree: parquetSchema(found) };
    } catch (error) {
      return damaged(error);
    }
  })();
  if (!fits(tree, metadata.row_groups)) return damaged(new Error('its columns are not those of its schema'));
  const size = metadata.row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0);
  checkRoom(Number(metadata.num_rows));
  if (size > LIMITS.tableBytes) return tooLarge(size);
  const readers = counting(compressors, AGAIN * LIMITS.tableBytes);
  const columns = tree.children.map(({ element }) => element.name);
  const rows: TableRow[] = [];
  for (let rowStart = 0; rowStart < Number(metadata.num_rows); rowStart += STEP) {
    const some = { file, metadata, compressors: readers, rowStart, rowEnd: rowStart + STEP };
    const values: unknown[][] = [];
    for (const column of columns) {
      const read = await parquetReadObjects({ ...some, columns: [column] }).catch(damaged);
      values.push(read.map((row) => plain(row[column])));
      yield;
    }
    const cells = (values[0] ?? []).map((_, i) => Object.fromEntries(columns.map((name, c) => [name, values[c]![i]])));
    append(rows, tableOf(cells).rows);
  }
  return { columns, rows };
}
