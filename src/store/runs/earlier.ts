import type { RunKind } from '../../contract/domain';
import type { Context } from '../context';
import type { EarlierSlice } from '../state';
import { recipeAsLived } from './liveChanges';
import { isMethod, methodTrail, peakStep } from './methodTrail';

/** more trails on one chart cannot be told apart */
const KEPT = 4;

export const earlierSlice = (context: Context): EarlierSlice => ({
  runs: [],
  forget: () => context.patch('earlier', { runs: [] }),
});

/** Called before a run goes: its trail stays beside the next ones. */
export function rememberRun(context: Context, kind: RunKind): void {
  context.batch.flush(); // what it told last may still wait for the beat
  const run = context.get().runs[kind];
  if (!isMethod(kind) || run.runId === null || run.spec === null) return;
  const points = methodTrail(kind, run);
  if (points.length === 0) return;
  const { runs } = context.get().earlier;
  const number = 1 + runs.reduce((most, one) => (one.kind === kind ? Math.max(most, one.number) : most), 0);
  const checkpointId = run.state?.checkpointId ?? null;
  const earlier = {
    runId: run.runId,
    kind,
    number,
    spec: recipeAsLived(run.spec, run.live),
    checkpointId,
    points,
    peak: peakStep(kind, run),
  };
  context.patch('earlier', { runs: [...runs, earlier].slice(-KEPT) });
}
