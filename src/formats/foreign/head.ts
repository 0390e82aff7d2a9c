/**
 * The first line of a table of text: names of its columns, or the first row of a table that has none. What it is, the
 * visitor may say otherwise.
 */
import { shortened } from '../../contract/limits';
import { countOf } from '../../contract/numbers';
import { isKnownName } from './columns';
import type { Cells, Table, TableRow } from './table';

/** @returns names that can be told apart: those that stand more than once are numbered */
export function namedBy(head: readonly string[]): string[] {
  const names = head.map((name) => name.trim());
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const taken = new Set(names);
  const next = new Map<string, number>();
  return names.map((name) => {
    if (name === '' || counts.get(name) === 1) return name;
    for (;;) {
      const at = (next.get(name) ?? 0) + 1;
      next.set(name, at);
      const numbered = `${name} (${at})`;
      if (taken.has(numbered)) continue;
      taken.add(numbered);
      return numbered;
    }
  });
}

/** a row has no names of columns: they are counted */
const countedNames = (head: readonly string[]): string[] => head.map((_, i) => `column ${i + 1}`);

const namesOf = (head: readonly string[], isRow: boolean): string[] => (isRow ? countedNames(head) : namedBy(head));

/** longer than a name, of several lines, a sentence, or a number with decimals */
const isNoName = (cell: string): boolean =>
  cell.length > 60 || /\S\n\S|\S\s.*[.?!…。]\s*$|^\s*-?\d+[.,]\d+\s*$/.test(cell);

/** whether a first line can hardly be names, and the rows below it have as many cells */
export function isRowItself({ rows, head }: Table): boolean {
  if (!head || head.cells.length < 2 || head.cells.some((cell) => cell.trim() === '' || isKnownName(cell)))
    return false;
  const whole = rows.filter((row) => 'cells' in row).length;
  return head.cells.some(isNoName) && 2 * whole > rows.length;
}

/** @returns the table with its first line taken for a row, or for names */
export function headAs(table: Table, isRow: boolean): Table {
  const { head, rows } = table;
  if (!head || head.isRow === isRow) return table;
  const [before, after] = [namesOf(head.cells, head.isRow), namesOf(head.cells, isRow)];
  const renamed = (cells: Cells): Cells =>
    Object.fromEntries(
      before.flatMap((name, i) => (after[i] === '' || !Object.hasOwn(cells, name) ? [] : [[after[i]!, cells[name]]])),
    );
  const others = (isRow ? rows : rows.slice(1)).map(
    (row): TableRow => ('cells' in row ? { cells: renamed(row.cells) } : row),
  );
  const first: TableRow[] = isRow ? [{ cells: Object.fromEntries(after.map((name, i) => [name, head.cells[i]])) }] : [];
  return {
    ...table,
    columns: after.filter((name) => name !== ''),
    rows: [...first, ...others],
    head: { ...head, isRow },
  };
}

const quoted = (cells: readonly string[]): string => {
  const named = cells.slice(0, 4).map((cell) => `“${shortened(cell.trim(), 40)}”`);
  return `${named.join(', ')}${cells.length > 4 ? ' and more' : ''}`;
};

/** @returns what is told of names that stand more than once */
function twiceNotes(head: readonly string[]): string[] {
  const names = head.map((name) => name.trim()).filter((name) => name !== '');
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  return twice.map((name) => {
    const count = names.filter((one) => one === name).length;
    return `${countOf(count, 'column')} are called “${shortened(name, 40)}”, and are told apart by a number.`;
  });
}

/** @param hasForm whether most rows say what they are; @returns what should be known of a first line */
export function headNotes({ head, columns }: Table, hasForm: boolean): string[] {
  if (!head) return [];
  if (head.isRow) return ['The first line is taken for a row, since it names no columns.'];
  const notes = twiceNotes(head.cells);
  if (hasForm || columns.some((name) => isKnownName(name) || isListName(name))) return notes;
  return [
    ...notes,
    `The first line, ${quoted(head.cells)}, is taken for names of columns; if it is a row, it wants names above it.`,
  ];
}
const isListName = (name: string): boolean => /^(?:messages|conversations?|completions|ranks|label|text)$/i.test(name);
