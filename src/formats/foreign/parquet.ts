/**
 * Parquet, read by hyparquet: columns in pages, compressed in half a dozen ways. What a table says of its size is looked
 * at before anything is unpacked.
 */
import { LabError } from '../../contract/errors';
import { LIMITS, shortened } from '../../contract/limits';
import { append, maxOf } from '../../contract/many';
import { type Cells, checkRoom, isObject, type Table, type TableRow, tableOf } from './table';
import { counting, tooLarge } from './unpacking';

const fail = (message: string): never => {
  throw new LabError('file/votes', message);
};

/** @returns null where bytes are no text */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** whole numbers come as BigInt, moments as Date; a text in JSON has neither */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return textOf(value);
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? plainCells(value) : value;
}
const plainCells = (cells: Cells): Cells =>
  Object.fromEntries(Object.entries(cells).map(([name, value]) => [name, plain(value)]));

interface Tree {
  path: readonly string[];
  children: readonly Tree[];
  element: Element;
}
interface Element {
  name: string;
  converted_type?: string;
  logical_type?: { type: string };
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

/** what says nothing to the lab, and is not read */
const UNREAD = ['INTERVAL', 'BSON', 'GEOMETRY', 'GEOGRAPHY'];

/** @returns of which such kind a column is, or a part of it; null for none */
function unreadIn({ element, children }: Tree): string | null {
  const own = UNREAD.find((kind) => element.converted_type === kind || element.logical_type?.type === kind);
  return own ?? children.map(unreadIn).find((kind) => kind !== null) ?? null;
}

/** the reader ends at the first value of such a kind; without it they are bytes, which are no text */
function disarm({ element, children }: Tree): void {
  if (UNREAD.includes(element.converted_type ?? '')) delete element.converted_type;
  if (UNREAD.includes(element.logical_type?.type ?? '')) delete element.logical_type;
  for (const child of children) disarm(child);
}

/** values of other kinds that are not what their column says */
const PARSERS = {
  jsonFromBytes(bytes: Uint8Array | undefined): unknown {
    const text = bytes && textOf(bytes);
    try {
      return typeof text === 'string' ? JSON.parse(text) : null;
    } catch {
      return text;
    }
  },
};

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
  const unread = tree.children.flatMap((column): [string, string][] => {
    const kind = unreadIn(column);
    disarm(column);
    return kind === null ? [] : [[column.element.name, kind]];
  });
  const isLeaf = (name: string): boolean =>
    tree.children.some((one) => one.element.name === name && one.children.length === 0);
  const passedOver = new Set(unread.flatMap(([name]) => (isLeaf(name) ? [name] : [])));
  const rows: TableRow[] = [];
  for (let rowStart = 0; rowStart < Number(metadata.num_rows); rowStart += STEP) {
    const some = { file, metadata, parsers: PARSERS, compressors: readers, rowStart, rowEnd: rowStart + STEP };
    const values: unknown[][] = [];
    for (const column of columns) {
      if (passedOver.has(column)) {
        values.push([]);
        continue;
      }
      const read = await parquetReadObjects({ ...some, columns: [column] }).catch(damaged);
      values.push(read.map((row) => plain(row[column])));
      yield;
    }
    const count = maxOf(values.map(({ length }) => length));
    const cells = Array.from({ length: count }, (_, i) =>
      Object.fromEntries(columns.map((name, c) => [name, values[c]![i] ?? null])),
    );
    append(rows, tableOf(cells).rows);
  }
  return {
    columns,
    rows,
    notes: unread.map(([name, kind]) => `“${shortened(name, 40)}” holds ${kind}, which is not read.`),
  };
}
