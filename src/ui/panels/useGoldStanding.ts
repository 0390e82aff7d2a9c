import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { RunKind } from '../../contract/domain';
import type { MetricId } from '../../contract/metrics';
import type { Rater } from '../../contract/preferences';
import { useLab } from '../../store/lab';
import { type GoldStanding, goldStanding, isAgreementDue } from '../../store/opinions/goldStanding';
import { raterInUse } from '../../store/opinions/raterInUse';

/** How far the gold of a rater may speak for those who chose; the thread is asked to count where that is not known. */
export function useGoldStanding(rater: Rater | null): GoldStanding {
  const due = useLab((lab) => rater !== null && isAgreementDue(lab, rater));
  const weigh = useLab((lab) => lab.gold.weigh);
  useEffect(() => {
    if (due && rater) void weigh(rater);
  }, [due, rater, weigh]);
  return useLab(useShallow((lab) => goldStanding(lab, rater)));
}

const BY_GOLD: ReadonlySet<MetricId> = new Set<MetricId>(['gold/winRate']);
const NONE: ReadonlySet<MetricId> = new Set();
/**
 * @returns shares by gold that are not held against what is usual: they would be low where the visitor gets what was
 * voted for
 */
export const unmarkedBy = ({ standing }: GoldStanding): ReadonlySet<MetricId> =>
  standing === 'theirs' ? NONE : BY_GOLD;

/** The same for the rater by whom a run's gold is computed, or, before one, the next run's would be. */
export function useGoldOf(kind: RunKind): GoldStanding {
  const rater = useLab((state) => {
    const { spec } = state.runs[kind];
    return spec && 'rater' in spec ? (spec.rater ?? null) : raterInUse(state);
  });
  return useGoldStanding(rater);
}
