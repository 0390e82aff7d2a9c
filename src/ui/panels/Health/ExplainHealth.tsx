import { useMemo } from 'react';
import type { RunKind } from '../../../contract/domain';
import type { MetricId } from '../../../contract/metrics';
import { useLab } from '../../../store/lab';
import { isMeasurable, measurableIn } from '../../../store/text/corpusWords';
import { Explain } from '../../primitives/Explain';
import { MEASURES } from './measures';

interface ExplainHealthProps {
  kind: Exclude<RunKind, 'reward'>;
  /** what stands below the measures */
  numbers?: readonly MetricId[];
}

const NONE: readonly MetricId[] = [];

/** What each of the measures means, and each of the numbers below them, with the functions that compute them. */
export function ExplainHealth({ kind, numbers = NONE }: ExplainHealthProps) {
  const measurable = useLab(measurableIn);
  const shown = useMemo(() => {
    const ids = [...MEASURES[kind].map(({ id }) => id), ...numbers];
    return [...new Set(ids)].filter((id) => isMeasurable(id, measurable));
  }, [kind, numbers, measurable]);
  return <Explain title="Health" numbers={shown} />;
}
