import { useCallback } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { MetricId } from '../../contract/labels';
import { useLab } from '../../store/lab';
import { isMeasurable, measurableIn } from '../../store/text/corpusWords';

/** @returns tells whether a metric can ever have a value here; as long as it tells the same, the same function */
export function useMeasurable(): (id: MetricId) => boolean {
  const { grammar, gold } = useLab(useShallow(measurableIn));
  return useCallback((id) => isMeasurable(id, { grammar, gold }), [grammar, gold]);
}
