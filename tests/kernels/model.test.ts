import { describe } from 'vitest';
import { itIsTheRecordedGpt } from '../core/model/goldenGpt';
import { itBehavesAsANetwork } from '../core/model/identities';
import { itReadsLogits } from '../core/model/tokenLogprobs';
import { itFiltersAsRecorded } from '../core/sample/goldenFilters';
import { withBackend } from '../helpers/backend';

describe('on WebGPU', () => {
  withBackend('webgpu');
  describe('the portable network', itIsTheRecordedGpt);
  describe('its identities', itBehavesAsANetwork);
  describe('reading logits', itReadsLogits);
  describe('filtering', itFiltersAsRecorded);
});
