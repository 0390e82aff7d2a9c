/** Cells of a table of text that hold more than text: messages and lists, as JSON, in a table that has no other way. */
import { excessIn } from '../json';
import { isChat } from './chat';

/** columns of which the lab wants lists */
const isList = (name: string): boolean => /^(?:completions|responses|ranks|scores)$/.test(name);

const PYTHON = /^\s*\[?\s*\{\s*'(?:role|content|from|value)'\s*:/;
const MAY_BE_JSON = /^\s*(?:\[|\{\s*")/;

function parsed(cell: string): unknown {
  try {
    return excessIn(cell) === null ? JSON.parse(cell) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns what a cell holds: the text, unless the lab would read messages or a list in its place */
export function meantBy(name: string, cell: string): unknown {
  if (!MAY_BE_JSON.test(cell)) return cell;
  const value = parsed(cell);
  const isMeant = (isList(name) && Array.isArray(value)) || (isChat(value) && (value as unknown[]).length !== 0);
  return isMeant ? value : cell;
}

/** @returns why a row cannot be read; null where it can */
export const pythonIn = (names: readonly string[], cells: readonly string[]): string | null => {
  const at = cells.findIndex((cell) => PYTHON.test(cell));
  if (at < 0) return null;
  return `${names[at]} has messages as Python prints them: save the rows as JSON Lines or Parquet, not as CSV`;
};
