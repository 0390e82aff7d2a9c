import { describe } from 'vitest';
import { useBackend } from '../../helpers/backend';
import { itIsTheRecordedGpt } from './goldenGpt';

describe.each(['cpu', 'wasm'] as const)('the portable network on %s', (backend) => {
  useBackend(backend);
  itIsTheRecordedGpt();
});
