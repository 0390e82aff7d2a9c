/** A file that may be a table of another program: what it is opened as, before anybody has said what its columns are. */
import { LabError } from '../../contract/errors';
import { finish } from '../../contract/steps';
import { isTable } from '../tableForm';
import type { ColumnRole } from './columns';
import { foreignTable, readingTable } from './file';
import { guessedRoles, readTable } from './mapping';
import { isParquet } from './parquet';
import type { Table } from './table';

/** a vocabulary or another dictionary, opened by mistake, has a name for every word */
const MOST_COLUMNS = 1000;

/** rows by which a file of lines is told from one of something else */
const TRIED = 500;

/** who carries the steps out, and may stop between two of them */
type Read = (steps: Generator<undefined, Table>) => Promise<Table>;

/** @throws LabError where it is Parquet, and damaged, or cancelled; anything else may be a file of another kind */
async function tableIn(bytes: Uint8Array, name: string, read: Read): Promise<Table | null> {
  if (!isParquet(bytes))
    return read(readingTable(bytes)).catch((error: LabError) => {
      if (error.code === 'work/cancelled') throw error;
      return null;
    });
  const table = await foreignTable(bytes).catch((error: LabError) => {
    throw new LabError('file/votes', `${name}: ${error.message}.`);
  });
  if (table.rows.length === 0) throw new LabError('file/votes', `${name}: there is no row in it.`);
  return table;
}

export interface OpenedTable {
  table: Table;
  /** what its columns seem to be */
  roles: Record<string, ColumnRole | null>;
}

/** @returns null where it is no table of texts */
export async function openTable(
  bytes: Uint8Array,
  name: string,
  read: Read = async (steps) => finish(steps),
): Promise<OpenedTable | null> {
  const table = await tableIn(bytes, name, read);
  if (!table || table.rows.length === 0) return null;
  const { columns, rows } = table;
  const roles = guessedRoles(table);
  if (columns.length === 0 || columns.length > MOST_COLUMNS) return null;
  const tried = { columns, rows: rows.slice(0, TRIED) };
  const { opinions, demonstrations, prompts } = finish(readTable(tried, roles, () => '-'));
  const isEmpty = opinions.length + demonstrations.length + prompts.length === 0;
  const isOne = columns.length === 1; // of prompts or of conversations, or nothing that was meant as a table
  if (isEmpty && isOne && !Object.values(roles).includes('prompt') && !isParquet(bytes)) return null;
  if (isEmpty && !isTable(bytes)) return null;
  return { table, roles };
}
