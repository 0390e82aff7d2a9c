/** What a model costs before it is trained: counted from its shape, timed from a short probe of this machine. */
import type { ModelConfig, PresetName } from '../contract/config';
import type { ModelEstimate } from '../contract/domain';
import { parameterCount } from '../core/model/layout';

/** weights, gradients and AdamW's two moments, four bytes each */
const BYTES_PER_PARAMETER = 16;
/** a class waits about this long for a model that writes */
const PATIENCE_SECONDS = 90;
/** tokens until a preset writes readable stories, measured */
const TOKENS_TO_FLUENCY: Record<PresetName, number> = { tiny: 0.75e6, small: 0.8e6, medium: 0.9e6 };
/** arithmetic per token relative to Tiny, measured */
const COST: Record<PresetName, number> = { tiny: 1, small: 3, medium: 7 };

/** floating-point operations of one training step; forward 2 per weight and token, backward twice that */
export function stepFlops(model: ModelConfig, rows: number, columns: number): number {
  const perToken = 6 * parameterCount(model) + 12 * model.layers * model.width * columns;
  return rows * columns * perToken;
}

/**
 * what autodiff keeps from the forward pass, roughly: 34 numbers per position and channel, two score maps per head,
 * three rows of logits
 */
function activationBytes({ layers, width, heads, vocabSize }: ModelConfig, rows: number, columns: number): number {
  const perPosition = layers * (34 * width + 2 * heads * columns) + 3 * vocabSize;
  return 4 * rows * columns * perPosition;
}

/**
 * @param columns tokens of a row as it is trained on, at most the context
 * @param flopsPerSecond as a probe measured them; null before one
 */
export function estimateModel(
  model: ModelConfig,
  rows: number,
  columns: number,
  flopsPerSecond: number | null,
): ModelEstimate {
  const parameters = parameterCount(model);
  return {
    parameters,
    trainingBytes: parameters * BYTES_PER_PARAMETER + activationBytes(model, rows, columns),
    secondsPerStep: flopsPerSecond === null ? null : stepFlops(model, rows, columns) / flopsPerSecond,
  };
}

/** @param tinyTokensPerSecond training speed of the Tiny preset here */
export function suggestPreset(tinyTokensPerSecond: number): PresetName {
  const seconds = (preset: PresetName) => (TOKENS_TO_FLUENCY[preset] * COST[preset]) / tinyTokensPerSecond;
  return (['medium', 'small'] as const).find((preset) => seconds(preset) <= PATIENCE_SECONDS) ?? 'tiny';
}
