import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import { minOf } from '../../../contract/many';
import { type Arrangement, placedBeside, tiedWith, tierOf } from '../../../store/opinions/arrangement';

/** A pointer that moved less was pressed, not dragged. */
const SLACK_PX = 5;
/** Part of a row's height, above and below, in which what is dropped goes beside it; in the middle it ties. */
const EDGE = 0.3;

/** Where the dragged completion would go: into the place of another, or before or after that place. */
export interface DropTarget {
  other: number;
  where: 'before' | 'tie' | 'after';
}
export interface Drag {
  item: number;
  /** null where nothing would change */
  target: DropTarget | null;
}

export const dropped = (arrangement: Arrangement, { item, target }: Drag): Arrangement => {
  if (!target) return arrangement;
  return target.where === 'tie'
    ? tiedWith(arrangement, item, target.other)
    : placedBeside(arrangement, item, target.other, target.where);
};

const itemOf = (row: Element): number => Number((row as HTMLElement).dataset.item);

/** Edges count only at the ends of a place: between two that tie there is nowhere to go but into the tie. */
function targetAt(rows: readonly Element[], arrangement: Arrangement, item: number, y: number): DropTarget | null {
  const others = rows.filter((row) => itemOf(row) !== item);
  const middles = others
    .map((row) => row.getBoundingClientRect())
    .map(({ top, bottom }) => Math.abs((top + bottom) / 2 - y));
  const index = middles.indexOf(minOf(middles));
  const row = others[index];
  if (!row) return null;
  const other = itemOf(row);
  const { top, height } = row.getBoundingClientRect();
  const part = (y - top) / Math.max(1, height);
  const sharesPlace = (neighbour: Element | undefined) =>
    neighbour !== undefined && tierOf(arrangement, itemOf(neighbour)) === tierOf(arrangement, other);
  if (part < EDGE && !sharesPlace(others[index - 1])) return { other, where: 'before' };
  if (part > 1 - EDGE && !sharesPlace(others[index + 1])) return { other, where: 'after' };
  return tierOf(arrangement, other) === tierOf(arrangement, item) ? null : { other, where: 'tie' };
}

/**
 * A mouse takes a row anywhere, a finger by its handle: elsewhere it scrolls. Buttons and fields in a row are their
 * own.
 */
function mayDrag({ pointerType, button, target }: PointerEvent): boolean {
  if (!(target instanceof Element) || button !== 0) return false;
  if (target.closest('[data-handle]')) return true;
  return pointerType === 'mouse' && target.closest('button, select, label') === null;
}

/**
 * Ordering rows by pointer, mouse and finger alike.
 * @param list whose children are the rows, each with its completion in `data-item`
 * @returns what is being dragged, handlers for the list, and a way to give up
 */
export function useRankDrag(
  list: RefObject<HTMLElement | null>,
  arrangement: Arrangement,
  onDrop: (drag: Drag) => void,
) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const start = useRef<{ item: number; x: number; y: number } | null>(null);
  const cancel = () => {
    start.current = null;
    setDrag(null);
  };

  const down = (event: PointerEvent) => {
    const row = event.target instanceof Element ? event.target.closest('[data-item]') : null;
    if (row && mayDrag(event)) start.current = { item: itemOf(row), x: event.clientX, y: event.clientY };
  };
  const move = (event: PointerEvent) => {
    const begun = start.current;
    if (!begun || !list.current) return;
    if (!drag && Math.hypot(event.clientX - begun.x, event.clientY - begun.y) < SLACK_PX) return;
    if (!drag) list.current.setPointerCapture(event.pointerId);
    const rows = [...list.current.children];
    const target = targetAt(rows, arrangement, begun.item, event.clientY);
    rows.find((row) => itemOf(row) === target?.other)?.scrollIntoView({ block: 'nearest' });
    setDrag({ item: begun.item, target });
  };
  const up = () => {
    if (drag) onDrop(drag);
    cancel();
  };
  return {
    drag,
    cancel,
    handlers: { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: cancel },
  };
}
