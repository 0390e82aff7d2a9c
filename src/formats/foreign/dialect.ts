/**
 * How a table of text parts its cells: commas, semicolons, tabs or bars between them; a cell in quotes may hold any of
 * them, line breaks, and quotes, which are written twice or, by some programs, behind a backslash. A few programs quote
 * with single quotes. Which it is, is told by how well the first lines read.
 */
import { maxOf, minOf } from '../../contract/many';

const SEPARATORS = [',', ';', '\t', '|'] as const;

export interface Dialect {
  separator: string;
  quote: '"' | "'";
  /** whether a quote inside of a cell stands behind a backslash */
  escapes: boolean;
}

interface Line {
  cells: string[];
  /** in which it begins, from 1 */
  at: number;
  /** whether its last cell's quote is closed before the file ends */
  closed: boolean;
  /** whether a quote stands where none may */
  odd: boolean;
}

export type { Line };

const breaksIn = (text: string): number => text.split('\n').length - 1;

const endsOf = (separator: string): RegExp => new RegExp(`[${separator}\\n]`, 'g');

function isEscaped(text: string, at: number): boolean {
  let behind = at;
  while (text[behind - 1] === '\\') behind--;
  return (at - behind) % 2 === 1;
}

/** @returns where the quote stands that closes; below 0 where none does */
function closing(text: string, from: number, { quote, escapes }: Dialect): number {
  let at = text.indexOf(quote, from);
  while (escapes && at >= 0 && isEscaped(text, at)) at = text.indexOf(quote, at + 1);
  return at;
}

const unescaped = (cell: string, { quote, escapes }: Dialect): string =>
  escapes ? cell.replace(quote === '"' ? /\\(["\\])/g : /\\(['\\])/g, '$1') : cell;

interface Cell {
  cell: string;
  /** at a separator, a line break or the end of the text */
  end: number;
  closed: boolean;
  odd: boolean;
}

/**
 * @param from where a cell begins
 * @param ends finds where one without quotes ends
 */
function readCell(text: string, from: number, ends: RegExp, dialect: Dialect): Cell {
  const { quote } = dialect;
  let at = from;
  let cell = '';
  while (text[at] === ' ') at++;
  const isQuoted = text[at] === quote;
  if (!isQuoted) at = from; // spaces before a quote are none of the cell's
  while (text[at] === quote) {
    const close = closing(text, at + 1, dialect);
    if (close < 0) return { cell: cell + text.slice(at + 1), end: text.length, closed: false, odd: true };
    cell += text.slice(at + 1, close);
    at = close + 1;
    if (text[at] === quote) cell += quote; // written twice: the cell goes on
  }
  ends.lastIndex = at;
  const end = ends.exec(text)?.index ?? text.length;
  const rest = text.slice(at, end);
  const odd = isQuoted ? rest.trim() !== '' : !dialect.escapes && rest.includes(`\\${quote}`);
  return { cell: unescaped(cell + rest, dialect), end, closed: true, odd };
}

/** @param text whose lines end with \n alone; @returns its lines with their cells, empty ones left out */
export function* linesOf(text: string, dialect: Dialect): Generator<Line> {
  const ends = endsOf(dialect.separator);
  let [at, line] = [0, 1];
  while (at < text.length) {
    const begun = { at: line, from: at };
    const cells: string[] = [];
    let [closed, odd] = [true, false];
    for (;;) {
      const found = readCell(text, at, ends, dialect);
      cells.push(found.cell);
      closed = found.closed;
      odd ||= found.odd;
      at = found.end + 1;
      if (found.end >= text.length || text[found.end] === '\n') break;
    }
    line += breaksIn(text.slice(begun.from, at));
    if (cells.length > 1 || cells[0]!.trim() !== '') yield { cells, at: begun.at, closed, odd };
  }
}

/** lines, and characters, by which a dialect is told */
const TRIED = 200;
const SAMPLE = 2 ** 18;

const isInSingleQuotes = (cells: readonly string[]): boolean =>
  cells.length > 1 && cells.every((cell) => /^\s*'.*'\s*$/s.test(cell));

/** @returns how many of the first lines do not read well */
function badLines(text: string, dialect: Dialect): number {
  const sample = text.slice(0, SAMPLE);
  let bad = 0;
  let tried = 0;
  let width = 0;
  for (const { cells, odd, closed } of linesOf(sample, dialect)) {
    if (!closed && sample.length < text.length) break; // the sample ends in it
    if (tried === 0) width = cells.length;
    const isLess = cells.length < width || cells.slice(width).some((cell) => cell.trim() !== '');
    if (odd || isLess || isInSingleQuotes(cells)) bad++;
    if (++tried === TRIED) break;
  }
  return bad;
}

/** @returns what stands most often between the cells of the first line; of equals those with which most lines read well */
function separatorsOf(text: string): string[] {
  const counts = SEPARATORS.map((separator) => {
    const [head] = linesOf(text, { separator, quote: '"', escapes: false });
    return head ? head.cells.length : 0;
  });
  const most = maxOf(counts);
  return SEPARATORS.filter((_, i) => counts[i] === most);
}

/** whether a cell of the first lines begins so */
const begins = (text: string, quote: string, { separator }: Dialect): boolean =>
  new RegExp(`(?:^|[${separator}])[ ]*${quote}`, 'm').test(text.slice(0, SAMPLE));

/** @param said what the file says that stands between its cells */
export function dialectOf(text: string, said?: string): Dialect {
  const usual = (said === undefined ? separatorsOf(text) : [said]).map((separator) => {
    const dialect: Dialect = { separator, quote: '"', escapes: false };
    return { dialect, bad: badLines(text, dialect) };
  });
  const least = minOf(usual.map(({ bad }) => bad));
  const { dialect, bad } = usual.find((one) => one.bad === least)!;
  if (bad === 0) return dialect;
  const isSingle = begins(text, "'", dialect) && !begins(text, '"', dialect);
  const others: Dialect[] = isSingle
    ? [false, true].map((escapes) => ({ ...dialect, quote: "'" as const, escapes }))
    : [{ ...dialect, escapes: true }];
  return others.find((other) => 2 * badLines(text, other) < bad) ?? dialect;
}

/** @returns what is told of one that is not the usual one */
export function dialectNotes({ quote, escapes }: Dialect): string[] {
  return [
    ...(quote === "'" ? ['Cells stand in single quotes.'] : []),
    ...(escapes ? ['A quote behind a backslash is read as a quote of the cell.'] : []),
  ];
}
