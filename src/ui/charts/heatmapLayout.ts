/** Where the cells of a heatmap stand, whole or enlarged. */

import type { CodeOf } from '../shell/keys';

type Code = CodeOf<'Charts and attention'>;

/** Which part shows, and how large. */
export interface HeatmapView {
  /** 1 shows the whole matrix */
  zoom: number;
  /** the first row and column that show, in cells; the layout keeps them inside the matrix */
  row: number;
  column: number;
}

export const WHOLE: HeatmapView = { zoom: 1, row: 0, column: 0 };

/** cells grow no larger than two lines of text */
export const MAX_CELL_REM = 2.3;

/** Where the cells of a heatmap are, in CSS pixels. */
export interface HeatmapLayout {
  /** the corner of what is shown: labels stand left of it and above */
  left: number;
  top: number;
  /** of what is shown */
  width: number;
  height: number;
  cell: number;
  count: number;
  /** the first row and column that show, in cells; 0 where the whole matrix does */
  row: number;
  column: number;
}

/**
 * The largest square cells that fit, with room for row labels on the left and slanted column labels above; `view`
 * enlarges them and chooses which part shows.
 * @param labelWidth of the longest token, px; 0 for no labels
 */
export function heatmapLayout(
  width: number,
  height: number,
  count: number,
  labelWidth: number,
  rem: number,
  view: HeatmapView = WHOLE,
): HeatmapLayout {
  const left = labelWidth === 0 ? 0 : labelWidth + 8;
  const top = labelWidth === 0 ? 0 : labelWidth * 0.82 + 10;
  // the last column's label leans over the right edge
  const room = { width: Math.max(1, width - left - labelWidth * 0.5), height: Math.max(1, height - top) };
  const most = Math.max(1, count);
  const largest = labelWidth === 0 ? Number.POSITIVE_INFINITY : MAX_CELL_REM * rem;
  const cell = Math.max(1, Math.min((view.zoom * Math.min(room.width, room.height)) / most, largest));
  const shown = (space: number) => Math.min(space, cell * most);
  const first = (wanted: number, space: number) => Math.max(0, Math.min(wanted, most - space / cell));
  return {
    left,
    top,
    width: shown(room.width),
    height: shown(room.height),
    cell,
    count,
    row: first(view.row, room.height),
    column: first(view.column, room.width),
  };
}

/** @returns the cell under a point, or null beside the matrix or right of the diagonal */
export function cellAt(layout: HeatmapLayout, x: number, y: number, causal: boolean): Cell | null {
  const [right, down] = [x - layout.left, y - layout.top];
  if (right < 0 || down < 0 || right >= layout.width || down >= layout.height) return null;
  const column = Math.floor(layout.column + right / layout.cell);
  const row = Math.floor(layout.row + down / layout.cell);
  const inside = row < layout.count && column < layout.count;
  return inside && (!causal || column <= row) ? { row, column } : null;
}

export interface Cell {
  row: number;
  column: number;
}

/**
 * @returns the neighbour in the direction of an arrow key, kept inside the matrix and below the diagonal; null for
 * other keys
 */
export function moveCell({ row, column }: Cell, key: string, count: number, causal: boolean): Cell | null {
  const steps: Partial<Record<Code, Cell>> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    Home: { row, column: 0 },
    End: { row, column: causal ? row : count - 1 },
  };
  const next = steps[key as Code];
  if (!next || count <= 0) return null;
  const inside = Math.min(count - 1, Math.max(0, next.row));
  return { row: inside, column: Math.min(causal ? inside : count - 1, Math.max(0, next.column)) };
}

/**
 * Which of an axis's tokens get a label when not all of them have room: evenly spaced ones, and always the one in
 * focus, which its neighbours make room for.
 * @param space px that one label needs along the axis
 */
export function labelled(
  first: number,
  shown: number,
  cell: number,
  count: number,
  space: number,
  focus: number | null,
): number[] {
  const [from, to] = [Math.max(0, Math.ceil(first - 0.5)), Math.min(count - 1, Math.floor(first + shown - 0.5))];
  const every = Math.max(1, Math.ceil(space / cell));
  const all = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  const even = all.filter((index) => index % every === 0);
  if (focus === null || !all.includes(focus)) return even;
  return [...even.filter((index) => Math.abs(index - focus) >= every), focus].sort((a, b) => a - b);
}
