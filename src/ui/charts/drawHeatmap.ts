import type { Tone } from '../theme/tone';
import { type Cell, type HeatmapLayout, labelled } from './heatmapLayout';
import { remPixels, tokenColor } from './useCanvas';

export interface HeatmapPicture {
  tokens: readonly string[];
  weights: ArrayLike<number>;
  causal: boolean;
  tone: Tone;
  cell: Cell | null;
}

/** the slant of the column labels, radians */
const SLANT = 0.96;

/** lines of slanted labels, measured along the axis, lie farther apart than upright ones */
const LINE = 1.25;

const MOST_LETTERS = 12;

/** no label is smaller, rem: what has no room for it goes without */
const LABEL_REM = 0.73;

/** "extraordin…·12": the position that tells two equal tokens apart is kept */
export function shortLabel(token: string): string {
  const letters = [...token];
  if (letters.length <= MOST_LETTERS) return token;
  const position = /·\d+$/.exec(token)?.[0] ?? '';
  return `${letters.slice(0, MOST_LETTERS - 1 - position.length).join('')}…${position}`;
}

/** px that the longest label is wide, about */
export const labelWidth = (tokens: readonly string[], rem: number): number =>
  0.62 * rem * 0.9 * tokens.reduce((most, token) => Math.max(most, [...shortLabel(token)].length), 0);

/**
 * The cells alone: weight is opacity over the surface, the masked future is sunk. Edges lie on pixels of the screen.
 */
export function drawCells(
  context: CanvasRenderingContext2D,
  layout: HeatmapLayout,
  picture: Omit<HeatmapPicture, 'tokens' | 'cell'>,
): void {
  const { left, top, cell, count } = layout;
  const gap = cell > 8 ? 1 : cell > 4 ? 0.5 : 0;
  const ratio = globalThis.devicePixelRatio || 1;
  const edge = (pixels: number) => Math.round(pixels * ratio) / ratio;
  const [color, sunk] = [tokenColor(picture.tone), tokenColor('sunk')];
  const [firstRow, firstColumn] = [Math.floor(layout.row), Math.floor(layout.column)];
  const lastRow = Math.min(count, Math.ceil(layout.row + layout.height / cell));
  const lastColumn = Math.min(count, Math.ceil(layout.column + layout.width / cell));
  for (let row = firstRow; row < lastRow; row++) {
    const [y, below] = [edge(top + (row - layout.row) * cell), edge(top + (row + 1 - layout.row) * cell)];
    for (let column = firstColumn; column < lastColumn; column++) {
      const [x, beside] = [
        edge(left + (column - layout.column) * cell),
        edge(left + (column + 1 - layout.column) * cell),
      ];
      const masked = picture.causal && column > row;
      context.globalAlpha = masked ? 1 : Math.min(1, Math.max(0, picture.weights[row * count + column] || 0));
      context.fillStyle = masked ? sunk : color;
      context.fillRect(x, y, beside - x - gap, below - y - gap);
    }
  }
  context.globalAlpha = 1;
}

function drawRowLabels(
  context: CanvasRenderingContext2D,
  layout: HeatmapLayout,
  size: number,
  { tokens, cell: at }: HeatmapPicture,
): void {
  const { left, top, cell, count, row, height } = layout;
  context.textAlign = 'right';
  for (const index of labelled(row, height / cell, cell, count, size * LINE, at?.row ?? null)) {
    context.fillStyle = tokenColor(at?.row === index ? 'ink' : 'ink-2');
    context.fillText(shortLabel(tokens[index]!), left - 7, top + (index + 0.5 - row) * cell);
  }
}

function drawColumnLabels(
  context: CanvasRenderingContext2D,
  layout: HeatmapLayout,
  size: number,
  { tokens, cell: at }: HeatmapPicture,
): void {
  const { left, top, cell, count, column, width } = layout;
  context.textAlign = 'left';
  for (const index of labelled(
    column,
    width / cell,
    cell,
    count,
    (size * LINE) / Math.sin(SLANT),
    at?.column ?? null,
  )) {
    context.fillStyle = tokenColor(at?.column === index ? 'ink' : 'ink-2');
    context.save();
    context.translate(left + (index + 0.5 - column) * cell, top - 6);
    context.rotate(-SLANT);
    context.fillText(shortLabel(tokens[index]!), 0, 0);
    context.restore();
  }
}

function drawLabels(context: CanvasRenderingContext2D, layout: HeatmapLayout, picture: HeatmapPicture): void {
  const rem = remPixels();
  const size = Math.max(LABEL_REM * rem, Math.min(0.9 * rem, layout.cell * 0.9));
  context.font = `${size}px ${getComputedStyle(document.documentElement).getPropertyValue('--serif')}`;
  context.textBaseline = 'middle';
  drawRowLabels(context, layout, size, picture);
  drawColumnLabels(context, layout, size, picture);
}

function drawCursor(context: CanvasRenderingContext2D, layout: HeatmapLayout, at: Cell): void {
  const { left, top, cell } = layout;
  const x = left + (at.column - layout.column) * cell;
  const y = top + (at.row - layout.row) * cell;
  const start = left - layout.column * cell;
  context.strokeStyle = tokenColor('line');
  context.lineWidth = 1;
  context.strokeRect(start + 0.5, y + 0.5, x + cell - start - 1, cell - 2);
  context.strokeStyle = tokenColor('accent');
  context.lineWidth = 2;
  context.strokeRect(x, y, cell - 1, cell - 1);
}

/** Cells, words on two sides, and the cursor; what is scrolled out is cut at the labels. */
export function drawHeatmap(context: CanvasRenderingContext2D, layout: HeatmapLayout, picture: HeatmapPicture): void {
  if (layout.count === 0) return;
  if (layout.left > 0) drawLabels(context, layout, picture);
  context.save();
  context.beginPath();
  context.rect(layout.left - 1, layout.top - 1, layout.width + 2, layout.height + 2);
  context.clip();
  drawCells(context, layout, picture);
  if (picture.cell) drawCursor(context, layout, picture.cell);
  context.restore();
}
