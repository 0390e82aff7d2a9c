import type { MetricPoint } from '../../contract/observations';
import type { RecordedLook, RecordedTrack } from '../../contract/recording';
import { EMPTY_RUN } from '../runs/runView';
import type { RunView } from '../state';

/** never a run of the thread */
const RUN_ID = 'recorded';

const until = <T extends { step: number }>(list: readonly T[], step: number): T[] => {
  const next = list.findIndex((item) => item.step > step);
  return next < 0 ? [...list] : list.slice(0, next);
};

/** milliseconds that the run had taken when it was at this step */
export const elapsedAt = (points: readonly MetricPoint[], step: number): number =>
  until(points, step).at(-1)?.elapsedMs ?? 0;

/** @returns the last step that was finished after so many milliseconds */
export const stepAfter = (points: readonly MetricPoint[], elapsedMs: number): number =>
  points.findLast((point) => point.elapsedMs <= elapsedMs)?.step ?? 0;

/** @returns a recorded run as the page showed it at a step */
export function viewAt({ kind, spec, points, looks, totalSteps }: RecordedTrack, step: number): RunView {
  const shown = until(looks, step);
  const last = <W extends RecordedLook['what']>(what: W) =>
    shown.findLast((look): look is Extract<RecordedLook, { what: W }> => look.what === what);
  const [rollouts, review, beforeAfter] = [last('rollouts'), last('review'), last('beforeAfter')];
  return {
    ...EMPTY_RUN,
    runId: RUN_ID,
    spec,
    history: until(points, step),
    samples: shown.flatMap((look) => (look.what === 'samples' ? [{ step: look.step, samples: look.value }] : [])),
    rollouts: rollouts ? { step: rollouts.step, rows: rollouts.value } : null,
    review: review ? { step: review.step, review: review.value } : null,
    beforeAfter: beforeAfter ? { step: beforeAfter.step, rows: beforeAfter.value } : null,
    state: {
      runId: RUN_ID,
      kind,
      status: step >= totalSteps ? 'done' : 'running',
      step,
      totalSteps,
      phase: null,
      phaseMs: {},
      elapsedMs: elapsedAt(points, step),
      message: '',
      checkpointId: null,
    },
  };
}
