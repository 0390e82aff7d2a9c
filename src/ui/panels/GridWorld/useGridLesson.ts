import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { gridLessonOf } from '../../../store/gridworld/gridLesson';
import type { GridLessonState } from '../../../store/gridworld/gridState';
import { useLabStore } from '../../../store/lab';

/** As `useLab`, of the lesson on the grid; several fields are compared one by one. */
export function useGridLesson<T>(selector: (state: GridLessonState) => T): T {
  return useStore(gridLessonOf(useLabStore()), useShallow(selector));
}
