import { type ComponentType, lazy, Suspense } from 'react';
import type { Stage } from '../store/state';

/** comes with the first look at Optimise */
const BreakIt = lazy(() => import('./breakIt/BreakIt').then((module) => ({ default: module.BreakIt })));

/** Which lessons stand on which stage. */
export const LESSONS: Partial<Record<Stage, ComponentType>> = {
  optimise: () => (
    <Suspense fallback={null}>
      <BreakIt />
    </Suspense>
  ),
};
