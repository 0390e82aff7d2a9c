import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Tone } from '../theme/tone';
import { remembered } from './themeMemory';
import type { Size } from './useSize';

/** Counts up whenever the theme or the size of type changes: canvases do not inherit CSS and must be drawn again. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => setVersion((old) => old + 1));
    observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-size'] });
    return () => observer.disconnect();
  }, []);
  return version;
}

/** @returns the value of a custom property of the theme; '' where there is none */
function themeWord(name: string): string {
  const { words } = remembered();
  const word = words.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  if (word !== '') words.set(name, word);
  return word;
}

/** @returns device pixels in a CSS pixel, also after a zoom or a move to another screen */
function useDeviceRatio(): number {
  const [ratio, setRatio] = useState(() => window.devicePixelRatio || 1);
  useEffect(() => {
    const query = matchMedia(`(resolution: ${ratio}dppx)`);
    const changed = () => setRatio(window.devicePixelRatio || 1);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, [ratio]);
  return ratio;
}

/** @returns the colour that a token of the theme has right now, for a canvas */
export const tokenColor = (token: Tone | 'surface' | 'sunk' | 'line'): string => themeWord(`--${token}`) || '#888888';

/** @returns the width of a chart's thick lines, in pixels */
export const chartStroke = (): number => Number.parseFloat(themeWord('--chart-stroke')) || 2.2;

/** The page's type size in pixels. */
export function remPixels(): number {
  const known = remembered();
  known.rem ||= Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 15;
  return known.rem;
}

/**
 * A canvas that is sharp on every screen: sized in CSS pixels, backed by device pixels, drawn again when `draw` or the
 * theme changes.
 * @param draw must be stable between renders that show the same thing (useCallback)
 */
export function useCanvas(
  size: Size,
  draw: (context: CanvasRenderingContext2D, size: Size) => void,
): RefObject<HTMLCanvasElement | null> {
  const ref = useRef<HTMLCanvasElement>(null);
  const version = useThemeVersion();
  const ratio = useDeviceRatio();
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || size.width === 0 || size.height === 0 || version < 0) return;
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    draw(context, size);
  }, [size, draw, version, ratio]);
  return ref;
}
