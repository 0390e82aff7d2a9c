/** A file that may be a table of another program: what it is opened as, before anybody has said what its columns are. */
import { LabError } from '../../contract/errors';
import { finish, finishAwaited, type Steps } from '../../contract/steps';
import { isParquet, isTable } from '../tableForm';
import { decodeLines } from '../text';
import { isChat } from './chat';
import type { ColumnRole } from './columns';
import { readingFile, readingTable } from './file';
import { guessedRoles, readTable } from './mapping';
import { hasForm } from './read';
import type { Table } from './table';

/** a vocabulary or another dictionary, opened by mistake, has a name for every word */
const MOST_COLUMNS = 1000;

/** rows by which a file of lines is told from one of something else */
const TRIED = 500;

/** who carries the steps out, and may stop between two of them */
type Read = (steps: Steps<Table>) => Promise<Table>;

/** @returns null where it is no text: it may be a file of another kind */
function textIn(bytes: Uint8Array): string | null {
  try {
    return decodeLines(bytes, 'file/votes', 'the file');
  } catch {
    return null;
  }
}

/** @throws LabError where it is Parquet, and damaged, where it has too many rows, or cancelled */
async function tableIn(bytes: Uint8Array, name: string, read: Read): Promise<Table | null> {
  const named = (error: LabError): never => {
    throw error.code === 'file/votes' ? new LabError('file/votes', `${name}: ${error.message}.`) : error;
  };
  if (!isParquet(bytes)) {
    const text = textIn(bytes);
    return text === null ? null : read(readingTable(text)).catch(named);
  }
  const table = await read(readingFile(bytes)).catch(named);
  if (table.rows.length === 0) throw new LabError('file/votes', `${name}: there is no row in it.`);
  return table;
}

/** whether rows from which nothing is taken are another program's all the same, whose reasons are to be told */
const isOfOthers = (table: Table): boolean =>
  hasForm(table) || table.rows.some((row) => 'cells' in row && isOfTexts(Object.values(row.cells)));
/** a conversation, or a prompt and two texts, whatever they are called */
const isOfTexts = (values: readonly unknown[]): boolean =>
  values.some(isConversation) || values.filter((value) => typeof value === 'string').length >= 3;
const isConversation = (value: unknown): boolean => isChat(value) && !(Array.isArray(value) && value.length === 0);

export interface OpenedTable {
  table: Table;
  /** what its columns seem to be */
  roles: Record<string, ColumnRole | null>;
}

/** @returns null where it is no table of texts */
export async function openTable(
  bytes: Uint8Array,
  name: string,
  read: Read = finishAwaited,
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
  if (isEmpty && !isTable(bytes) && !isOfOthers(tried)) return null;
  return { table, roles };
}
