import { type ComponentType, createContext, use } from 'react';
import type { Lesson } from '../../contract/lesson';
import type { Page } from '../../store/state';

/** What rooms above this one put on a page: below what is its own, or all of it where nothing is. */
export const StageExtras = createContext<Partial<Record<Page, ComponentType>>>({});

/** What lessons are called and what they ask: the files belong to the room above. */
export const LessonTexts = createContext<() => Promise<readonly Lesson[]>>(async () => []);

export function StageExtra({ stage }: { stage: Page }) {
  const Extra = use(StageExtras)[stage];
  return Extra ? <Extra /> : null;
}
