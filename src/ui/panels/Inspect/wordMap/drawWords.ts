import type { Pixel } from '../../../charts/plotLabels';
import { remPixels, tokenColor } from '../../../charts/useCanvas';
import type { Size } from '../../../charts/useSize';
import { type Look, shapePath } from './looks';
import { type MapDot, type MapName, placeNames } from './mapNames';

export interface DrawnDot extends MapDot {
  look: Look;
}
export interface MapArrow {
  from: Pixel;
  to: Pixel;
  bold: boolean;
}
export interface WordPicture {
  dots: readonly DrawnDot[];
  arrows: readonly MapArrow[];
  /** words whose names come first */
  asked: readonly string[];
  /** has a ring */
  chosen: string | null;
}

const RADIUS = 4;
const RING = 9;
/** of an arrow: px, and half its angle */
const HEAD = 7;
const OPENING = 0.45;
/** px of paper around a name, so that an arrow ends before it */
const HALO = 3;

/** the page's type: asked for once a drawing, since the answer costs a look at all styles */
interface Type {
  rem: number;
  family: string;
}
const pageType = (): Type => ({
  rem: remPixels(),
  family: getComputedStyle(document.documentElement).getPropertyValue('--serif') || 'serif',
});
const fontOf = ({ rem, family }: Type, bold: boolean): string =>
  `${bold ? '700 ' : ''}${(bold ? 1.1 : 0.9) * rem}px ${family}`;

const between = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

function strokeLine(context: CanvasRenderingContext2D, [x, y]: Pixel, [u, v]: Pixel): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(u, v);
  context.stroke();
}

function drawArrow(context: CanvasRenderingContext2D, { from, to, bold }: MapArrow): void {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  context.strokeStyle = tokenColor(bold ? 'accent' : 'ink-3');
  context.lineWidth = bold ? 2.4 : 1.2;
  const side = (turn: number): Pixel => [to[0] - HEAD * Math.cos(angle + turn), to[1] - HEAD * Math.sin(angle + turn)];
  strokeLine(context, from, to);
  strokeLine(context, side(-OPENING), to);
  strokeLine(context, side(OPENING), to);
}

function drawShape(context: CanvasRenderingContext2D, { at, look }: DrawnDot): void {
  const path = new Path2D(shapePath(look.shape, RADIUS));
  context.save();
  context.translate(at[0], at[1]);
  context.fillStyle = tokenColor(look.tone);
  context.strokeStyle = tokenColor(look.tone);
  context.lineWidth = 1.3;
  if (look.shape === 'ring') context.stroke(path);
  else context.fill(path);
  context.restore();
}

function drawName(context: CanvasRenderingContext2D, type: Type, { name, box, bold, from }: MapName): void {
  const middle = (box.top + box.bottom) / 2;
  if (from) {
    context.strokeStyle = tokenColor('ink-3');
    context.lineWidth = 1;
    strokeLine(context, from, [between(from[0], box.left, box.right), between(from[1], box.top, box.bottom)]);
  }
  context.font = fontOf(type, bold);
  context.lineWidth = HALO;
  context.strokeStyle = tokenColor('surface');
  context.strokeText(name, box.left, middle);
  context.fillStyle = tokenColor('ink');
  context.fillText(name, box.left, middle);
}

/** Dots and arrows first, so that no name is crossed out. */
export function drawWords(context: CanvasRenderingContext2D, size: Size, picture: WordPicture): void {
  const { dots, arrows, asked, chosen } = picture;
  for (const arrow of arrows) drawArrow(context, arrow);
  for (const dot of dots) drawShape(context, dot);
  const ringed = dots.find(({ word }) => word === chosen);
  if (ringed) {
    context.strokeStyle = tokenColor('accent');
    context.lineWidth = 2;
    context.beginPath();
    context.arc(ringed.at[0], ringed.at[1], RING, 0, 2 * Math.PI);
    context.stroke();
  }
  context.textBaseline = 'middle';
  context.lineJoin = 'round'; // a halo without spikes
  const type = pageType();
  const textSize = (name: string, bold: boolean): Size => {
    context.font = fontOf(type, bold);
    return { width: context.measureText(name).width + 2, height: (bold ? 1.35 : 1.1) * type.rem };
  };
  for (const name of placeNames(dots, asked, size, textSize)) drawName(context, type, name);
}
