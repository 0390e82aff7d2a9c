/** Numbers as every sentence of the lab writes them: one minus, no sign on a zero, one plural. */
import { inWords } from './limits';

/** A true minus sign is as wide as a digit; a hyphen is not. A number that was rounded to zero has no sign. */
export const withMinus = (text: string): string => text.replace(/^-(?=[0.]*$)/, '').replace(/^-/, '−');

/** what a broken model computes */
const noNumber = (value: number): string => (value > 0 ? '∞' : value < 0 ? '−∞' : 'not a number');

/** -0.404 → "−0.40"; -0.004 → "0.00" */
export const fixed = (value: number, decimals: number): string =>
  Number.isFinite(value) ? withMinus(value.toFixed(decimals)) : noNumber(value);

/** the number that is written so */
export const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));

/** "+1.92", "−0.40", "0.00": a score or a margin, whose sign is half the message */
export function signed(value: number, decimals = 2): string {
  const text = fixed(value, decimals);
  return rounded(value, decimals) > 0 ? `+${text}` : text;
}

/** the noun after a number of things: "vote" after 1, "votes" after any other */
export const plural = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many);

/** "1 vote", "1,200 votes" */
export const countOf = (count: number, one: string, many?: string): string =>
  `${inWords(count)} ${plural(count, one, many)}`;
