/** Which part of the map shows: scaled alike in both directions, so that no direction looks wider than it is. */
import type { Pixel } from '../../../charts/plotLabels';
import type { Size } from '../../../charts/useSize';

/** How large, and how far the middle of what shows is from the middle of the map, in the map's own units. */
export interface MapView {
  zoom: number;
  x: number;
  y: number;
}
export const WHOLE_MAP: MapView = { zoom: 1, x: 0, y: 0 };

/** The whole map in the room that there is. */
export interface MapFrame {
  middle: Pixel;
  /** half of its width and height, in its own units */
  half: Pixel;
  /** pixels a unit while all of it shows */
  scale: number;
}

/** room for a name at the edge, px */
const MARGIN = 36;
const MOST_ZOOM = 32;
/** so close to the whole it is the whole */
const NEARLY = 1.001;

const range = (values: ArrayLike<number>, from: 0 | 1): Pixel => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = from; i < values.length; i += 2) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue; // a model that is broken has words without a place
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 0];
};

/** @param at [N,2] */
export function frameOf(at: ArrayLike<number>, { width, height }: Size): MapFrame {
  const [[left, right], [low, high]] = [range(at, 0), range(at, 1)];
  const half: Pixel = [(right - left) / 2, (high - low) / 2];
  const room = (pixels: number, wide: number) => (wide > 0 ? Math.max(1, pixels - 2 * MARGIN) / (2 * wide) : Infinity);
  const scale = Math.min(room(width, half[0]), room(height, half[1]));
  return { middle: [(left + right) / 2, (low + high) / 2], half, scale: Number.isFinite(scale) ? scale : 1 };
}

/** the middle stays so near that no side of the map is left behind */
function kept({ zoom, x, y }: MapView, { half }: MapFrame): MapView {
  if (zoom === 1) return WHOLE_MAP;
  const within = (value: number, most: number) => Math.max(-most, Math.min(most, value));
  return { zoom, x: within(x, half[0] * (1 - 1 / zoom)), y: within(y, half[1] * (1 - 1 / zoom)) };
}

/** @returns where a word is drawn, px from the upper left corner */
export function pixelOf({ middle, scale }: MapFrame, { zoom, x, y }: MapView, size: Size, [u, v]: Pixel): Pixel {
  return [size.width / 2 + (u - middle[0] - x) * scale * zoom, size.height / 2 - (v - middle[1] - y) * scale * zoom];
}

/** @param around px from the middle, to the right and down: what is there stays there */
export function zoomedMap(view: MapView, frame: MapFrame, factor: number, around: Pixel = [0, 0]): MapView {
  const zoom = Math.min(MOST_ZOOM, view.zoom * factor);
  if (zoom < NEARLY) return WHOLE_MAP;
  const shift = 1 / (frame.scale * view.zoom) - 1 / (frame.scale * zoom);
  return kept({ zoom, x: view.x + around[0] * shift, y: view.y - around[1] * shift }, frame);
}

/** moved as a hand moves paper */
export function draggedMap(view: MapView, frame: MapFrame, right: number, down: number): MapView {
  const unit = 1 / (frame.scale * view.zoom);
  return kept({ ...view, x: view.x - right * unit, y: view.y + down * unit }, frame);
}

/** Two fingers hold two places and take them along. @param from, to px from the upper left corner */
export function pinchedMap(
  view: MapView,
  frame: MapFrame,
  size: Size,
  from: readonly [Pixel, Pixel],
  to: readonly [Pixel, Pixel],
): MapView {
  const apart = ([[x, y], [u, v]]: readonly [Pixel, Pixel]) => Math.max(1, Math.hypot(u - x, v - y));
  const middle = ([[x, y], [u, v]]: readonly [Pixel, Pixel]): Pixel => [
    (x + u - size.width) / 2,
    (y + v - size.height) / 2,
  ];
  const [before, after] = [middle(from), middle(to)];
  const zoomed = zoomedMap(view, frame, apart(to) / apart(from), before);
  return draggedMap(zoomed, frame, after[0] - before[0], after[1] - before[1]);
}

/** @returns the view with this word in its middle, unless it is in sight already */
export function revealedMap(view: MapView, frame: MapFrame, size: Size, at: Pixel): MapView {
  const [x, y] = pixelOf(frame, view, size, at);
  const isInSight = x >= 0 && x <= size.width && y >= 0 && y <= size.height;
  if (isInSight) return view;
  return kept({ zoom: view.zoom, x: at[0] - frame.middle[0], y: at[1] - frame.middle[1] }, frame);
}

export const canZoomIn = ({ zoom }: MapView): boolean => zoom < MOST_ZOOM / NEARLY;
