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
