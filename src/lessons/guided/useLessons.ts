import { use, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Lesson } from '../../contract/lesson';
import { lessonsIn } from '../../store/guide/library';
import { useLab } from '../../store/lab';
import { shippedLessons } from './shipped';

/** All lessons in the chosen language; the same objects while nothing of them changes. Suspends until they are here. */
export function useLessons(): readonly Lesson[] {
  const shipped = use(shippedLessons());
  const { own, translations, language } = useLab(
    useShallow(({ guide: { own, translations, language } }) => ({ own, translations, language })),
  );
  return useMemo(() => lessonsIn(shipped, { own, translations, language }), [shipped, own, translations, language]);
}
