import { describe } from 'vitest';
import { itIsTheRecordedGpt } from '../core/model/goldenGpt';
import { itBehavesAsANetwork } from '../core/model/identities';
import { itIsALinearLayer } from '../core/model/linear';
import { itReadsLogits } from '../core/model/tokenLogprobs';
import { itFiltersAsRecorded } from '../core/sample/goldenFilters';
import { withBackend } from '../helpers/backend';

describe('on WebGPU', () => {
  withBackend('webgpu');
  describe('the portable network', itIsTheRecordedGpt);
  describe('its identities', itBehavesAsANetwork);
  describe('the linear layer', itIsALinearLayer);
  describe('reading logits', itReadsLogits);
  describe('filtering', itFiltersAsRecorded);
});
