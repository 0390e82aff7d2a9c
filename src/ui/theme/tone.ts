import type { CSSProperties } from 'react';

/** What a colour means, the same on every stage. */
export type Tone =
  | 'policy'
  | 'reference'
  | 'reward'
  | 'value'
  | 'gold'
  | 'chosen'
  | 'rejected'
  | 'good'
  | 'warn'
  | 'bad'
  | 'accent'
  | 'ink'
  | 'ink-2'
  | 'ink-3';

/** Tones that are too light for small text on paper have a darker twin. */
const WITH_TEXT_TWIN: ReadonlySet<Tone> = new Set(['reward', 'value', 'gold', 'good', 'warn']);

/** @returns a CSS colour for lines, fills and large numbers */
export const toneColor = (tone: Tone): string => `var(--${tone})`;

/** @returns a CSS colour that small text may have */
export const toneText = (tone: Tone): string => (WITH_TEXT_TWIN.has(tone) ? `var(--${tone}-text)` : `var(--${tone})`);

/**
 * @param percent of the colour, over the paper
 * @param value from −1 to 1: where a contrast theme takes the colours away, global.css draws it as a line
 * @returns what makes an element's ground speak
 */
export const shaded = (color: string, percent: number, value: number) => ({
  style: {
    background: `color-mix(in srgb, ${color} ${percent.toFixed(0)}%, transparent)`,
    '--share': Math.abs(value).toFixed(1), // coarse: a scale that grows a little moves no word
  } as CSSProperties,
  'data-shade': value < 0 ? 'minus' : 'plus',
});
