import { type ComponentType, createContext, use } from 'react';
import type { Page } from '../../store/state';

/** What rooms above this one put on a page: below what is its own, or all of it where nothing is. */
export const StageExtras = createContext<Partial<Record<Page, ComponentType>>>({});

export function StageExtra({ stage }: { stage: Page }) {
  const Extra = use(StageExtras)[stage];
  return Extra ? <Extra /> : null;
}
