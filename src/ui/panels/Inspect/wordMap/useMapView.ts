import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Pixel } from '../../../charts/plotLabels';
import type { Size } from '../../../charts/useSize';
import { codeOf, type KeyMap } from '../../../primitives/useKeys';
import { canZoomIn, draggedMap, type MapFrame, pinchedMap, revealedMap, WHOLE_MAP, zoomedMap } from './mapView';

const STEP = 1.5;
/** an arrow key moves by this share of what shows */
const PAN = 0.2;
/** so far a hand may tremble before it drags, px */
const TREMOR_PX = 4;

type Group = 'Inspect, map of the words';

const ARROWS: KeyMap<Group, Pixel> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * The wheel enlarges what is under the pointer; with all in sight the page scrolls on. React's own listener may not
 * stop it.
 */
function useWheel(ref: RefObject<HTMLElement | null>, turn: (factor: number, around: Pixel) => boolean): void {
  const latest = useRef(turn);
  latest.current = turn;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      if (event.deltaY === 0) return;
      const box = element.getBoundingClientRect();
      const around: Pixel = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
      if (latest.current(event.deltaY < 0 ? STEP : 1 / STEP, around)) event.preventDefault();
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [ref]);
}

/** Two fingers on the map, each followed from where it was. */
function useFingers(pinch: (from: [Pixel, Pixel], to: [Pixel, Pixel]) => void) {
  const at = useRef(new Map<number, Pixel>());
  const pointOf = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): Pixel => {
    const box = currentTarget.getBoundingClientRect();
    return [clientX - box.left, clientY - box.top];
  };
  const pair = () => (at.current.size === 2 ? ([...at.current.values()] as [Pixel, Pixel]) : null);
  return {
    down(event: PointerEvent<HTMLElement>) {
      if (event.pointerType === 'touch') at.current.set(event.pointerId, pointOf(event));
    },
    /** @returns whether two fingers hold the map */
    move(event: PointerEvent<HTMLElement>): boolean {
      const from = pair();
      if (!at.current.has(event.pointerId)) return false;
      at.current.set(event.pointerId, pointOf(event));
      const to = pair();
      if (from && to) pinch(from, to);
      return to !== null;
    },
    up(event: PointerEvent<HTMLElement>) {
      at.current.delete(event.pointerId);
    },
  };
}

/** @returns what hears the map's keys; the browser's own zoom stays */
const keysOnMap = (acts: KeyMap<Group, () => void>, move: (arrow: Pixel) => void) => (event: KeyboardEvent) => {
  if (event.ctrlKey || event.metaKey) return;
  const code = codeOf<Group>(event);
  const arrow = ARROWS[code];
  const act = acts[code];
  if (!arrow && !act) return;
  event.preventDefault();
  act?.();
  if (arrow) move(arrow);
};

interface MapViewOptions {
  ref: RefObject<HTMLElement | null>;
  frame: MapFrame;
  size: Size;
  /** what should be in sight, on the map */
  target: Pixel | null;
}

/** The part of the map that shows, moved by wheel, hand, keys and buttons. */
export function useMapView({ ref, frame, size, target }: MapViewOptions) {
  const [view, setView] = useState(WHOLE_MAP);
  const start = useRef<{ x: number; y: number; view: typeof view } | null>(null);
  const hasDragged = useRef(false);
  const isWhole = view.zoom === 1;
  const zoom = (factor: number, around?: Pixel) => setView(zoomedMap(view, frame, factor, around));
  const moves = {
    isWhole,
    canZoomIn: canZoomIn(view),
    zoomIn: () => zoom(STEP),
    zoomOut: () => zoom(1 / STEP),
    fit: () => setView(WHOLE_MAP),
  };
  useWheel(ref, (factor, around) => {
    if (factor < 1 && isWhole) return false;
    zoom(factor, around);
    return true;
  });
  const acts: KeyMap<Group, () => void> = {
    '+': moves.zoomIn,
    '=': moves.zoomIn,
    '-': moves.zoomOut,
    '0': moves.fit,
  };
  const drag = ([right, down]: Pixel, from = view) => setView(draggedMap(from, frame, right, down));
  const onKeyDown = keysOnMap(acts, (arrow) => drag([arrow[0] * PAN * size.width, arrow[1] * PAN * size.height]));
  const fingers = useFingers((from, to) => {
    hasDragged.current = true;
    setView((old) => pinchedMap(old, frame, size, from, to));
  });
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    hasDragged.current = false;
    fingers.down(event);
    start.current = isWhole ? null : { x: event.clientX, y: event.clientY, view };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (fingers.move(event)) {
      start.current = null; // the finger that stays last drags nothing
      return;
    }
    const from = event.buttons > 0 ? start.current : null;
    if (!from) return;
    const [right, down] = [event.clientX - from.x, event.clientY - from.y];
    hasDragged.current ||= Math.hypot(right, down) > TREMOR_PX;
    if (hasDragged.current) drag([right, down], from.view);
  };
  useEffect(() => {
    if (target) setView((old) => revealedMap(old, frame, size, target));
  }, [target, frame, size]);
  return {
    view,
    moves,
    hasDragged,
    hand: { onKeyDown, onPointerDown, onPointerMove, onPointerUp: fingers.up, onPointerCancel: fingers.up },
  };
}
