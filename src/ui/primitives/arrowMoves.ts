/** A cell of a table that the arrow keys walk. */
export interface GridCell {
  row: number;
  column: number;
}

/** by how much */
export type ArrowMove = readonly [rows: number, columns: number];

/** Where the arrow keys lead; a widget gives it the type of its own group of keys. */
export const ARROW_MOVES: Readonly<Record<'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight', ArrowMove>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));

/** The same cell, or the nearest that a table of this size has. */
export const cellWithin = ({ row, column }: GridCell, rows: number, columns: number): GridCell => ({
  row: within(row, rows),
  column: within(column, columns),
});

/** The cell that a move leads to; at the edge it stays. */
export const movedCell = (
  { row, column }: GridCell,
  [down, right]: ArrowMove,
  rows: number,
  columns: number,
): GridCell => cellWithin({ row: row + down, column: column + right }, rows, columns);
