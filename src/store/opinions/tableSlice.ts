import type { Context } from '../context';
import { onDemand } from '../page/onDemand';
import type { TableSlice } from './tableState';

const tables = onDemand('reads tables', () => import('./tables').then(({ tableActs }) => tableActs));
const rowsOut = onDemand('writes rows', () => import('./rowsOut').then(({ saveRows }) => saveRows));

/** What reads tables comes when one is opened. */
export function tableSlice(context: Context): TableSlice {
  let known: Omit<TableSlice, 'offer' | 'save'> | null = null;
  const acts = async () => {
    const tableActs = await tables();
    known ??= tableActs(context);
    return known;
  };
  return {
    offer: null,
    offerFile: async (bytes, name) => (await acts()).offerFile(bytes, name),
    setRole: async (column, role) => (await acts()).setRole(column, role),
    accept: async () => (await acts()).accept(),
    save: async (wanted) => (await rowsOut())(context, wanted),
    cancel() {
      context.patch('tables', { offer: null });
      known?.cancel();
    },
  };
}
