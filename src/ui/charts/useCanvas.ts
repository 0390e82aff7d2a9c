import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Tone } from '../theme/tone';
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

/** @returns the colour that a token of the theme has right now, for a canvas */
export const tokenColor = (token: Tone | 'surface' | 'sunk' | 'line'): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim() || '#888888';

/** The page's type size in pixels. */
export const remPixels = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 15;

/**
 * A canvas that is sharp on every screen: sized in CSS pixels, backed by device pixels, drawn again when `draw` or the theme changes.
 * @param draw must be stable between renders that show the same thing (useCallback)
 */
export function useCanvas(size: Size, draw: (context: CanvasRenderingContext2D, size: Size) => void): RefObject<HTMLCanvasElement | null> {
  const ref = useRef<HTMLCanvasElement>(null);
  const version = useThemeVersion();
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || size.width === 0 || size.height === 0 || version < 0) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    draw(context, size);
  }, [size, draw, version]);
  return ref;
}
