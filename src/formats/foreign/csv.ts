/**
 * Tables of text, RFC 4180 and what spreadsheets make of it: commas, semicolons, tabs or bars between cells; a cell in
 * quotes may hold any of them, line breaks, and quotes written twice.
 */

import { countOf } from '../../contract/numbers';
import { meantBy, pythonIn, withSeveralAnswers } from './cells';
import { dialectNotes, dialectOf, type Line, linesOf } from './dialect';
import { headAs, isRowItself, namedBy } from './head';
import { checkRoom, type Table, type TableRow } from './table';

/** a line break inside a cell is one, whatever the system */
const withPlainBreaks = (cell: string): string => cell.replace(/\r\n?/g, '\n');

/** how databases write that a cell holds nothing */
const NOTHING = '\\N';

/** what lies beyond the head's last name and is empty is a separator too many, as spreadsheets write them */
function withoutEnds(cells: string[], most: number): string[] {
  const beyond = cells.slice(most).every((cell) => cell.trim() === '');
  return beyond ? cells.slice(0, most) : cells;
}

const BACKSLASH = ': quotes in a cell are written twice, not behind a backslash';

/** names of columns; those without one, as a data frame writes the numbers of its rows, are passed over */
function cellsOf(names: readonly string[], { cells: given, at, closed }: Line): TableRow {
  if (!closed) return { why: `a quote is not closed (line ${at})` };
  if (given.every((cell) => cell.trim() === '')) return { why: 'all its cells are empty' };
  const cells = withoutEnds(given, names.length);
  const hint = cells.length !== names.length && given.some((cell) => /\\/.test(cell)) ? BACKSLASH : '';
  if (cells.length < names.length) return { why: `${cells.length} of ${countOf(names.length, 'cell')}${hint}` };
  if (cells.length > names.length)
    return { why: `${countOf(cells.length, 'cell')}, the header has ${names.length}${hint}` };
  const meant = cells.map((cell, i) => (cell === NOTHING ? null : meantBy(names[i]!, cell)));
  const python = pythonIn(names, meant);
  if (python !== null) return { why: python };
  const named = names.flatMap((name, i): [string, unknown][] => (name === '' ? [] : [[name, meant[i]]]));
  return { cells: Object.fromEntries(named) };
}

/** lines between two chances to do something else */
const STEP = 5000;

/** how a spreadsheet is told what stands between the cells */
const SEPARATOR_LINE = /^\s*"?sep=([,;\t|])"?[,;\t|]*\n/i;

/** lines above the head that a program wrote of itself */
const REMARKS = /^(?:#[^\n]*\n)+/;

/** @returns the text below remarks, if what stands there is a table */
function withoutRemarks(text: string): string {
  const [remarks] = REMARKS.exec(text) ?? [];
  if (remarks === undefined) return text;
  const rest = text.slice(remarks.length);
  const [head] = linesOf(rest, dialectOf(rest));
  return head && head.cells.length > 1 ? rest : text;
}

/** R writes no name above the numbers of its rows, so that its head is a cell shorter */
const isNumbered = (names: readonly string[], { cells }: Line): boolean =>
  cells.length === names.length + 1 && cells[0] === '1' && cells.at(-1)!.trim() !== '';

/** In steps. @param text with a head of names, or without one */
export function* readingCsv(text: string): Generator<undefined, Table> {
  const broken = withPlainBreaks(text);
  const said = SEPARATOR_LINE.exec(broken);
  const plain = withoutRemarks(broken.slice(said?.[0].length ?? 0));
  const dialect = dialectOf(plain, said?.[1]);
  let head: string[] | null = null;
  let names: string[] = [];
  const rows: TableRow[] = [];
  for (const line of linesOf(plain, dialect)) {
    if (head === null) {
      head = line.cells;
      names = namedBy(head);
    } else {
      if (rows.length === 0 && isNumbered(names, line)) {
        head = ['', ...head];
        names = ['', ...names];
      }
      checkRoom(rows.push(cellsOf(names, line)));
    }
    if (rows.length % STEP === STEP - 1) yield;
  }
  if (head === null) return { columns: [], rows };
  const columns = names.filter((name) => name !== '');
  const table = {
    columns,
    rows: yield* withSeveralAnswers(rows),
    head: { cells: head, isRow: false },
    notes: dialectNotes(dialect),
  };
  return isRowItself(table) ? headAs(table, true) : table;
}
