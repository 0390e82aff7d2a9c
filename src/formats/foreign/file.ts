/** A file of rows, whatever its form: Parquet, one JSON array, JSON Lines, or a table of text. */
import { LabError } from '../../contract/errors';
import { LIMITS, shortened } from '../../contract/limits';
import { finish } from '../../contract/steps';
import { duplicateKey } from '../json';
import { decodeLines, megabytes } from '../text';
import { isChat } from './chat';
import { readingCsv } from './csv';
import { elementsIn } from './elements';
import { isParquet, parquetTable } from './parquet';
import { type Cells, isObject, type Table, type TableRow, tableOf } from './table';

const fail = (message: string): never => {
  throw new LabError('file/votes', message);
};

/** arrays of rows stand under one of these names where a file is one object */
const LISTS = ['data', 'rows', 'train', 'examples', 'records'];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Python writes numbers that JSON has not */
const notJson = (line: string): string =>
  /[:[,]\s*-?(?:NaN|Infinity)\s*[,\]}]/.test(line)
    ? 'not JSON: NaN or Infinity stands where a number or null may'
    : 'not JSON';

/** @param value what the line is, where that is known */
function rowOf(line: string, value = parsed(line)): TableRow {
  if (value === undefined) return { why: notJson(line) };
  if (!isObject(value)) return { why: 'not an object with names and values' };
  const twice = duplicateKey(line);
  return twice === null ? { cells: value } : { why: `"${shortened(twice)}" stands twice` };
}

/** characters between two chances to do something else */
const STEP = 2 ** 20;

/** one object a line; in steps */
function* readingLines(text: string): Generator<undefined, Table> {
  const columns = new Set<string>();
  const rows: TableRow[] = [];
  let read = 0;
  for (const line of text.split(/\r\n|\n|\r/)) {
    read += line.length;
    if (read > STEP) {
      read = 0;
      yield;
    }
    if (line.trim() === '') continue;
    const row = rowOf(line.replace(/^\uFEFF+/, ''));
    rows.push(row);
    if ('cells' in row) for (const name of Object.keys(row.cells)) columns.add(name);
  }
  return { columns: [...columns], rows };
}

const isCount = (name: string): boolean => /^\d+$/.test(name);

/** data frames are written by columns, by their index, or as columns, index and data apart; a set of the hub wraps its rows */
function frameRows(whole: Cells): unknown[] | null {
  const { columns, data, rows } = whole;
  if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray))
    return data.map((cells: unknown[]) => Object.fromEntries(columns.map((name, i) => [String(name), cells[i]])));
  if (Array.isArray(rows) && rows.every((one) => isObject(one) && isObject(one.row)))
    return rows.map((one) => (one as { row: unknown }).row);
  const parts = Object.entries(whole);
  if (parts.length > 0 && parts.every(([name, part]) => isCount(name) && isObject(part))) return Object.values(whole);
  const areColumns = parts.every(([, part]) => isObject(part) && Object.keys(part).every(isCount));
  const areLists = parts.length > 1 && parts.every(([, part]) => Array.isArray(part) && !isChat(part)); // a chat is one cell
  if (parts.length === 0 || !(areColumns || areLists)) return null;
  const [[, first]] = parts as [[string, object]];
  return Object.keys(first).map((at) => Object.fromEntries(parts.map(([name, part]) => [name, (part as Cells)[at]])));
}

function objectTable(whole: Cells): Table {
  const rows = frameRows(whole);
  if (rows) return tableOf(rows);
  const name = LISTS.find((one) => Array.isArray(whole[one]));
  return tableOf(name === undefined ? [whole] : (whole[name] as unknown[]));
}

/** a list of rows, which may be 50 MB, in steps. @returns null where it is none */
function* readingList(text: string): Generator<undefined, Table | null> {
  const columns = new Set<string>();
  const rows: TableRow[] = [];
  const elements = elementsIn(text);
  let read = 0;
  for (let element = elements.next(); ; element = elements.next()) {
    if (element.done) return element.value ? { columns: [...columns], rows } : null;
    if (element.value !== null) {
      const value = parsed(element.value);
      if (value === undefined) return null;
      if (isObject(value)) for (const name of Object.keys(value)) columns.add(name);
      rows.push(rowOf(element.value, value));
    }
    read += element.value?.length ?? STEP;
    if (read < STEP) continue;
    read = 0;
    yield;
  }
}

function* readingText(text: string): Generator<undefined, Table> {
  const start = text.trimStart()[0];
  if (start !== '[' && start !== '{') return yield* readingCsv(text);
  const list = yield* readingList(text);
  if (list) return list;
  const whole = parsed(text);
  const table = Array.isArray(whole) ? tableOf(whole) : isObject(whole) ? objectTable(whole) : null;
  return table ? onceSaid(table, text) : yield* readingLines(text);
}

/** of a name that stands twice nobody knows which is meant, nor, when all is one value of JSON, in which row it stood */
function onceSaid({ columns, rows }: Table, text: string): Table {
  const twice = duplicateKey(text);
  if (twice === null) return { columns, rows };
  return { columns, rows: rows.map(() => ({ why: `"${shortened(twice)}" stands twice in an object of the file` })) };
}

/**
 * A file that is no Parquet, in steps.
 * @returns rows and columns, nothing of them understood
 * @throws LabError('file/votes') when it is no file of rows
 */
export function* readingTable(bytes: Uint8Array): Generator<undefined, Table> {
  return yield* readingText(decodeLines(bytes, 'file/votes', 'the file').replace(/^\uFEFF/, ''));
}

/**
 * @returns rows and columns, nothing of them understood
 * @throws LabError('file/votes') when it is no file of rows
 */
export async function foreignTable(bytes: Uint8Array): Promise<Table> {
  if (bytes.length > LIMITS.linesBytes)
    return fail(`${megabytes(bytes.length)}; the lab reads up to ${megabytes(LIMITS.linesBytes)} of rows`);
  if (isParquet(bytes)) return parquetTable(bytes);
  return finish(readingTable(bytes));
}
