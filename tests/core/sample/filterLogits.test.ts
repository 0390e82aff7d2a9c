import { describe } from 'vitest';
import { withBackend } from '../../helpers/backend';
import { itFiltersAsRecorded } from './goldenFilters';

describe.each(['cpu', 'wasm'] as const)('filtering on %s', (backend) => {
  withBackend(backend);
  itFiltersAsRecorded();
});
