/** Which weights a model has, in which order, and how each begins. */
import type { ModelConfig } from '../../contract/config';
import type { Random } from '../tensor/random';
import { shapeText, sizeOf } from '../tensor/shapes';
import type { Heads, NamedTensor, NamedTensors, Parameter } from './causalNetwork';

type Start = 'normal' | 'residual' | 'zero' | 'one';
interface Entry extends Parameter {
  start: Start;
}

const matrix = (name: string, rows: number, columns: number, start: Start = 'normal'): Entry => ({
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

function blockEntries(block: string, width: number): Entry[] {
  return [
    ...norm(`${block}/norm1`, width),
    matrix(`${block}/attn/wQkv`, width, 3 * width),
    vector(`${block}/attn/bQkv`, 3 * width),
    matrix(`${block}/attn/wOut`, width, width, 'residual'),
    vector(`${block}/attn/bOut`, width),
    ...norm(`${block}/norm2`, width),
    matrix(`${block}/mlp/wIn`, width, 4 * width),
    vector(`${block}/mlp/bIn`, 4 * width),
    matrix(`${block}/mlp/wOut`, 4 * width, width, 'residual'),
    vector(`${block}/mlp/bOut`, width),
  ];
}

function entries(config: ModelConfig, heads: Heads): Entry[] {
  const { vocabSize, contextLength, width, layers } = config;
  return [
    matrix('tokenEmbedding', vocabSize, width),
    ...(config.positions === 'learned' ? [matrix('positionEmbedding', contextLength, width)] : []),
    ...Array.from({ length: layers }, (_, layer) => blockEntries(`block${layer}`, width)).flat(),
    ...(config.norm === 'pre' ? norm('finalNorm', width) : []),
    ...(heads.language && !config.tiedHead ? [matrix('languageHead/weight', width, vocabSize)] : []),
    ...(heads.scalar ? [matrix('scalarHead/weight', width, 1, 'zero'), vector('scalarHead/bias', 1)] : []),
  ];
}

/** @returns the weights of a model, always in this order */
export function parameterList(config: ModelConfig, heads: Heads): Parameter[] {
  return entries(config, heads).map(({ name, shape, decay }) => ({ name, shape, decay }));
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
  entries(config, heads).reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/**
 * As GPT-2 begins: weights from N(0, 0.02), projections into the residual stream scaled by 1/√(2·layers) because so
 * many of them add up, biases 0, normalisations the identity. Radford et al. 2019. The scalar head begins at 0, so
 * every score and value is 0. Every weight draws from a stream of its own name: another layer changes no number of the
 * first.
 */
export function initialWeights(config: ModelConfig, heads: Heads, seed: Random): NamedTensors {
  const deviation = { normal: 0.02, residual: 0.02 / Math.sqrt(2 * config.layers) };
  const weights: NamedTensors = {};
  for (const { name, shape, start } of entries(config, heads)) {
    const data = new Float32Array(sizeOf(shape));
    if (start === 'one') data.fill(1);
    if (start === 'normal' || start === 'residual') {
      const random = seed.fork(name);
      for (let i = 0; i < data.length; i++) data[i] = random.normal() * deviation[start];
    }
    weights[name] = { shape, data };
  }
  return weights;
}
