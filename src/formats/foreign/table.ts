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
}

export const isObject = (value: unknown): value is Cells =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** @returns a table of values that should be objects */
export function tableOf(values: readonly unknown[]): Table {
  const columns = new Set<string>();
  const rows = values.map((value): TableRow => {
    if (!isObject(value)) return { why: 'not an object with names and values' };
    for (const name of Object.keys(value)) columns.add(name);
    return { cells: value };
  });
  return { columns: [...columns], rows };
}
