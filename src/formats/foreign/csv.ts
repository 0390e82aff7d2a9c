/**
 * Tables of text, RFC 4180 and what spreadsheets make of it: commas, semicolons, tabs or bars between cells; a cell in
 * quotes may hold any of them, line breaks, and quotes written twice.
 */

import { maxOf } from '../../contract/many';
import { countOf } from '../../contract/numbers';
import { meantBy, pythonIn } from './cells';
import { headAs, isRowItself, namedBy } from './head';
import { checkRoom, type Table, type TableRow } from './table';

const SEPARATORS = [',', ';', '\t', '|'] as const;
const QUOTE = '"';

interface Line {
  cells: string[];
  /** in which it begins, from 1 */
  at: number;
  /** whether its last cell's quote is closed before the file ends */
  closed: boolean;
}

/** a line break inside a cell is one, whatever the system */
const withPlainBreaks = (cell: string): string => cell.replace(/\r\n?/g, '\n');

const breaksIn = (text: string): number => text.split('\n').length - 1;

const endsOf = (separator: string): RegExp => new RegExp(`[${separator}\\n]`, 'g');

/**
 * @param from where a cell begins
 * @param ends finds where one without quotes ends
 * @returns what is in it, and where it ends: at a separator, a line break or the end of the text
 */
function readCell(text: string, from: number, ends: RegExp): { cell: string; end: number; closed: boolean } {
  let at = from;
  let cell = '';
  while (text[at] === ' ') at++;
  if (text[at] !== QUOTE) at = from; // spaces before a quote are none of the cell's
  while (text[at] === QUOTE) {
    const close = text.indexOf(QUOTE, at + 1);
    if (close < 0) return { cell: cell + text.slice(at + 1), end: text.length, closed: false };
    cell += text.slice(at + 1, close);
    at = close + 1;
    if (text[at] === QUOTE) cell += QUOTE; // written twice: the cell goes on
  }
  ends.lastIndex = at;
  const end = ends.exec(text)?.index ?? text.length;
  return { cell: cell + text.slice(at, end), end, closed: true };
}

/** @param text whose lines end with \n alone; @returns its lines with their cells, empty ones left out */
function* linesOf(text: string, separator: string): Generator<Line> {
  const ends = endsOf(separator);
  let [at, line] = [0, 1];
  while (at < text.length) {
    const begun = { at: line, from: at };
    const cells: string[] = [];
    let closed = true;
    for (;;) {
      const found = readCell(text, at, ends);
      cells.push(found.cell);
      closed = found.closed;
      at = found.end + 1;
      if (found.end >= text.length || text[found.end] === '\n') break;
    }
    line += breaksIn(text.slice(begun.from, at));
    if (cells.length > 1 || cells[0]!.trim() !== '') yield { cells, at: begun.at, closed };
  }
}

/** @returns what stands most often between the cells of the first line */
export function separatorOf(text: string): string {
  const counts = SEPARATORS.map((separator) => {
    const [head] = linesOf(text, separator);
    return head ? head.cells.length : 0;
  });
  return SEPARATORS[counts.indexOf(maxOf(counts))]!;
}

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
const SEPARATOR_LINE = /^sep=([,;\t|])\n/i;

/** lines above the head that a program wrote of itself */
const REMARKS = /^(?:#[^\n]*\n)+/;

/** @returns the text below remarks, if what stands there is a table */
function withoutRemarks(text: string): string {
  const [remarks] = REMARKS.exec(text) ?? [];
  if (remarks === undefined) return text;
  const rest = text.slice(remarks.length);
  const [head] = linesOf(rest, separatorOf(rest));
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
  let head: string[] | null = null;
  let names: string[] = [];
  const rows: TableRow[] = [];
  for (const line of linesOf(plain, said?.[1] ?? separatorOf(plain))) {
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
  const table = { columns, rows, head: { cells: head, isRow: false } };
  return isRowItself(table) ? headAs(table, true) : table;
}
