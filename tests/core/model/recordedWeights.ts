/** Weights of a recorded GPT-2 with our names and our [in,out] matrices. */
import type { ModelConfig } from '../../../src/contract/config';
import type { NamedTensors } from '../../../src/core/model/causalNetwork';

export type Nested = number | Nested[];
export interface RecordedConfig {
  vocab_size: number;
  block_size: number;
  n_layer: number;
  n_head: number;
  n_embd: number;
}

export const configOf = (theirs: RecordedConfig): ModelConfig => ({
  vocabSize: theirs.vocab_size,
  contextLength: theirs.block_size,
  layers: theirs.n_layer,
  heads: theirs.n_head,
  width: theirs.n_embd,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
});

/** `transformer.h.0.attn.c_attn.weight` → `block0/attn/wQkv` */
export function ourName(theirs: string): string {
  const short = theirs.replace('transformer.', '');
  const whole: Record<string, string> = { 'wte.weight': 'tokenEmbedding', 'wpe.weight': 'positionEmbedding' };
  return (
    whole[short] ??
    short
      .replace(/^h\.(\d+)\./, 'block$1/')
      .replace('ln_f.', 'finalNorm/')
      .replace(/ln_(\d)\./, 'norm$1/')
      .replace(/attn\.c_attn\.(\w).*/, 'attn/$1Qkv')
      .replace(/attn\.c_proj\.(\w).*/, 'attn/$1Out')
      .replace(/mlp\.c_fc\.(\w).*/, 'mlp/$1In')
      .replace(/mlp\.c_proj\.(\w).*/, 'mlp/$1Out')
      .replace(/(orm\d?)\/weight$/, '$1/gain')
  );
}

const isLinear = (theirs: string): boolean => /c_(attn|proj|fc)\.weight$/.test(theirs);

const transposed = (rows: number[][]): number[][] =>
  (rows[0] as number[]).map((_, column) => rows.map((row) => row[column] as number));
export const ours = (theirs: string, values: Nested[]): Nested[] =>
  isLinear(theirs) ? transposed(values as number[][]) : values;

function shapeOf(values: Nested): number[] {
  return Array.isArray(values) ? [values.length, ...shapeOf(values[0] as Nested)] : [];
}

export function recordedWeights(theirs: Record<string, Nested[]>): NamedTensors {
  const entries = Object.entries(theirs).map(([name, values]) => {
    const turned = ours(name, values);
    return [ourName(name), { shape: shapeOf(turned), data: Float32Array.from(turned.flat(2) as number[]) }] as const;
  });
  return Object.fromEntries(entries);
}
