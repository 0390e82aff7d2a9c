import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { codeOf, type KeyMap } from '../primitives/useKeys';
import { type Cell, cellAt, moveCell } from './heatmapLayout';
import { useHeatmapView } from './useHeatmapView';
import type { Size } from './useSize';

interface CellOptions {
  tokens: readonly string[];
  size: Size;
  causal: boolean;
  /** absent where nobody else says which cell it is */
  cell: Cell | null | undefined;
  onCell: ((cell: Cell | null) => void) | undefined;
}

/** What a key does to the part that shows. */
type Group = 'Charts and attention';
const VIEW_KEYS: KeyMap<Group, 'enlarge' | 'reduce' | 'showAll'> = {
  '+': 'enlarge',
  '=': 'enlarge',
  '-': 'reduce',
  '0': 'showAll',
};

/** The cell that is pointed at, by hand or by keys, and held until it is let go, in the part that shows. */
export function useHeatmapCell({ tokens, size, causal, cell, onCell }: CellOptions) {
  const [own, setOwn] = useState<Cell | null>(null);
  const [held, setHeld] = useState(false);
  const raw = cell === undefined ? own : cell;
  const current = raw && raw.row < tokens.length ? raw : null;
  const { layout, layoutOf, moves, onPointerDown, drag, hasDragged } = useHeatmapView(tokens, size, current);
  const point = (next: Cell | null) => {
    setOwn(next);
    onCell?.(next);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (drag(event) || held) return;
    const box = event.currentTarget.getBoundingClientRect();
    const next = cellAt(layout, event.clientX - box.left, event.clientY - box.top, causal);
    if (next?.row !== current?.row || next?.column !== current?.column) point(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const code = codeOf<Group>(event);
    if (code === 'Escape' && held) {
      event.stopPropagation();
      setHeld(false);
      return;
    }
    const last = tokens.length - 1;
    const next = moveCell(current ?? { row: last, column: last }, code, tokens.length, causal);
    const act = event.ctrlKey || event.metaKey ? undefined : VIEW_KEYS[code]; // the browser's own zoom stays
    if (!next && !act) return;
    event.preventDefault();
    if (act) moves[act]();
    if (!next) return;
    point(next);
    moves.reveal(next);
  };
  const onClick = () => !hasDragged.current && setHeld((was) => !was && current !== null);
  const onPointerLeave = () => !held && point(null);
  return { current, held, layoutOf, moves, hand: { onKeyDown, onClick, onPointerDown, onPointerMove, onPointerLeave } };
}
