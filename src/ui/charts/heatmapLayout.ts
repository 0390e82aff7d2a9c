/** Where the cells of a heatmap are, in CSS pixels. */
export interface HeatmapLayout {
  left: number;
  top: number;
  cell: number;
  count: number;
}

const MAX_CELL_REM = 2.3;

/**
 * The largest square cells that fit, with room for row labels on the left and slanted column labels above.
 * @param labelWidth of the longest token, px; 0 for no labels
 */
export function heatmapLayout(width: number, height: number, count: number, labelWidth: number, rem: number): HeatmapLayout {
  const left = labelWidth === 0 ? 0 : labelWidth + 8;
  const top = labelWidth === 0 ? 0 : labelWidth * 0.82 + 10;
  // the last column's label leans over the right edge
  const overhang = labelWidth * 0.5;
  const most = Math.max(1, count);
  const cell = Math.min(
    (width - left - overhang) / most,
    (height - top) / most,
    labelWidth === 0 ? Number.POSITIVE_INFINITY : MAX_CELL_REM * rem,
  );
  return { left, top, cell: Math.max(1, cell), count };
}

/** @returns the cell under a point, or null beside the matrix or right of the diagonal */
export function cellAt(layout: HeatmapLayout, x: number, y: number, causal: boolean): { row: number; column: number } | null {
  const column = Math.floor((x - layout.left) / layout.cell);
  const row = Math.floor((y - layout.top) / layout.cell);
  const inside = row >= 0 && column >= 0 && row < layout.count && column < layout.count;
  return inside && (!causal || column <= row) ? { row, column } : null;
}

export interface Cell {
  row: number;
  column: number;
}

/** @returns the neighbour in the direction of an arrow key, kept inside the matrix and below the diagonal; null for other keys */
export function moveCell({ row, column }: Cell, key: string, count: number, causal: boolean): Cell | null {
  const steps: Record<string, Cell> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    Home: { row, column: 0 },
    End: { row, column: causal ? row : count - 1 },
  };
  const next = steps[key];
  if (!next || count <= 0) return null;
  const inside = Math.min(count - 1, Math.max(0, next.row));
  return { row: inside, column: Math.min(causal ? inside : count - 1, Math.max(0, next.column)) };
}
