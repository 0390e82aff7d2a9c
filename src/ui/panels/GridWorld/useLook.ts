import type { GridLook } from './GridPicture';
import { policyValuesOf } from './parts';
import { useGridLesson } from './useGridLesson';

const NOTHING: GridLook = { values: null, policy: null, walk: null };

/** What the grid shows in the part that is open. */
export function useLook(): GridLook {
  const lesson = useGridLesson(({ part, solution, policy, run, swept, walk }) => ({
    ...{ part, solution, policy, run, swept, walk },
  }));
  const { part, solution, run, swept, walk } = lesson;
  if (part === 'walk' || part === 'return') return { ...NOTHING, walk };
  const shown =
    part === 'values'
      ? policyValuesOf(lesson)
      : part === 'sweeps'
        ? solution?.sweeps[swept]
        : part === 'learning'
          ? (run?.learned ?? solution?.uniform)
          : null;
  return shown ? { ...NOTHING, values: shown.values, policy: shown.policy } : NOTHING;
}
