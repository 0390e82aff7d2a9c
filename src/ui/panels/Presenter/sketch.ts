/** The lines of the chart that the room sees, for the small picture in the notes: another window, without a lab. */
import { useEffect, useState } from 'react';

export interface Sketch {
  width: number;
  height: number;
  lines: { path: string; stroke: string; dash: string }[];
}

/** what a path of SVG is written with, and nothing else */
const PATH = /^[MLCZHVmlczhv\d\s.,e-]+$/;
const MOST_LINES = 12;
const MOST_LETTERS = 20_000;
const EVERY_MS = 1000;

/** @returns null where the hero holds no curve */
export function sketchOf(hero: Element | null): Sketch | null {
  const drawing = [...(hero?.querySelectorAll('svg') ?? [])].find((one) => one.querySelector('path.recharts-curve'));
  if (!drawing) return null;
  const lines = [...drawing.querySelectorAll('path.recharts-curve')].slice(0, MOST_LINES).flatMap((line) => {
    const path = line.getAttribute('d') ?? '';
    if (!PATH.test(path) || path.length > MOST_LETTERS) return [];
    const { stroke, strokeDasharray } = getComputedStyle(line);
    return [{ path, stroke, dash: strokeDasharray === 'none' ? '' : strokeDasharray }];
  });
  const { clientWidth: width, clientHeight: height } = drawing;
  return lines.length > 0 && width > 0 ? { width, height, lines } : null;
}

/** The sketch of what is drawn now, looked at once a second. */
export function useSketch(hero: () => Element | null): Sketch | null {
  const [sketch, setSketch] = useState<Sketch | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it finds what is there whenever it looks
  useEffect(() => {
    const look = () =>
      setSketch((old) => (JSON.stringify(sketchOf(hero())) === JSON.stringify(old) ? old : sketchOf(hero())));
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return sketch;
}
