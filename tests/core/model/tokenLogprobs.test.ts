import { describe } from 'vitest';
import { withBackend } from '../../helpers/backend';
import { itReadsLogits } from './tokenLogprobs';

describe.each(['cpu', 'wasm'] as const)('reading logits on %s', (backend) => {
  withBackend(backend);
  itReadsLogits();
});
