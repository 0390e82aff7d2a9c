/**
 * Cells of a table of text that hold more than text: messages and lists, as JSON or as Python prints them, in a table
 * that has no other way.
 */
import { excessIn } from '../json';
import { isChat } from './chat';
import { pythonValue } from './python';
import { isObject, type TableRow } from './table';

/** columns of which the lab wants lists */
const isList = (name: string): boolean =>
  /^(?:completions|responses|answers|generations|outputs|candidates|samples|conversations?|ranks|scores|ratings|rewards|summaries)$/.test(
    name,
  );
/** columns of which the lab wants parts by name */
const isParts = (name: string): boolean => /^(?:info|question|fields|responses|data|input)$/.test(name);

const PYTHON = /^\s*\[?\s*\{\s*'(?:role|content|from|value)'\s*:/;
const MAY_BE_JSON = /^\s*(?:\[|\{\s*["'])/;

function json(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}
const parsed = (cell: string): unknown => (excessIn(cell) === null ? (json(cell) ?? pythonValue(cell)) : undefined);

/** @returns what a cell holds: the text, unless the lab would read messages or a list in its place */
export function meantBy(name: string, cell: string): unknown {
  if (!MAY_BE_JSON.test(cell)) return cell;
  const value = parsed(cell);
  const isMeant =
    (isList(name) && Array.isArray(value)) ||
    (isParts(name) && isObject(value)) ||
    (isChat(value) && (value as unknown[]).length !== 0);
  return isMeant ? value : cell;
}

const SIDES = ['chosen', 'rejected'];

function textsIn(cell: unknown): string[] | null {
  const value = typeof cell === 'string' && MAY_BE_JSON.test(cell) ? parsed(cell) : null;
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string') ? value : null;
}

/** rows between two chances to do something else */
const STEP = 1000;

/**
 * Several answers on a side, where that is what both columns hold in every row: a single answer may be a list of texts
 * in a table of code. In steps.
 */
export function* withSeveralAnswers(rows: readonly TableRow[]): Generator<undefined, readonly TableRow[]> {
  const parts: TableRow[] = [];
  for (const row of rows) {
    if (parts.length % STEP === STEP - 1) yield;
    if ('why' in row) {
      parts.push(row);
      continue;
    }
    const [chosen, rejected] = SIDES.map((name) => textsIn(row.cells[name]));
    if (!chosen || !rejected) return rows;
    parts.push({ cells: { ...row.cells, chosen, rejected } });
  }
  return parts;
}

/** @param cells as they are meant; @returns why a row cannot be read; null where it can */
export const pythonIn = (names: readonly string[], cells: readonly unknown[]): string | null => {
  const at = cells.findIndex((cell) => typeof cell === 'string' && PYTHON.test(cell));
  if (at < 0) return null;
  return `${names[at]} has messages as Python prints them, and not whole: save the rows as JSON Lines or Parquet`;
};
