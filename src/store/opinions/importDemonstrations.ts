/** Demonstrations from a file; one with bad lines waits for the visitor's decision. */
import type { Context } from '../context';
import { onDemand } from '../page/onDemand';
import type { DemonstrationsSlice } from '../state';
import { addImported, whileBusy } from './demonstrations';

const importing = onDemand('reads files of demonstrations', () =>
  import('./demonstrationFile').then(({ importOne }) => importOne),
);

type Imports = Pick<DemonstrationsSlice, 'importFile' | 'keepGoodLines' | 'cancelImport'>;

export const demonstrationImports = (context: Context): Imports => ({
  importFile: (bytes, name) => whileBusy(context, 'checking', async () => (await importing())(context, bytes, name)),
  keepGoodLines() {
    const { pendingImport } = context.get().demonstrations;
    if (pendingImport) addImported(context, pendingImport.demonstrations);
  },
  cancelImport: () => context.patch('demonstrations', { pendingImport: null }),
});
