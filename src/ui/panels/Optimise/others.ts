import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Recipe, RunSpec } from '../../../contract/domain';
import { roundOf } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { roundNumber } from '../../../store/rounds/rounds';
import {
  axisOf,
  axisPoints,
  goldOnly,
  groundOf,
  METHODS,
  type Method,
  methodTrail,
  peakStep,
  turnOfPoints,
} from '../../../store/runs/methodTrail';
import type { EarlierRun, PlacedModel, RunView } from '../../../store/state';
import type { OtherTrail } from '../../charts/TrailChart';
import { useGoldOf } from '../useGoldStanding';

const NAMES: Record<Method, string> = { ppo: 'PPO', dpo: 'DPO', bestOf: 'best of N' };
/** @param rounds whether there is more than one to tell apart */
const inRound = (spec: RunSpec | Recipe | null, rounds: boolean): string =>
  spec && rounds ? `, round ${roundOf(spec as { round?: number })}` : '';
export const earlierName = ({ kind, number, spec }: EarlierRun, rounds: boolean): string =>
  `${NAMES[kind]} ${number}${inRound(spec, rounds)}`;

/**
 * Earlier runs that began at the same model under the same rater as this method's run now, whichever reward model
 * judged them.
 */
export function useEarlier(method: Method): EarlierRun[] {
  const runs = useLab((lab) => lab.earlier.runs);
  const ground = useLab((lab) => groundOf(lab.runs[method].spec));
  return useMemo(() => runs.filter(({ spec }) => ground !== null && groundOf(spec) === ground), [runs, ground]);
}

/** as the run itself told it; of one that did not keep it, as its points tell */
const earlierPeak = ({ peak, points }: EarlierRun): number | null =>
  peak === undefined ? (turnOfPoints(points)?.step ?? null) : peak;

/**
 * What other methods, earlier runs and models of the shelf reached from the same model under the same judges: trails
 * for the chart of one of them. Of a trail that another reward model judged, as one of an earlier round, gold is what
 * compares.
 */
export function useOthers(method: Method): OtherTrail[] {
  const spec = useLab(({ runs }) => runs[method].spec);
  // not the method's own run: it changes with every number, and the others stay
  const now: Partial<Record<Method, RunView>> = useLab(
    useShallow(({ runs }) =>
      Object.fromEntries(METHODS.filter((kind) => kind !== method).map((kind) => [kind, runs[kind]])),
    ),
  );
  const tuning = useLab(({ runs }) => runs.finetune);
  const earlier = useEarlier(method);
  const placed = useLab((lab) => lab.placed.models);
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  const rounds = useLab((lab) => roundNumber(lab) > 1);
  const isAnothers = useGoldOf(method).standing === 'anothers';
  return useMemo(() => {
    const [axis, ground] = [axisOf(spec), groundOf(spec)];
    const label = (kind: Method, { bestOf, spec: its }: RunView) =>
      kind === 'bestOf' ? `best of ${bestOf?.result.points.length ?? 'N'}` : `${NAMES[kind]}${inRound(its, rounds)}`;
    const current = METHODS.flatMap((kind) => {
      const run = now[kind];
      if (!run || groundOf(run.spec) !== ground) return [];
      return [
        {
          id: kind as string,
          spec: run.spec,
          label: label(kind, run),
          points: methodTrail(kind, run),
          peak: peakStep(kind, run),
          averaged: kind === 'ppo',
        },
      ];
    });
    const before = earlier.map((run) => ({
      id: run.runId,
      spec: run.spec,
      label: earlierName(run, rounds),
      points: run.points,
      peak: earlierPeak(run),
      averaged: run.kind === 'ppo',
    }));
    const tunedPoints = axisPoints(tuning.history);
    const peak = turnOfPoints(tunedPoints)?.step ?? null;
    const tuned = { id: 'finetune', spec: tuning.spec, label: 'fine-tuning', points: tunedPoints, peak };
    const shown = [...current, ...before, ...(ground !== null && groundOf(tuning.spec) === ground ? [tuned] : [])];
    const trails = shown.map(({ spec: its, ...trail }) =>
      axisOf(its) === axis
        ? trail
        : { ...trail, label: `${trail.label} (gold)`, points: goldOnly(trail.points), peak: null },
    );
    const nameOf = (model: PlacedModel) =>
      checkpoints.find(({ checkpointId }) => checkpointId === model.checkpointId)?.name ?? model.name;
    const dots = placed
      .filter((one) => one.axis === axis)
      .map((model) => ({ id: model.checkpointId, label: nameOf(model), points: [model.point], placed: true }));
    const marked = isAnothers ? trails.map((trail) => ({ ...trail, peak: null })) : trails;
    return [...marked, ...dots].filter(({ points: trail }) => trail.length > 0);
  }, [spec, now, tuning, earlier, placed, checkpoints, rounds, isAnothers]);
}
