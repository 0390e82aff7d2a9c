/** A file of rows, whatever its form: Parquet, one JSON array, JSON Lines, or a table of text. */
import { LabError } from '../../contract/errors';
import { LIMITS } from '../../contract/limits';
import { decodeLines, megabytes } from '../text';
import { csvTable } from './csv';
import { isParquet, parquetTable } from './parquet';
import { isObject, type Table, type TableRow, tableOf } from './table';

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

/** one object a line */
function linesTable(text: string): Table {
  const columns = new Set<string>();
  const rows: TableRow[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.trim() === '') continue;
    const value = parsed(line.replace(/^\uFEFF+/, ''));
    if (value === undefined) rows.push({ why: 'not JSON' });
    else if (!isObject(value)) rows.push({ why: 'not an object with names and values' });
    else {
      for (const name of Object.keys(value)) columns.add(name);
      rows.push({ cells: value });
    }
  }
  return { columns: [...columns], rows };
}

function textTable(text: string): Table {
  const start = text.trimStart()[0];
  if (start !== '[' && start !== '{') return csvTable(text);
  const whole = parsed(text);
  if (Array.isArray(whole)) return tableOf(whole);
  if (isObject(whole)) {
    const name = LISTS.find((one) => Array.isArray(whole[one]));
    return name === undefined ? tableOf([whole]) : tableOf(whole[name] as unknown[]);
  }
  return linesTable(text);
}

/**
 * @returns rows and columns, nothing of them understood
 * @throws LabError('file/votes') when it is no file of rows
 */
export async function foreignTable(bytes: Uint8Array): Promise<Table> {
  if (bytes.length > LIMITS.linesBytes)
    return fail(`${megabytes(bytes.length)}; the lab reads up to ${megabytes(LIMITS.linesBytes)} of rows`);
  if (isParquet(bytes)) return parquetTable(bytes);
  return textTable(decodeLines(bytes, 'file/votes', 'the file').replace(/^\uFEFF/, ''));
}
