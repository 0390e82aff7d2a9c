import { useEffect, useRef, useState } from 'react';
import type { PpoBatch } from '../../../contract/ppoBatch';
import { useLab } from '../../../store/lab';

export interface LastBatch {
  /** the last complete one; it stays while the next is under way */
  batch: PpoBatch | null;
  /** why none could be read */
  trouble: string | null;
}

/** The batch that PPO's last iteration was trained on, asked for anew with every iteration that is done. */
export function useBatch(): LastBatch {
  const runId = useLab(({ runs }) => runs.ppo.runId);
  const step = useLab(({ runs }) => runs.ppo.state?.step ?? 0);
  const ask = useLab(({ teaching }) => teaching.ask);
  const [last, setLast] = useState<LastBatch>({ batch: null, trouble: null });
  const newest = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step means another batch
  useEffect(() => {
    const asked = ++newest.current;
    if (runId === null) return setLast({ batch: null, trouble: null });
    const tell = (next: LastBatch) => asked === newest.current && setLast(next);
    ask('run/batch', { runId }).then(
      (batch) => tell({ batch: batch?.kind === 'ppo' ? batch : null, trouble: null }),
      (error: Error) => tell({ batch: null, trouble: error.message }),
    );
  }, [ask, runId, step]);
  return last;
}
