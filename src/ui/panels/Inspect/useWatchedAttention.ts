import { useEffect } from 'react';
import type { RunKind } from '../../../contract/domain';
import { useLab } from '../../../store/lab';

/** Maps cost time to read back: the run sends them only while this is mounted. */
export function useWatchedAttention(kind: RunKind): void {
  const watch = useLab((state) => state.runs.watch);
  const runId = useLab((state) => state.runs[kind].runId);
  useEffect(() => {
    if (runId === null) return;
    watch(kind, true);
    return () => watch(kind, false);
  }, [watch, kind, runId]);
}
