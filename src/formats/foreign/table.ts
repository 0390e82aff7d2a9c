import { LabError } from '../../contract/errors';
import { inWords, LIMITS } from '../../contract/limits';

/** Rows of a file that another program wrote, whatever its form, before anyone asks what they mean. */

/** Names and values as they stand in the file. */
export type Cells = Readonly<Record<string, unknown>>;

/** A row, or why there is none that could be read. */
export type TableRow = { cells: Cells } | { why: string };

export interface Table {
  /** in the order of the file, of all rows */
  columns: readonly string[];
  /** of data: a head is none */
  rows: readonly TableRow[];
  /** the first line of a table of text, which may be names or a row */
  head?: Head;
  /** what the reader should be told of the file, in sentences */
  notes?: readonly string[];
}

/** The first line of a table of text. */
export interface Head {
  /** a cell for every column, in order */
  cells: readonly string[];
  isRow: boolean;
}

export const isObject = (value: unknown): value is Cells =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/**
 * A table to which row by row is added.
 * @throws LabError('file/votes') at the row for which there is no room
 */
export function growing() {
  const columns = new Set<string>();
  const rows: TableRow[] = [];
  const add = (row: TableRow, names = 'cells' in row ? Object.keys(row.cells) : []): void => {
    checkRoom(rows.push(row));
    for (const name of names) columns.add(name);
  };
  return { add, all: (): Table => ({ columns: [...columns], rows }) };
}

/** @throws LabError('file/votes') where there are more than the lab reads */
export function checkRoom(rows: number): void {
  if (rows > LIMITS.tableRows)
    throw new LabError(
      'file/votes',
      `more than ${inWords(LIMITS.tableRows)} rows stand in it, and the lab reads no more`,
    );
}

/** @returns a table of values that should be objects */
export function tableOf(values: readonly unknown[]): Table {
  const table = growing();
  for (const value of values)
    table.add(isObject(value) ? { cells: value } : { why: 'not an object with names and values' });
  return table.all();
}
