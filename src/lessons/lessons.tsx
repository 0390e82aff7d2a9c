import { type ComponentType, Suspense } from 'react';
import { onDemand } from '../store/page/onDemand';
import type { Page } from '../store/state';
import { part } from '../ui/parts';
import { ErrorBoundary } from '../ui/shell/ErrorBoundary';

/** they come with the first look at Optimise */
const BreakIt = part<object>(() => import('./breakIt/BreakIt').then((module) => ({ default: module.BreakIt })));
const Sweep = part<object>(() => import('./sweep/Sweep').then((module) => ({ default: module.Sweep })));

/** a page of lessons comes with their files, so that it needs no network later */
const withFiles = async (page: Promise<{ default: ComponentType }>): Promise<{ default: ComponentType }> => {
  const { shippedLessons } = await import('./guided/shipped');
  await shippedLessons();
  return page;
};
const LessonsPage = part<object>(() =>
  withFiles(import('./guided/LessonsPage').then((module) => ({ default: module.LessonsPage }))),
);
const LessonPage = part<object>(() =>
  withFiles(import('./guided/LessonPage').then((module) => ({ default: module.LessonPage }))),
);

const RecordedPage = part<object>(() =>
  import('./recorded/RecordedPage').then((module) => ({ default: module.RecordedPage })),
);

/** for what speaks of lessons elsewhere on the page */
export const lessonTexts = onDemand('tells lessons', async () => (await import('./guided/shipped')).shippedLessons());

/** by itself: what one of them breaks on does not take the others along */
const alone = (Lesson: ComponentType) => (
  <ErrorBoundary>
    <Suspense fallback={null}>
      <Lesson />
    </Suspense>
  </ErrorBoundary>
);

/** Which lessons stand on which page: below the stage, or as the page itself. */
export const LESSONS: Partial<Record<Page, ComponentType>> = {
  lessons: LessonsPage,
  lesson: LessonPage,
  recorded: RecordedPage,
  optimise: () => (
    <>
      {alone(Sweep)}
      {alone(BreakIt)}
    </>
  ),
};
