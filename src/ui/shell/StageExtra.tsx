import { type ComponentType, createContext, use } from 'react';
import type { Stage } from '../../store/state';

/** What rooms above this one put on a stage, below what is its own: lessons, for one. */
export const StageExtras = createContext<Partial<Record<Stage, ComponentType>>>({});

export function StageExtra({ stage }: { stage: Stage }) {
  const Extra = use(StageExtras)[stage];
  return Extra ? <Extra /> : null;
}
