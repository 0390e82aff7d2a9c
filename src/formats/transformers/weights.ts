/**
 * Weights under the names of a whole GPT-2 of transformers. A reward model's score is gain · (w·h + b) + bias there;
 * GPT-2's score layer has no bias, so the gain goes into its weight and the rest into the last norm: a shift of
 * h by s·w / ‖w‖² adds s to every score.
 */
import type { CheckpointFile, NamedTensor, NamedTensors } from '../../contract/checkpoint';
import { isScorer, refuse } from './config';

export const LAST_BIAS = 'ln_f.bias';

function scaled({ shape, data }: NamedTensor, gain: number): NamedTensor {
  return { shape, data: data.map((x) => x * gain) };
}

/** @returns the last norm's bias with which every score is `shift` higher */
function shifted(bias: NamedTensor, weight: NamedTensor, shift: number): NamedTensor {
  const square = weight.data.reduce((sum, x) => sum + x * x, 0);
  if (shift !== 0 && square === 0) return refuse('its score is the same for every text, which transformers cannot say');
  return {
    shape: bias.shape,
    data: bias.data.map((x, i) => (shift === 0 ? x : x + (shift * weight.data[i]!) / square)),
  };
}

/** @returns under bare names, of the head its weight alone */
export function scorerOf({ meta, tensors }: CheckpointFile): NamedTensors {
  const { gain, bias } = meta.scoreScale;
  const { 'score.weight': weight, 'score.bias': own, 'lm_head.weight': _, ...trunk } = tensors;
  if (!weight || !own) return refuse('it has no head for a score');
  const score = scaled(weight, gain);
  const shift = gain * own.data[0]! + bias;
  return { ...trunk, [LAST_BIAS]: shifted(trunk[LAST_BIAS]!, score, shift), 'score.weight': score };
}

/** heads that a language model of transformers does not have are left out */
function writerOf({ meta, tensors }: CheckpointFile): NamedTensors {
  const { 'score.weight': _, 'score.bias': __, 'lm_head.weight': head, ...trunk } = tensors;
  return head && !meta.model.tiedHead ? { ...trunk, 'lm_head.weight': head } : trunk;
}

const isHead = (name: string): boolean => name === 'lm_head.weight' || name === 'score.weight';

/** @param file tensors under bare names, as checkpoints have them */
export function weightsOf(file: CheckpointFile): NamedTensors {
  const bare = isScorer(file.meta) ? scorerOf(file) : writerOf(file);
  return Object.fromEntries(
    Object.entries(bare).map(([name, tensor]) => [isHead(name) ? name : `transformer.${name}`, tensor]),
  );
}
