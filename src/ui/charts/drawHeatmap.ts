import type { Tone } from '../theme/tone';
import type { Cell, HeatmapLayout } from './heatmapLayout';
import { remPixels, tokenColor } from './useCanvas';

export interface HeatmapPicture {
  tokens: readonly string[];
  weights: ArrayLike<number>;
  causal: boolean;
  tone: Tone;
  cell: Cell | null;
}

/** The cells alone: weight is opacity over the surface, the masked future is sunk. */
export function drawCells(
  context: CanvasRenderingContext2D,
  layout: HeatmapLayout,
  picture: Omit<HeatmapPicture, 'tokens' | 'cell'>,
): void {
  const { left, top, cell, count } = layout;
  const gap = cell > 8 ? 1 : cell > 4 ? 0.5 : 0;
  const [color, sunk] = [tokenColor(picture.tone), tokenColor('sunk')];
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const masked = picture.causal && column > row;
      context.globalAlpha = masked ? 1 : Math.min(1, Math.max(0, picture.weights[row * count + column] || 0));
      context.fillStyle = masked ? sunk : color;
      context.fillRect(left + column * cell, top + row * cell, cell - gap, cell - gap);
    }
  }
  context.globalAlpha = 1;
}

function drawLabels(context: CanvasRenderingContext2D, { left, top, cell }: HeatmapLayout, picture: HeatmapPicture): void {
  const size = Math.min(0.9 * remPixels(), cell * 0.9);
  if (size < 6) return;
  context.font = `${size}px ${getComputedStyle(document.documentElement).getPropertyValue('--serif')}`;
  context.textBaseline = 'middle';
  picture.tokens.forEach((token, index) => {
    const shown = token.length > 12 ? `${token.slice(0, 11)}…` : token;
    const middle = index * cell + cell / 2;
    context.fillStyle = tokenColor(picture.cell?.row === index ? 'ink' : 'ink-2');
    context.textAlign = 'right';
    context.fillText(shown, left - 7, top + middle);
    context.fillStyle = tokenColor(picture.cell?.column === index ? 'ink' : 'ink-2');
    context.save();
    context.translate(left + middle, top - 6);
    context.rotate(-0.96);
    context.textAlign = 'left';
    context.fillText(shown, 0, 0);
    context.restore();
  });
}

function drawCursor(context: CanvasRenderingContext2D, { left, top, cell }: HeatmapLayout, at: Cell): void {
  context.strokeStyle = tokenColor('line');
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + at.row * cell + 0.5, (at.column + 1) * cell - 1, cell - 2);
  context.strokeStyle = tokenColor('accent');
  context.lineWidth = 2;
  context.strokeRect(left + at.column * cell, top + at.row * cell, cell - 1, cell - 1);
}

/** Cells, words on two sides, and the cursor. */
export function drawHeatmap(context: CanvasRenderingContext2D, layout: HeatmapLayout, picture: HeatmapPicture): void {
  if (layout.count === 0) return;
  drawCells(context, layout, picture);
  if (layout.left > 0) drawLabels(context, layout, picture);
  if (picture.cell) drawCursor(context, layout, picture.cell);
}
