/** The shape of GPT-2 small: 124 million weights. */
import type { ModelConfig } from '../../src/contract/config';

export const GPT_2_SMALL: ModelConfig = {
  vocabSize: 50_257,
  contextLength: 1024,
  layers: 12,
  heads: 12,
  width: 768,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};
