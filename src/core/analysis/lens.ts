/**
 * The logit lens (nostalgebraist 2020): what the model would say if it stopped after this block. The residual stream
 * goes through the last LayerNorm and the output layer as if no further block came.
 */
import type { ModelConfig } from '../../contract/config';
import type { NamedTensors } from '../model/causalNetwork';
import { layerNorm, weightOf } from './forward';

/** @param stream [N,C]; @returns what the heads read, [N,C] */
export function finalHidden(
  weights: NamedTensors,
  { norm, normEpsilon }: ModelConfig,
  stream: Float32Array,
): Float32Array {
  if (norm === 'post') return stream;
  return layerNorm(stream, weightOf(weights, 'finalNorm/gain'), weightOf(weights, 'finalNorm/bias'), normEpsilon).out;
}

/** @param stream the residual stream of one position, [C]; @returns logits [V] */
export function lens(weights: NamedTensors, config: ModelConfig, stream: Float32Array): Float32Array {
  const hidden = finalHidden(weights, config, stream);
  const { width, vocabSize, tiedHead } = config;
  const table = weightOf(weights, tiedHead ? 'tokenEmbedding' : 'languageHead/weight');
  return Float32Array.from({ length: vocabSize }, (_, token) => {
    let logit = 0;
    for (let c = 0; c < width; c++)
      logit += (hidden[c] as number) * (table[tiedHead ? token * width + c : c * vocabSize + token] as number);
    return logit;
  });
}

/** @param logits [V]; @returns probabilities at temperature 1 */
export function softmax(logits: Float32Array): Float32Array {
  const max = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const powers = logits.map((logit) => Math.exp(logit - max));
  const total = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / total);
}
