import { describe } from 'vitest';
import { withBackend } from '../../helpers/backend';
import { itIsTheRecordedArithmetic } from './goldenArithmetic';

describe.each(['cpu', 'wasm'] as const)('a pass in numbers beside the portable network on %s', (backend) => {
  withBackend(backend);
  itIsTheRecordedArithmetic();
});
