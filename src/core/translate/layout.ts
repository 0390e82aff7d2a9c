/** Which weights an encoder–decoder has, in which order, and how each begins. */
import type { NamedTensors, Parameter } from '../model/causalNetwork';
import { beginAll, countOfAll, type Listed, matrix as listed, norm, parametersOf, vector } from '../model/listed';
import type { Random } from '../tensor/random';

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

type Entry = Listed<'embedding' | 'linear'>;

const matrix = (name: string, rows: number, columns: number): Entry => listed(name, rows, columns, 'linear');
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
    listed('sourceEmbedding', sourceVocabSize, width, 'embedding'),
    listed('targetEmbedding', targetVocabSize, width, 'embedding'),
    ...stack('encoder', ['self']),
    ...stack('decoder', ['self', 'cross']),
  ];
}

/** @returns the weights, always in this order */
export const translatorParameters = (config: TranslatorConfig): Parameter[] => parametersOf(entries(config));

export const translatorSize = (config: TranslatorConfig): number => countOfAll(entries(config));

/**
 * Matrices from N(0, 2/(in + out)), Glorot & Bengio 2010, embeddings from N(0, 1/C), so that √C times a token's vector
 * is as long as its position's; biases 0, normalisations the identity.
 */
export function initialTranslator(config: TranslatorConfig, seed: Random): NamedTensors {
  return beginAll(entries(config), seed, (start, [rows = 0, columns = 0]) =>
    Math.sqrt(start === 'linear' ? 2 / (rows + columns) : 1 / config.width),
  );
}
