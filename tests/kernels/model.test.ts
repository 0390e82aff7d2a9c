import { describe } from 'vitest';
import { itIsTheRecordedArithmetic } from '../core/analysis/goldenArithmetic';
import { itIsTheRecordedGpt } from '../core/model/goldenGpt';
import { itBehavesAsANetwork } from '../core/model/identities';
import { itIsALinearLayer } from '../core/model/linear';
import { itReadsLogits } from '../core/model/tokenLogprobs';
import { itFiltersAsRecorded } from '../core/sample/goldenFilters';
import { itIsTheRecordedTranslator } from '../core/translate/goldenTranslator';
import { withBackend } from '../helpers/backend';

describe('on WebGPU, with the kernels that a real card runs', () => {
  withBackend('webgpu', { stockKernels: true });
  describe('the portable network', itIsTheRecordedGpt);
  describe('the linear layer', itIsALinearLayer);
  describe('reading logits', itReadsLogits);
  describe('filtering', itFiltersAsRecorded);
});

describe('on WebGPU that is emulated, as in these tests', () => {
  withBackend('webgpu');
  describe('the portable network', itIsTheRecordedGpt);
  describe('its numbers', itIsTheRecordedArithmetic);
  describe('its identities', itBehavesAsANetwork);
  describe('the encoder–decoder', itIsTheRecordedTranslator);
});
