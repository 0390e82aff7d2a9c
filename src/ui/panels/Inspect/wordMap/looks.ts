import type { WordKind } from '../../../../contract/inside';
import type { Tone } from '../../../theme/tone';

export type Shape = 'dot' | 'square' | 'up' | 'down' | 'diamond' | 'cross' | 'bar' | 'ring';
export interface Look {
  /** in the legend */
  label: string;
  tone: Tone;
  shape: Shape;
}

/** Kinds are told apart by shape; colour repeats it. */
const LOOKS: Record<WordKind, Look> = {
  animal: { label: 'animal', tone: 'policy', shape: 'dot' },
  thing: { label: 'thing', tone: 'reward', shape: 'square' },
  joy: { label: 'joy', tone: 'value', shape: 'up' },
  sorrow: { label: 'sorrow', tone: 'rejected', shape: 'down' },
  person: { label: 'he, she, they', tone: 'accent', shape: 'diamond' },
  look: { label: 'look, character', tone: 'gold', shape: 'cross' },
  place: { label: 'place, time, weather', tone: 'ink-2', shape: 'bar' },
};
const OF_NO_KIND: Look = { label: 'of no kind', tone: 'ink-3', shape: 'ring' };

export const lookOf = (kind: WordKind | null): Look => (kind === null ? OF_NO_KIND : LOOKS[kind]);

/** in SVG, around 0, about as wide as 2 · r */
export function shapePath(shape: Shape, r: number): string {
  const s = 0.9 * r;
  switch (shape) {
    case 'dot':
    case 'ring':
      return `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    case 'square':
      return `M${-s} ${-s}h${2 * s}v${2 * s}h${-2 * s}z`;
    case 'up':
      return `M0 ${-1.2 * r}l${1.2 * r} ${2.1 * r}h${-2.4 * r}z`;
    case 'down':
      return `M0 ${1.2 * r}l${1.2 * r} ${-2.1 * r}h${-2.4 * r}z`;
    case 'diamond':
      return `M0 ${-1.25 * r}l${1.25 * r} ${1.25 * r}l${-1.25 * r} ${1.25 * r}l${-1.25 * r} ${-1.25 * r}z`;
    case 'cross':
      return `M${-r} ${-0.35 * r}h${0.65 * r}v${-0.65 * r}h${0.7 * r}v${0.65 * r}h${0.65 * r}v${0.7 * r}h${-0.65 * r}v${0.65 * r}h${-0.7 * r}v${-0.65 * r}h${-0.65 * r}z`;
    case 'bar':
      return `M${-1.2 * r} ${-0.5 * r}h${2.4 * r}v${r}h${-2.4 * r}z`;
  }
}
