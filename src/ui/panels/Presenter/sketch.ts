/** The picture that the room sees, small, for the notes: another window, without a lab. */
import { useEffect, useState } from 'react';

/** px; the height follows */
const WIDTH = 320;
const EVERY_MS = 1000;
const PICTURE = /^data:image\/png;base64,[A-Za-z0-9+/=]+$/;

/** only a picture, whatever another version of the page may send */
export const isPicture = (sketch: string): boolean => PICTURE.test(sketch);

const areaOf = ({ width, height }: HTMLCanvasElement): number => width * height;

/** @returns the largest drawing of the hero as a data URL; null where it holds none, or nothing can be drawn here */
export function sketchOf(hero: Element | null): string | null {
  const [drawing] = [...(hero?.querySelectorAll('canvas') ?? [])].sort((one, other) => areaOf(other) - areaOf(one));
  if (!drawing || areaOf(drawing) === 0) return null;
  const small = document.createElement('canvas');
  Object.assign(small, { width: WIDTH, height: Math.round((WIDTH * drawing.height) / drawing.width) });
  const pen = small.getContext('2d');
  if (!pen) return null;
  pen.drawImage(drawing, 0, 0, small.width, small.height);
  const picture = small.toDataURL('image/png');
  return isPicture(picture) ? picture : null;
}

/** The sketch of what is drawn now, looked at once a second. */
export function useSketch(hero: () => Element | null): string | null {
  const [sketch, setSketch] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it finds what is there whenever it looks
  useEffect(() => {
    const timer = setInterval(() => setSketch(sketchOf(hero())), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return sketch;
}
