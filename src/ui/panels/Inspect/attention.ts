import type { AttentionMaps } from '../../../contract/domain';

/** One head of one layer, both counted from 0. */
export interface HeadAt {
  layer: number;
  head: number;
}

/** @returns the [T,T] weights of one head, row-major, as a view into the maps */
export function headWeights(maps: AttentionMaps, { layer, head }: HeadAt): Float32Array {
  const size = maps.tokens.length ** 2;
  const start = (layer * maps.heads + head) * size;
  return maps.weights.subarray(start, start + size);
}

/** @returns every head in reading order: layer by layer */
export function allHeads(maps: AttentionMaps): HeadAt[] {
  return Array.from({ length: maps.layers * maps.heads }, (_, i) => ({ layer: Math.floor(i / maps.heads), head: i % maps.heads }));
}

export const sameHead = (a: HeadAt, b: HeadAt): boolean => a.layer === b.layer && a.head === b.head;

/** @returns the head itself, or the nearest one that exists in these maps */
export function clampHead(maps: AttentionMaps, { layer, head }: HeadAt): HeadAt {
  return { layer: Math.min(layer, maps.layers - 1), head: Math.min(head, maps.heads - 1) };
}

export const headName = ({ layer, head }: HeadAt): string => `layer ${layer + 1}, head ${head + 1}`;

const percent = (share: number) => `${Math.round(share * 100)} %`;
/** Tokens are told by what the eye sees; white space alone needs a word. */
export const tokenName = (token: string): string => (token === ' ' ? '␣' : token === '\n' ? '↵' : token.trim() || '␣');

export interface Look {
  token: string;
  column: number;
  weight: number;
}

/** @returns what one row looks at most, strongest first */
export function strongest(maps: AttentionMaps, at: HeadAt, row: number, count = 3): Look[] {
  const weights = headWeights(maps, at).subarray(row * maps.tokens.length, row * maps.tokens.length + row + 1);
  return Array.from(weights, (weight, column) => ({ token: tokenName(maps.tokens[column]!), column, weight }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count);
}

/** The sentence under the map: "glad looks at was 41 %, fox 33 %, itself 8 %." */
export function rowSentence(maps: AttentionMaps, at: HeadAt, row: number): string {
  const looks = strongest(maps, at, row).map(({ token, column, weight }) => `${column === row ? 'itself' : token} ${percent(weight)}`);
  return `${tokenName(maps.tokens[row]!)} looks at ${looks.join(', ')}.`;
}

/** What a screen reader says of one cell. */
export function cellSentence(maps: AttentionMaps, at: HeadAt, row: number, column: number): string {
  const from = tokenName(maps.tokens[row]!);
  const to = tokenName(maps.tokens[column]!);
  if (column > row) return `${from} cannot look at ${to}: it comes later.`;
  const weight = headWeights(maps, at)[row * maps.tokens.length + column]!;
  return `${from} looks at ${column === row ? 'itself' : to}: ${percent(weight)}.`;
}
