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
const HEAD = 7;
/** px over which a name is a little nearer to its own dot */
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

function drawArrow(context: CanvasRenderingContext2D, { from, to, bold }: MapArrow): void {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  context.strokeStyle = tokenColor(bold ? 'accent' : 'ink-3');
  context.lineWidth = bold ? 2.4 : 1.2;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  for (const side of [-0.45, 0.45]) {
    context.moveTo(...to);
    context.lineTo(to[0] - HEAD * Math.cos(angle + side), to[1] - HEAD * Math.sin(angle + side));
  }
  context.stroke();
}

function drawShape(context: CanvasRenderingContext2D, { at, look }: DrawnDot): void {
  const path = new Path2D(shapePath(look.shape, RADIUS));
  context.save();
  context.translate(...at);
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
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(from[0] < box.left ? box.left : Math.min(from[0], box.right), middle);
    context.stroke();
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
    context.arc(...ringed.at, RING, 0, 2 * Math.PI);
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
