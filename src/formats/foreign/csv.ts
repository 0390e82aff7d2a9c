/**
 * Tables of text, RFC 4180 and what spreadsheets make of it: commas, semicolons, tabs or bars between cells; a cell in
 * quotes may hold any of them, line breaks, and quotes written twice.
 */

import { shortened } from '../../contract/limits';
import { maxOf } from '../../contract/many';
import { countOf } from '../../contract/numbers';
import { meantBy, pythonIn } from './cells';
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

/** names of columns; those without one, as a data frame writes the numbers of its rows, are passed over */
function cellsOf(names: readonly string[], { cells, at, closed }: Line): TableRow {
  if (!closed) return { why: `a quote is not closed (line ${at})` };
  if (cells.length < names.length) return { why: `${cells.length} of ${countOf(names.length, 'cell')}` };
  if (cells.length > names.length) return { why: `${countOf(cells.length, 'cell')}, the header has ${names.length}` };
  const python = pythonIn(names, cells);
  if (python !== null) return { why: python };
  const named = names.flatMap((name, i): [string, unknown][] =>
    name === '' ? [] : [[name, meantBy(name, cells[i]!)]],
  );
  return { cells: Object.fromEntries(named) };
}

/** lines between two chances to do something else */
const STEP = 5000;

/** how a spreadsheet is told what stands between the cells */
const SEPARATOR_LINE = /^sep=([,;\t|])\n/i;

/** @returns why no row can be read: of a name that stands twice nobody knows which column is meant */
function twiceIn(names: readonly string[]): string | null {
  const before = new Set<string>();
  for (const name of names) {
    if (before.has(name)) return `two columns are called “${shortened(name)}”`;
    if (name !== '') before.add(name);
  }
  return null;
}

/** In steps. @param text with a head of names */
export function* readingCsv(text: string): Generator<undefined, Table> {
  const broken = withPlainBreaks(text);
  const said = SEPARATOR_LINE.exec(broken);
  const plain = broken.slice(said?.[0].length ?? 0);
  let names: string[] | null = null;
  let twice: string | null = null;
  const rows: TableRow[] = [];
  for (const line of linesOf(plain, said?.[1] ?? separatorOf(plain))) {
    if (names === null) {
      names = line.cells.map((name) => name.trim());
      twice = twiceIn(names);
    } else checkRoom(rows.push(twice === null ? cellsOf(names, line) : { why: twice }));
    if (rows.length % STEP === STEP - 1) yield;
  }
  return { columns: [...new Set(names ?? [])].filter((name) => name !== ''), rows };
}
