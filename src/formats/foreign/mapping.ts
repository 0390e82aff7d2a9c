/**
 * What a visitor says that the columns of a table are, and what the rows become then: opinions and demonstrations of
 * the lab.
 */
import { shortened } from '../../contract/limits';
import type { Demonstration, Ranking } from '../../contract/preferences';
import { LINES_A_STEP, type Reading } from '../lines';
import { type Here, NOTHING_HERE, rowReaders } from '../seen';
import { type ColumnRole, type Columns, guessColumns, roleOf } from './columns';
import { fileNotes, hasForm, inOrder, readPlaced, roomOfRows } from './read';
import { type ForeignKind, type ForeignRefusal, type ForeignRow, kindOf } from './rows';
import type { Cells, Table, TableRow } from './table';

const COLUMN_ROLES = ['prompt', 'chosen', 'rejected', 'completion', 'completions', 'ranks', 'label', 'margin'] as const;

/** by column of the file; null: it is what it is called, or nothing */
type Roles = Readonly<Record<string, ColumnRole | null>>;

const isRole = (name: string): name is ColumnRole => COLUMN_ROLES.some((role) => role === name);

/** @returns what the columns seem to be; of a form that is known as a whole nothing is guessed */
export function guessedRoles(table: Table): Record<string, ColumnRole | null> {
  const { columns } = table;
  const guess: Columns = hasForm(table) ? {} : guessColumns(columns);
  return Object.fromEntries(columns.map((name) => [name, roleOf(guess, name) ?? (isRole(name) ? name : null)]));
}

/** @returns the cells under the names that the visitor gave; one that is called as a role and is none is left out */
function asSaid(cells: Cells, roles: Roles): Cells {
  return Object.fromEntries(
    Object.entries(cells).flatMap(([name, value]) => {
      const role = roleOf(roles, name);
      return role === null && isRole(name) ? [] : [[role ?? name, value]];
    }),
  );
}

/** whether columns are what they are called, so that rows need not be written anew */
const areAsCalled = (columns: readonly string[], roles: Roles): boolean =>
  columns.every((name) => (roleOf(roles, name) ?? (isRole(name) ? null : name)) === name);

/** rows that are shown of a table */
const SHOWN = 3;

/** @returns the first rows as text, a cell for every column */
export function sampleOf({ rows, columns }: Table): string[][] {
  const cells = rows.flatMap((row) => ('cells' in row ? [row.cells] : [])).slice(0, SHOWN);
  const shown = (value: unknown): string => {
    if (value === undefined || value === null) return '';
    const isLarge = typeof value === 'object' || typeof value === 'bigint';
    const plain = JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? Number(one) : one));
    return shortened(isLarge ? plain : String(value), 120);
  };
  return cells.map((row) => columns.map((name) => shown(row[name])));
}

interface Placed<T> {
  /** row of data, from 0 */
  at: number;
  one: T;
}

export interface TableReading {
  kind: ForeignKind | null;
  opinions: Placed<Ranking>[];
  demonstrations: Placed<Demonstration>[];
  /** of a file of nothing but prompts; beside other rows one is refused */
  prompts: Placed<string>[];
  refused: ForeignRefusal[];
  notes: string[];
}

type Become = (row: ForeignRow, at: number) => Ranking | Demonstration | string;

/** @returns what makes rows opinions and demonstrations, and remembers them; rows are counted from 1 in its words */
function* becoming(newId: () => string, here: Here): Reading<Become> {
  const read = yield* rowReaders(newId, here);
  return (row, at) => {
    const where = `row ${at + 1}`;
    if ('chosen' in row) {
      const { prompt, chosen, rejected, margin } = row;
      return read.votes({ prompt, chosen, rejected, ...(margin !== undefined && margin >= 0 && { margin }) }, where);
    }
    if ('ranks' in row) return read.rankings({ ...row }, where);
    return 'completion' in row
      ? read.demonstrations({ prompt: row.prompt, completion: row.completion }, where)
      : 'a prompt alone, from which nothing is learned';
  };
}

/**
 * In steps.
 * @param roles of all columns
 * @param newId makes ids of what comes
 * @param here what would count twice
 */
export function* readTable(
  table: Table,
  roles: Roles,
  newId: () => string,
  here: Here = NOTHING_HERE,
): Reading<TableReading> {
  let rows: readonly TableRow[] = table.rows;
  if (!areAsCalled(table.columns, roles)) {
    const said: TableRow[] = [];
    for (const row of table.rows) {
      if (said.length % LINES_A_STEP === LINES_A_STEP - 1) yield;
      said.push('cells' in row ? { cells: asSaid(row.cells, roles) } : row);
    }
    rows = said;
  }
  const columns = Object.keys(asSaid(Object.fromEntries(table.columns.map((name) => [name, null])), roles));
  const { placed, refused, kind, notes } = yield* readPlaced({ columns, rows }, {});
  const reading: TableReading = {
    kind,
    notes: [...fileNotes(table), ...notes],
    refused,
    opinions: [],
    demonstrations: [],
    prompts: [],
  };
  const become = yield* becoming(newId, here);
  const beyond = roomOfRows(); // which what stands twice takes none of
  const isPrompt = (row: ForeignRow): boolean => kind === 'prompts' && kindOf(row) === 'prompts';
  for (const [i, { at, row }] of placed.entries()) {
    if (i % LINES_A_STEP === LINES_A_STEP - 1) yield;
    const one = isPrompt(row) ? row.prompt : become(row, at);
    const why = typeof one === 'string' && !isPrompt(row) ? one : beyond(row);
    if (why !== null) refused.push({ at, why });
    else if (typeof one === 'string') reading.prompts.push({ at, one });
    else if ('completion' in one) reading.demonstrations.push({ at, one });
    else reading.opinions.push({ at, one });
  }
  return { ...reading, refused: inOrder(refused) };
}
