import type { Context } from '../context';
import { madeOnDemand, onDemand } from '../page/onDemand';
import type { TableSlice } from './tableState';

const tables = onDemand('reads tables', () => import('./tables').then(({ tableActs }) => tableActs));
const rowsOut = onDemand('writes rows', () => import('./rowsOut').then(({ saveRows }) => saveRows));

/** What reads tables comes when one is opened. */
export function tableSlice(context: Context): TableSlice {
  const acts = madeOnDemand(tables, context);
  return {
    offer: null,
    offerFile: async (bytes, name) => (await acts.get()).offerFile(bytes, name),
    setRole: async (column, role) => (await acts.get()).setRole(column, role),
    setFirstLine: async (is) => (await acts.get()).setFirstLine(is),
    accept: async () => (await acts.get()).accept(),
    save: async (wanted) => (await rowsOut())(context, wanted),
    cancel() {
      context.patch('tables', { offer: null });
      acts.here()?.cancel();
    },
  };
}
