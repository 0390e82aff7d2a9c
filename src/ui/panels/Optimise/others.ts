import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../../../store/lab';
import { axisOf, METHODS, type Method, methodTrail } from '../../../store/methodTrail';
import type { EarlierRun, RunView } from '../../../store/state';
import type { OtherTrail } from '../../charts/TrailChart';

const NAMES: Record<Method, string> = { ppo: 'PPO', dpo: 'DPO', bestOf: 'best of N' };
export const earlierName = ({ kind, number }: EarlierRun): string => `${NAMES[kind]} ${number}`;

/** Earlier runs that began at the same model under the same judges as this method's run now. */
export function useEarlier(method: Method): EarlierRun[] {
  const runs = useLab((lab) => lab.earlier.runs);
  const axis = useLab((lab) => axisOf(lab.runs[method].spec));
  return useMemo(() => runs.filter(({ spec }) => axis !== null && axisOf(spec) === axis), [runs, axis]);
}

/** What other methods, earlier runs and models of the shelf reached from the same model under the same judges: trails for the chart of one of them. */
export function useOthers(method: Method): OtherTrail[] {
  const now = useLab(useShallow(({ runs }) => ({ ppo: runs.ppo, dpo: runs.dpo, bestOf: runs.bestOf })));
  const earlier = useEarlier(method);
  const placed = useLab((lab) => lab.placed.models);
  return useMemo(() => {
    const axis = axisOf(now[method].spec);
    const label = (kind: Method, { bestOf }: RunView) =>
      kind === 'bestOf' ? `best of ${bestOf?.result.points.length ?? 'N'}` : NAMES[kind];
    const current = METHODS.filter((kind) => kind !== method && axisOf(now[kind].spec) === axis);
    return [
      ...current.map((kind) => ({ id: kind, label: label(kind, now[kind]), points: methodTrail(kind, now[kind]) })),
      ...earlier.map((run) => ({ id: run.runId, label: earlierName(run), points: run.points })),
      ...placed
        .filter((one) => one.axis === axis)
        .map(({ checkpointId, name, point }) => ({ id: checkpointId, label: name, points: [point] })),
    ].filter(({ points }) => points.length > 0);
  }, [method, now, earlier, placed]);
}
