import type { LabErrorCode } from '../../contract/errors';
import type { Context } from '../context';
import type { LabState } from '../state';
import { storeSettings } from './settings';
import { storeAgain } from './storeAgain';
import type { Troubles } from './vault';

/** what becomes of what is done now */
const STORAGE_IN_TROUBLE: Partial<Record<LabErrorCode, LabState['session']['storage']>> = {
  'storage/full': 'full',
  'storage/lost': 'memory',
  'storage/outdated': 'memory',
  'storage/unavailable': 'memory',
};

/** what the vault tells becomes a notice and the session's storage state */
export function storageTroubles(context: () => Context): Troubles {
  return {
    trouble(code, message) {
      const storage = STORAGE_IN_TROUBLE[code];
      if (storage) context().patch('session', { storage });
      context().get().notices.report({ code, message, stack: undefined });
    },
    over(code) {
      if (STORAGE_IN_TROUBLE[code]) context().patch('session', { storage: 'persistent' });
      context().get().notices.clear(code);
    },
    async storeAgain(mine) {
      await storeAgain(context(), mine, () => storeSettings(context()));
    },
    later: (task, ms) => context().later(task, ms),
  };
}
