import { describe } from 'vitest';
import { withBackend } from '../../helpers/backend';
import { itIsTheRecordedGpt } from './goldenGpt';

describe.each(['cpu', 'wasm'] as const)('the portable network on %s', (backend) => {
  withBackend(backend);
  itIsTheRecordedGpt();
});
