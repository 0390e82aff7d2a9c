/** Which weights a model has, in which order, and how each begins. */
import type { ModelConfig } from '../../contract/config';
import type { Random } from '../tensor/random';
import { shapeText } from '../tensor/shapes';
import type { Heads, NamedTensor, NamedTensors, Parameter } from './causalNetwork';
import { beginAll, countOfAll, type Listed, matrix as listed, norm, parametersOf, vector } from './listed';

type Entry = Listed<'normal' | 'residual'>;

const matrix = (name: string, rows: number, columns: number): Entry => listed(name, rows, columns, 'normal');
/** a projection into the residual stream */
const residual = (name: string, rows: number, columns: number): Entry => listed(name, rows, columns, 'residual');

/** numbers within the MLP */
export const innerWidthOf = ({ innerWidth, width }: ModelConfig): number => innerWidth ?? 4 * width;

function blockEntries(block: string, config: ModelConfig): Entry[] {
  const { width } = config;
  const inner = innerWidthOf(config);
  return [
    ...norm(`${block}/norm1`, width),
    matrix(`${block}/attn/wQkv`, width, 3 * width),
    vector(`${block}/attn/bQkv`, 3 * width),
    residual(`${block}/attn/wOut`, width, width),
    vector(`${block}/attn/bOut`, width),
    ...norm(`${block}/norm2`, width),
    matrix(`${block}/mlp/wIn`, width, inner),
    vector(`${block}/mlp/bIn`, inner),
    residual(`${block}/mlp/wOut`, inner, width),
    vector(`${block}/mlp/bOut`, width),
  ];
}

function entries(config: ModelConfig, heads: Heads): Entry[] {
  const { vocabSize, contextLength, width, layers } = config;
  return [
    matrix('tokenEmbedding', vocabSize, width),
    ...(config.positions === 'learned' ? [matrix('positionEmbedding', contextLength, width)] : []),
    ...Array.from({ length: layers }, (_, layer) => blockEntries(`block${layer}`, config)).flat(),
    ...(config.norm === 'pre' ? norm('finalNorm', width) : []),
    ...(heads.language && !config.tiedHead ? [matrix('languageHead/weight', width, vocabSize)] : []),
    ...(heads.scalar ? [listed<never>('scalarHead/weight', width, 1, 'zero'), vector('scalarHead/bias', 1)] : []),
  ];
}

/** @returns the weights of a model, always in this order */
export function parameterList(config: ModelConfig, heads: Heads): Parameter[] {
  return parametersOf(entries(config, heads));
}

/** @throws when it is missing or its shape differs */
export function savedWeight(saved: NamedTensors, { name, shape }: Parameter): NamedTensor {
  const found = saved[name];
  if (!found) throw new Error(`weights ${name} are missing`);
  if (shapeText(found.shape) !== shapeText(shape))
    throw new Error(`${name} is ${shapeText(found.shape)}, the model needs ${shapeText(shape)}`);
  return found;
}

export const isHead = (name: string): boolean => name.startsWith('scalarHead/');

export const parameterCount = (config: ModelConfig, heads: Heads = { language: true, scalar: false }): number =>
  countOfAll(entries(config, heads));

/**
 * As GPT-2 begins: weights from N(0, 0.02), projections into the residual stream scaled by 1/√(2·layers) because so
 * many of them add up, biases 0, normalisations the identity. Radford et al. 2019. The scalar head begins at 0, so
 * every score and value is 0.
 */
export function initialWeights(config: ModelConfig, heads: Heads, seed: Random): NamedTensors {
  const deviation = { normal: 0.02, residual: 0.02 / Math.sqrt(2 * config.layers) };
  return beginAll(entries(config, heads), seed, (start) => deviation[start]);
}
