import { useEffect, useRef, useState } from 'react';
import type { RunKind } from '../../../contract/domain';
import type { RunBatch } from '../../../contract/stepBatch';
import { useLab } from '../../../store/lab';
import { usePaced } from '../../charts/usePaced';

export interface LastBatch {
  /** the last complete one; it stays while the next is under way */
  batch: RunBatch | null;
  /** why none could be read */
  trouble: string | null;
}

/**
 * The batch that a run was last trained on, asked for anew when steps are done, on the beat of the charts at most.
 * @param frozen what is there stays while the run goes on
 */
export function useBatch(kind: RunKind, frozen = false): LastBatch {
  const runId = useLab(({ runs }) => runs[kind].runId);
  const step = usePaced(useLab(({ runs }) => runs[kind].state?.step ?? 0));
  const ask = useLab(({ teaching }) => teaching.ask);
  const [last, setLast] = useState<LastBatch>({ batch: null, trouble: null });
  const newest = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step means another batch
  useEffect(() => {
    if (frozen) return;
    const asked = ++newest.current;
    if (runId === null) return setLast({ batch: null, trouble: null });
    const tell = (next: LastBatch) => asked === newest.current && setLast(next);
    ask('run/batch', { runId }).then(
      (batch) => tell({ batch, trouble: null }),
      (error: Error) => tell({ batch: null, trouble: error.message }),
    );
  }, [ask, runId, step, frozen]);
  return last;
}
