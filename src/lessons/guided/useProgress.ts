import type { Lesson, LessonStep } from '../../contract/lesson';
import { beginning, type LessonProgress, type Phase, phaseOf, stepAt } from '../../store/guide/progress';
import { useLab } from '../../store/lab';

/** How a lesson stands. */
export function useProgress(lesson: Lesson): { progress: LessonProgress; step: LessonStep; phase: Phase } {
  const progress = useLab(({ guide }) => guide.progress[lesson.id]) ?? beginning(lesson);
  return { progress, step: stepAt(lesson, progress), phase: phaseOf(lesson, progress) };
}

/** @returns the numbers of a step that were kept, by name */
export const numbersOf = ({ kept }: LessonProgress, { id }: LessonStep): Record<string, number> =>
  Object.fromEntries(
    Object.entries(kept).flatMap(([key, value]) =>
      key.startsWith(`${id}/`) ? [[key.slice(id.length + 1), value]] : [],
    ),
  );
