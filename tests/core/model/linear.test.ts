import { describe } from 'vitest';
import { withBackend } from '../../helpers/backend';
import { itIsALinearLayer } from './linear';

describe.each(['cpu', 'wasm'] as const)('the linear layer on %s', (backend) => {
  withBackend(backend);
  itIsALinearLayer();
});
