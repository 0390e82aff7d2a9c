/** A file of rows, whatever its form: Parquet, one JSON array, JSON Lines, or a table of text. */
import { LabError } from '../../contract/errors';
import { LIMITS, shortened } from '../../contract/limits';
import { finishAwaited } from '../../contract/steps';
import { duplicateKey, excessIn } from '../json';
import { filledLines } from '../lines';
import { whyNotJson } from '../otherForms';
import { isParquet } from '../tableForm';
import { decodeLines, megabytes } from '../text';
import { isChat } from './chat';
import { isKnownName } from './columns';
import { readingCsv } from './csv';
import { elementsIn } from './elements';
import { readingParquet } from './parquet';
import { type Cells, growing, isObject, type Table, type TableRow, tableOf } from './table';

const fail = (message: string): never => {
  throw new LabError('file/votes', message);
};

/** arrays of rows stand under one of these names where a file is one object */
const LISTS = ['data', 'rows', 'train', 'examples', 'records', 'items', 'samples', 'instances'];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Python writes numbers that JSON has not */
const notJson = (line: string): string =>
  /[:[,]\s*-?(?:NaN|Infinity)\s*[,\]}]/.test(line)
    ? 'not JSON: NaN or Infinity stands where a number or null may'
    : whyNotJson(line);

/** @returns what a line or an element of a list is, with its names; null where it is no JSON */
function rowOf(json: string): [row: TableRow, names?: string[]] | null {
  const excess = excessIn(json);
  if (excess !== null) return [{ why: excess }];
  const value = parsed(json);
  if (value === undefined) return null;
  if (!isObject(value)) return [{ why: 'not an object with names and values' }];
  const twice = duplicateKey(json);
  return [twice === null ? { cells: value } : { why: `"${shortened(twice)}" stands twice` }, Object.keys(value)];
}

/** characters between two chances to do something else */
const STEP = 2 ** 20;

/** one object a line; in steps */
function* readingLines(text: string): Generator<undefined, Table> {
  const table = growing();
  let read = 0;
  for (const { content } of filledLines(text)) {
    read += content.length;
    if (read > STEP) {
      read = 0;
      yield;
    }
    const [row, names] = rowOf(content) ?? [{ why: notJson(content) }];
    table.add(row, names);
  }
  return table.all();
}

const isCount = (name: string): boolean => /^\d+$/.test(name);

/** whether values are objects of the same names, as the parts of a data frame are */
function areAlike(parts: readonly unknown[]): parts is Cells[] {
  if (!parts.every((part) => isObject(part) && !isChat(part))) return false;
  const [first, ...others] = parts.map((part) => Object.keys(part as Cells));
  const names = new Set(first);
  return names.size > 0 && others.every((keys) => keys.length === names.size && keys.every((key) => names.has(key)));
}

const areRows = (part: unknown): boolean =>
  Array.isArray(part) && part.length > 0 && part.every((one) => isObject(one) && !isChat(one));

/** data frames are written by columns, by their index, or as columns, index and data apart; a set of the hub wraps its rows */
function frameRows(whole: Cells): unknown[] | null {
  const { columns, data, rows } = whole;
  if (Array.isArray(columns) && Array.isArray(data) && data.every(Array.isArray))
    return data.map((cells: unknown[]) => Object.fromEntries(columns.map((name, i) => [String(name), cells[i]])));
  if (Array.isArray(rows) && rows.every((one) => isObject(one) && isObject(one.row)))
    return rows.map((one) => (one as { row: unknown }).row);
  const parts = Object.entries(whole);
  const values = parts.map(([, part]) => part);
  if (values.length > 0 && values.every(areRows)) return values.flat(); // a list for every split
  if (parts.length > 0 && parts.every(([name, part]) => isCount(name) && isObject(part))) return values;
  const isFrame = parts.length > 1 && areAlike(values);
  if (isFrame && Object.keys(values[0]!).some(isKnownName)) return values; // each row under its name
  const areColumns = isFrame || parts.every(([, part]) => isObject(part) && Object.keys(part).every(isCount));
  const areLists = parts.length > 1 && parts.every(([, part]) => Array.isArray(part) && !isChat(part)); // a chat is one cell
  if (parts.length === 0 || !(areColumns || areLists)) return null;
  const [[, first]] = parts as [[string, object]];
  return Object.keys(first).map((at) => Object.fromEntries(parts.map(([name, part]) => [name, (part as Cells)[at]])));
}

/** @returns the name of the one list of rows in an object that is no row itself */
function onlyList(whole: Cells): string | undefined {
  const [name, ...more] = Object.keys(whole).filter((one) => areRows(whole[one]));
  const isRow = Object.keys(whole).some((one) => isKnownName(one) || one === 'completions');
  return isRow || more.length > 0 ? undefined : name;
}

function objectTable(whole: Cells): Table {
  const rows = frameRows(whole);
  if (rows) return tableOf(rows);
  const name = LISTS.find((one) => Array.isArray(whole[one])) ?? onlyList(whole);
  return tableOf(name === undefined ? [whole] : (whole[name] as unknown[]));
}

/** a list of rows, which may be 50 MB, in steps. @returns null where it is none */
function* readingList(text: string): Generator<undefined, Table | null> {
  const table = growing();
  const elements = elementsIn(text);
  let read = 0;
  for (let element = elements.next(); ; element = elements.next()) {
    if (element.done) return element.value ? table.all() : null;
    if (element.value !== null) {
      const found = rowOf(element.value);
      if (found === null) return null;
      const [row, names] = found;
      table.add(row, names);
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
  const whole = excessIn(text, LIMITS.fileValues) === null ? parsed(text) : undefined;
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
 * @param text of the file
 * @returns rows and columns, nothing of them understood
 * @throws LabError('file/votes') when it has more rows than the lab reads
 */
export const readingTable = (text: string): Generator<undefined, Table> => readingText(text.replace(/^\uFEFF/, ''));

/** @throws LabError('file/votes') where a file of rows, in any form, has more bytes than the lab reads */
export function checkSize(bytes: number): void {
  if (bytes > LIMITS.linesBytes)
    fail(`${megabytes(bytes)}; the lab reads up to ${megabytes(LIMITS.linesBytes)} of rows`);
}

/**
 * A file in any form, in steps.
 * @returns rows and columns, nothing of them understood
 * @throws LabError('file/votes') when it is no file of rows
 */
export async function* readingFile(bytes: Uint8Array): AsyncGenerator<undefined, Table> {
  checkSize(bytes.length);
  if (isParquet(bytes)) return yield* readingParquet(bytes);
  return yield* readingTable(decodeLines(bytes, 'file/votes', 'the file'));
}

/** The same with nobody who waits. */
export const foreignTable = (bytes: Uint8Array): Promise<Table> => finishAwaited(readingFile(bytes));
