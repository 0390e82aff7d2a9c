/** Rows as JSON Lines that Arrow's reader takes: it refuses half of a surrogate pair, and a file in which `1` comes before `0.5`. */
import type { OutCell, OutRow } from './rows';

const isNumbers = (cell: OutCell): boolean => Array.isArray(cell) && typeof cell[0] === 'number';

/** whole numbers outside of lists are written with their point, so that a column is of one type */
const cellText = (cell: OutCell): string =>
  typeof cell === 'number' && Number.isInteger(cell) ? cell.toFixed(1) : JSON.stringify(cell);

const rowText = (row: OutRow): string =>
  Object.entries(row)
    .map(([name, cell]) => `${JSON.stringify(name)}:${cellText(isNumbers(cell) ? cell : wellFormed(cell))}`)
    .join(',');

const whole = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

/** @returns the same with half pairs replaced, which are no Unicode text */
export function wellFormed<T extends OutCell>(cell: T): T {
  if (typeof cell === 'string') return whole(cell) as T;
  if (!Array.isArray(cell)) return cell;
  return cell.map((one) => {
    if (typeof one === 'string') return whole(one);
    return typeof one === 'number' ? one : { role: one.role, content: whole(one.content) };
  }) as unknown as T;
}

export const rowLines = (rows: readonly OutRow[]): string => rows.map((row) => `{${rowText(row)}}\n`).join('');
