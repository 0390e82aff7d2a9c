import type { ModelConfig } from '../../src/contract/config';

/** rows, widths and heads that neither two nor four divide */
export const ODD_MODEL: ModelConfig = {
  vocabSize: 37,
  contextLength: 24,
  layers: 2,
  heads: 3,
  width: 30,
  positions: 'learned',
  norm: 'pre',
  activation: 'gelu',
  tiedHead: true,
};
