/** Which part of a heatmap shows, and how large: moved by keys, buttons and the hand that drags it. */
import { type Cell, type HeatmapLayout, type HeatmapView, MAX_CELL_REM, WHOLE } from './heatmapLayout';

const STEP = 1.5;

/** so close to its limit a cell is as large, or the map as whole, as it gets */
const NEARLY = 1.001;

export const canEnlarge = ({ cell }: HeatmapLayout, rem: number): boolean => cell * NEARLY < MAX_CELL_REM * rem;

/** One step nearer or farther, `around` stays where it is on the screen. */
export function zoomed(
  view: HeatmapView,
  layout: HeatmapLayout,
  direction: 'in' | 'out',
  around: Cell,
  rem: number,
): HeatmapView {
  if (direction === 'in' && !canEnlarge(layout, rem)) return view;
  const most = (MAX_CELL_REM * rem * view.zoom) / layout.cell;
  const zoom = direction === 'in' ? Math.min(most, view.zoom * STEP) : view.zoom / STEP;
  if (zoom < NEARLY) return WHOLE;
  const share = view.zoom / zoom;
  const kept = (first: number, at: number) => at + 0.5 - (at + 0.5 - first) * share;
  return { zoom, row: kept(layout.row, around.row), column: kept(layout.column, around.column) };
}

/** @returns the view moved by so many pixels, as a hand moves paper */
export const dragged = (view: HeatmapView, layout: HeatmapLayout, right: number, down: number): HeatmapView => ({
  ...view,
  row: layout.row - down / layout.cell,
  column: layout.column - right / layout.cell,
});

/** @returns the view in which the cell is in sight, with as little movement as possible */
export function revealing(view: HeatmapView, layout: HeatmapLayout, { row, column }: Cell): HeatmapView {
  const inSight = (first: number, at: number, pixels: number) =>
    Math.max(Math.min(first, at), at + 1 - pixels / layout.cell);
  return {
    ...view,
    row: inSight(layout.row, row, layout.height),
    column: inSight(layout.column, column, layout.width),
  };
}
