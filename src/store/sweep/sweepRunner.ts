import type { RunSpec } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { Sweep } from '../../contract/sweeps';
import type { Context } from '../context';
import { CalledOff, type Conductor } from '../lessons/conductor';
import { kept } from '../lessons/lessonPlan';
import { type Belongings, giveBack } from '../lessons/lessonRunner';
import { LESSON_RUN } from '../lessons/lessonState';
import { threadRun } from '../lessons/threadRun';
import { upTo } from '../runs/runEvents';
import { runSpec } from '../runs/runSpec';
import type { LabState } from '../state';
import type { SweepRun } from './sweepState';

/**
 * The runs of a sweep, as the page stands now, by their values.
 * @throws LabError that names the stage to finish first
 */
export function sweepSpecs(state: LabState, sweep: Sweep): { value: number; spec: RunSpec }[] {
  const spec = runSpec(state, sweep.kind);
  return sweep.values.map((value) => ({
    value,
    spec: { ...spec, config: { ...spec.config, ...sweep.changes(value) } } as RunSpec,
  }));
}

/** puts progress of the run in hand on the page with the next frame */
function changeLast(context: Context, change: (run: SweepRun) => Partial<SweepRun>): void {
  context.batch.add((state) => {
    const { live } = state.sweep;
    const last = live?.runs.at(-1);
    if (!live || !last) return state;
    const runs = [...live.runs.slice(0, -1), { ...last, ...change(last) }];
    return { ...state, sweep: { ...state.sweep, live: { ...live, runs } } };
  });
}

function addRun(context: Context, value: number): void {
  context.batch.add((state) => {
    const { live } = state.sweep;
    if (!live) return state;
    const run: SweepRun = { value, totalSteps: 0, history: [], status: 'begun', message: '' };
    return { ...state, sweep: { ...state.sweep, live: { ...live, runs: [...live.runs, run] } } };
  });
}

/** the sweep itself ends with it, not one of its runs */
const endsAll = (error: unknown): boolean =>
  error instanceof CalledOff || (error instanceof LabError && error.code === 'engine/crashed');

/** A run that stops by itself is what came of its value. @throws CalledOff, or what ends the sweep */
async function runOne(context: Context, spec: RunSpec, conductor: Conductor, owned: Belongings): Promise<void> {
  const run = await threadRun(
    context.client(),
    context.newId(LESSON_RUN),
    { spec },
    {
      points: (points) =>
        changeLast(context, ({ history }) => ({
          history: [...upTo(history, points[0]?.step ?? 0), ...points.map(kept)],
        })),
      saved: ({ checkpointId }) => void owned.checkpointIds.add(checkpointId),
    },
  );
  owned.runs.push(run);
  changeLast(context, () => ({ totalSteps: run.totalSteps }));
  try {
    await conductor.play(run, run.totalSteps);
    changeLast(context, () => ({ status: 'done' }));
  } catch (error) {
    if (endsAll(error)) throw error;
    changeLast(context, () => ({ status: 'failed', message: (error as Error).message }));
  }
}

/**
 * One run after the other; each gives back what it made before the next begins.
 * @param keep called with what is done after each
 * @throws CalledOff, or what went wrong
 */
export async function runSweep(
  context: Context,
  specs: readonly { value: number; spec: RunSpec }[],
  conductor: Conductor,
  keep: () => void,
): Promise<void> {
  for (const { value, spec } of specs) {
    await conductor.turn();
    addRun(context, value);
    const owned: Belongings = { runs: [], checkpointIds: new Set() };
    try {
      await runOne(context, spec, conductor, owned);
    } finally {
      await giveBack(context, owned);
      context.batch.flush();
    }
    keep();
  }
}
