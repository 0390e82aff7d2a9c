import { type HeadAt, tellingToken } from '../../../contract/inside';
import { maxOf } from '../../../contract/many';
import type { AttentionMaps } from '../../../contract/observations';
import { formatShare } from '../../primitives/format';

/** @returns the [T,T] weights of one head, row-major, as a view into the maps */
export function headWeights(maps: AttentionMaps, { layer, head }: HeadAt): Float32Array {
  const size = maps.tokens.length ** 2;
  const start = (layer * maps.heads + head) * size;
  return maps.weights.subarray(start, start + size);
}

/** @returns every head in reading order: layer by layer */
export function allHeads(maps: AttentionMaps): HeadAt[] {
  return Array.from({ length: maps.layers * maps.heads }, (_, i) => ({
    layer: Math.floor(i / maps.heads),
    head: i % maps.heads,
  }));
}

export const sameHead = (a: HeadAt, b: HeadAt): boolean => a.layer === b.layer && a.head === b.head;

/** @returns the head itself, or the nearest one that exists in these maps */
export function clampHead(maps: AttentionMaps, { layer, head }: HeadAt): HeadAt {
  return { layer: Math.min(layer, maps.layers - 1), head: Math.min(head, maps.heads - 1) };
}

/** "layer 2, head 1", as pictures and tables name it */
export const headName = ({ layer, head }: HeadAt): string => `layer ${layer + 1}, head ${head + 1}`;
/** the same where it stands by itself, as on a switch */
export const headTitle = (at: HeadAt): string => `L${headName(at).slice(1)}`;
/** "head 1 of layer 2", as a sentence says it */
export const headOfLayer = ({ layer, head }: HeadAt): string => `head ${head + 1} of layer ${layer + 1}`;

/** a sign that has no picture of its own, by its number: "\x07" */
const controlName = (sign: string): string => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** Tokens are told by what the eye sees; white space alone needs a word, and what has no picture a number. */
export function tokenName(token: string): string {
  if (token === ' ') return '␣';
  if (token === '\n') return '↵';
  return token.trim().replace(/\p{Cc}/gu, controlName) || '␣';
}

/** @returns a name for each token; one that occurs more than once says which it is, counted from 1: "the·3" */
export function tokenNames(tokens: readonly string[]): string[] {
  const names = tokens.map(tokenName);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return names.map((name, index) => (counts.get(name) === 1 ? name : `${name}·${index + 1}`));
}

/**
 * What one cell says, for eyes and for screen readers: "“glad” looks at “was” 41 %, “fox” 33 %, itself 8 %."
 * The cell under the cursor comes first, then the strongest of its row.
 */
export function cellSentence(maps: AttentionMaps, at: HeadAt, row: number, column: number): string {
  const weights = headWeights(maps, at).subarray(row * maps.tokens.length, row * maps.tokens.length + row + 1);
  const names = tokenNames(maps.tokens);
  const name = (index: number) => (index === row ? 'itself' : `“${names[index]!}”`);
  const strongest = Array.from(weights, (weight, index) => ({ weight, index }))
    .filter(({ index }) => index !== column)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 2);
  const shown = [{ weight: weights[column] ?? 0, index: column }, ...strongest];
  return `“${names[row]!}” looks at ${shown.map(({ weight, index }) => `${name(index)} ${formatShare(weight)}`).join(', ')}.`;
}

/** @returns the most telling row to begin with */
export const tellingRow = (maps: AttentionMaps): number => tellingToken(maps.tokens);

/** @returns the column that a row looks at most */
export function strongestColumn(maps: AttentionMaps, at: HeadAt, row: number): number {
  const weights = headWeights(maps, at).subarray(row * maps.tokens.length, row * maps.tokens.length + row + 1);
  return weights.indexOf(maxOf(weights));
}
