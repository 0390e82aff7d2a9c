import type { Context } from '../context';
import type { TableSlice } from './tableState';

/** What reads tables comes when one is opened. */
export function tableSlice(context: Context): TableSlice {
  let coming: Promise<Omit<TableSlice, 'offer' | 'save'>> | null = null;
  const acts = () => {
    coming ??= import('./tables').then(
      ({ tableActs }) => tableActs(context),
      (error) => {
        coming = null; // tried again with the next file
        throw error;
      },
    );
    return coming;
  };
  return {
    offer: null,
    offerFile: async (bytes, name) => (await acts()).offerFile(bytes, name),
    setRole: async (column, role) => (await acts()).setRole(column, role),
    accept: async () => (await acts()).accept(),
    save: async (wanted) => (await import('./rowsOut')).saveRows(context, wanted),
    cancel() {
      context.patch('tables', { offer: null });
      void acts().then(({ cancel }) => cancel());
    },
  };
}
