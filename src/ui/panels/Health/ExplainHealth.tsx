import { useMemo } from 'react';
import type { RunKind } from '../../../contract/domain';
import type { MetricId } from '../../../contract/metrics';
import { Explain } from '../../primitives/Explain';
import { useMeasurable } from '../useMeasurable';
import { MEASURES } from './measures';

interface ExplainHealthProps {
  kind: Exclude<RunKind, 'reward'>;
  /** what stands below the measures */
  numbers?: readonly MetricId[];
}

const NONE: readonly MetricId[] = [];

/** What each of the measures means, and each of the numbers below them, with the functions that compute them. */
export function ExplainHealth({ kind, numbers = NONE }: ExplainHealthProps) {
  const isMeasurable = useMeasurable();
  const shown = useMemo(() => {
    const ids = [...MEASURES[kind].map(({ id }) => id), ...numbers];
    return [...new Set(ids)].filter(isMeasurable);
  }, [kind, numbers, isMeasurable]);
  return <Explain title="Health" numbers={shown} />;
}
