/** Which weights an encoder–decoder has, in which order, and how each begins. */
import type { NamedTensors, Parameter } from '../model/causalNetwork';
import type { Random } from '../tensor/random';
import { sizeOf } from '../tensor/shapes';

/** The transformer of 2017, small: as many blocks in the encoder as in the decoder. */
export interface TranslatorConfig {
  /** V of either side */
  sourceVocabSize: number;
  targetVocabSize: number;
  /** C */
  width: number;
  heads: number;
  /** L, of each stack */
  layers: number;
  mlpWidth: number;
}

type Start = 'embedding' | 'linear' | 'one' | 'zero';
type Entry = Parameter & { start: Start };

const matrix = (name: string, rows: number, columns: number, start: Start = 'linear'): Entry => ({
  name,
  shape: [rows, columns],
  decay: true,
  start,
});
const vector = (name: string, length: number, start: Start = 'zero'): Entry => ({
  name,
  shape: [length],
  decay: false,
  start,
});

const norm = (name: string, width: number): Entry[] => [
  vector(`${name}/gain`, width, 'one'),
  vector(`${name}/bias`, width),
];
const attention = (name: string, width: number): Entry[] => [
  matrix(`${name}/wQ`, width, width),
  vector(`${name}/bQ`, width),
  matrix(`${name}/wKv`, width, 2 * width),
  vector(`${name}/bKv`, 2 * width),
  matrix(`${name}/wOut`, width, width),
  vector(`${name}/bOut`, width),
];
const mlp = (name: string, width: number, inner: number): Entry[] => [
  matrix(`${name}/wIn`, width, inner),
  vector(`${name}/bIn`, inner),
  matrix(`${name}/wOut`, inner, width),
  vector(`${name}/bOut`, width),
];

function entries({ sourceVocabSize, targetVocabSize, width, layers, mlpWidth }: TranslatorConfig): Entry[] {
  const stack = (name: string, kinds: readonly string[]): Entry[] =>
    Array.from({ length: layers }, (_, layer) => `${name}${layer}`).flatMap((block) => [
      ...kinds.flatMap((kind) => [...attention(`${block}/${kind}`, width), ...norm(`${block}/${kind}Norm`, width)]),
      ...mlp(`${block}/mlp`, width, mlpWidth),
      ...norm(`${block}/mlpNorm`, width),
    ]);
  return [
    matrix('sourceEmbedding', sourceVocabSize, width, 'embedding'),
    matrix('targetEmbedding', targetVocabSize, width, 'embedding'),
    ...stack('encoder', ['self']),
    ...stack('decoder', ['self', 'cross']),
  ];
}

/** @returns the weights, always in this order */
export const translatorParameters = (config: TranslatorConfig): Parameter[] =>
  entries(config).map(({ name, shape, decay }) => ({ name, shape, decay }));

export const translatorSize = (config: TranslatorConfig): number =>
  entries(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/**
 * Matrices from N(0, 2/(in + out)), Glorot & Bengio 2010, embeddings from N(0, 1/C), so that √C times a token's vector
 * is as long as its position's; biases 0, normalisations the identity. Every weight draws from a stream of its own name.
 */
export function initialTranslator(config: TranslatorConfig, seed: Random): NamedTensors {
  const weights: NamedTensors = {};
  for (const { name, shape, start } of entries(config)) {
    const data = new Float32Array(sizeOf(shape));
    if (start === 'one') data.fill(1);
    if (start === 'embedding' || start === 'linear') {
      const [rows, columns] = shape as [number, number];
      const deviation = Math.sqrt(start === 'linear' ? 2 / (rows + columns) : 1 / config.width);
      const random = seed.fork(name);
      for (let i = 0; i < data.length; i++) data[i] = random.normal() * deviation;
    }
    weights[name] = { shape, data };
  }
  return weights;
}
