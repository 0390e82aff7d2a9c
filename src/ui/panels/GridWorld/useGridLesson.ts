import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createGridLesson, type GridLesson } from '../../../store/gridworld/gridLesson';
import type { GridLessonState } from '../../../store/gridworld/gridState';
import { type Lab, useLabStore } from '../../../store/lab';

/** one a lab, so that a walk to Optimise and back finds the grid as it was */
const lessons = new WeakMap<Lab, GridLesson>();

function lessonOf(lab: Lab): GridLesson {
  const lesson = lessons.get(lab) ?? createGridLesson(lab.getState().teaching.ask);
  lessons.set(lab, lesson);
  return lesson;
}

/** As `useLab`, of the lesson on the grid; several fields are compared one by one. */
export function useGridLesson<T>(selector: (state: GridLessonState) => T): T {
  return useStore(lessonOf(useLabStore()), useShallow(selector));
}
