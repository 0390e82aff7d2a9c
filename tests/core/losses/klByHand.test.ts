import { describe } from 'vitest';
import { withBackend } from '../../helpers/backend';
import { describeKlByHand } from './klByHand';

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  withBackend(backend);
  describeKlByHand();
});
