import { Suspense } from 'react';
import { useLab } from '../../../store/lab';
import { part } from '../../parts';

const ImportTable = part(() => import('./ImportTable'));

/** what the file dialog offers where rows are opened */
export const ROW_FILES = '.jsonl,.ndjson,.json,.txt,.csv,.tsv,.parquet';

/** Asks what the columns of an opened table are, while one waits. */
export function TableDoor() {
  const waits = useLab((lab) => lab.tables.offer !== null);
  if (!waits) return null;
  return (
    <Suspense fallback={null}>
      <ImportTable />
    </Suspense>
  );
}
