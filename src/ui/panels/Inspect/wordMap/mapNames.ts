/** Names on the map: never over a dot, never over another name; those that are asked about first. */
import { type Box, boxOf, costOf, dotBox, type Pixel, type Side } from '../../../charts/plotLabels';
import type { Size } from '../../../charts/useSize';

export interface MapDot {
  word: string;
  /** as it is written: two tokens may look alike */
  name: string;
  at: Pixel;
}
export interface MapName {
  name: string;
  box: Box;
  bold: boolean;
  /** the dot, where the name is too far from it to be taken for its own */
  from: Pixel | null;
}

const DOT = 6;
const SIDES: readonly Side[] = ['right', 'left', 'top', 'bottom'];
/** where a name goes that must be there and has no room beside its dot, px and turns */
const FAR = [26, 42, 60, 84];
const TURNS = 16;

function farBoxes([x, y]: Pixel, { width, height }: Size): Box[] {
  return FAR.flatMap((distance) =>
    Array.from({ length: TURNS }, (_, i) => {
      const angle = (2 * Math.PI * i) / TURNS;
      const [middle, line] = [x + distance * Math.cos(angle), y + distance * Math.sin(angle)];
      const left = Math.cos(angle) >= 0 ? middle : middle - width;
      return { left, right: left + width, top: line - height / 2, bottom: line + height / 2 };
    }),
  );
}

/** a fixed shuffle, so that names are spread over all kinds */
const STRIDE = 7919;
const spread = <T>(items: readonly T[]): T[] => {
  const order = items.map((item, i) => ({ item, rank: ((i * STRIDE) % (items.length || 1)) + i / (items.length + 1) }));
  return order.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
};

const isInside = ([x, y]: Pixel, { width, height }: Size): boolean => x >= 0 && x <= width && y >= 0 && y <= height;

/**
 * @param asked words whose names come first, in bold; where there is no room beside the dot they stand farther away
 * @param textSize of a name
 * @returns as many as there is room for
 */
export function placeNames(
  dots: readonly MapDot[],
  asked: readonly string[],
  plot: Size,
  textSize: (name: string, bold: boolean) => Size,
): MapName[] {
  const inSight = dots.filter(({ at }) => isInside(at, plot));
  const taken: Box[] = inSight.map(({ at }) => dotBox(at, DOT));
  const first = [...new Set(asked)].flatMap((word) => inSight.find((dot) => dot.word === word) ?? []);
  const rest = spread(inSight.filter(({ word }) => !asked.includes(word)));
  const placed: MapName[] = [];
  const put = ({ name, at }: MapDot, bold: boolean) => {
    const text = textSize(name, bold);
    const isFree = (box: Box) => costOf(box, taken, plot) === 0;
    const near = SIDES.map((side) => boxOf(at, side, text, plot)).find(isFree);
    const box = near ?? (bold ? farBoxes(at, text).find(isFree) : undefined);
    if (!box) return;
    taken.push({ ...box, isName: true });
    placed.push({ name, box, bold, from: near ? null : at });
  };
  for (const dot of first) put(dot, true);
  for (const dot of rest) put(dot, false);
  return placed;
}
