import { type PointerEvent, useCallback, useRef, useState } from 'react';
import { labelWidth } from './drawHeatmap';
import { type Cell, type HeatmapLayout, type HeatmapView, heatmapLayout, WHOLE } from './heatmapLayout';
import { canEnlarge, dragged, revealing, zoomed } from './heatmapView';
import { remPixels } from './useCanvas';
import type { Size } from './useSize';

/** What a visitor can do to the part that shows. */
export interface HeatmapMoves {
  canEnlarge: boolean;
  isWhole: boolean;
  enlarge(): void;
  reduce(): void;
  showAll(): void;
  reveal(cell: Cell): void;
}

/** So far a hand may tremble before it drags, px. */
const TREMOR_PX = 4;

/** The hand that drags the map; a press that dragged is no click. */
function useDrag(view: HeatmapView, layout: HeatmapLayout, setView: (view: HeatmapView) => void) {
  const from = useRef<{ x: number; y: number; view: HeatmapView; layout: HeatmapLayout } | null>(null);
  const hasDragged = useRef(false);
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    hasDragged.current = false;
    from.current = view.zoom > 1 ? { x: event.clientX, y: event.clientY, view, layout } : null;
  };
  /** @returns whether the pointer drags */
  const drag = (event: PointerEvent<HTMLElement>): boolean => {
    const start = event.buttons > 0 ? from.current : null;
    if (!start) return false;
    const [right, down] = [event.clientX - start.x, event.clientY - start.y];
    hasDragged.current ||= Math.hypot(right, down) > TREMOR_PX;
    if (hasDragged.current) setView(dragged(start.view, start.layout, right, down));
    return hasDragged.current;
  };
  return { onPointerDown, drag, hasDragged };
}

/** The part of a heatmap that shows: whole at first and for every new text. */
export function useHeatmapView(tokens: readonly string[], size: Size, current: Cell | null) {
  const [kept, setKept] = useState({ count: tokens.length, view: WHOLE });
  const view = kept.count === tokens.length ? kept.view : WHOLE;
  const setView = (next: HeatmapView) => setKept({ count: tokens.length, view: next });
  const layoutOf = useCallback(
    ({ width, height }: Size): HeatmapLayout => {
      const rem = remPixels();
      return heatmapLayout(width, height, tokens.length, labelWidth(tokens, rem), rem, view);
    },
    [tokens, view],
  );
  const layout = layoutOf(size);
  const middle = {
    row: layout.row + layout.height / layout.cell / 2 - 0.5,
    column: layout.column + layout.width / layout.cell / 2 - 0.5,
  };
  const zoom = (direction: 'in' | 'out') => setView(zoomed(view, layout, direction, current ?? middle, remPixels()));
  const moves: HeatmapMoves = {
    canEnlarge: canEnlarge(layout, remPixels()),
    isWhole: view.zoom === 1,
    enlarge: () => zoom('in'),
    reduce: () => zoom('out'),
    showAll: () => setView(WHOLE),
    reveal: (cell) => view.zoom > 1 && setView(revealing(view, layout, cell)),
  };
  return { layout, layoutOf, moves, ...useDrag(view, layout, setView) };
}
