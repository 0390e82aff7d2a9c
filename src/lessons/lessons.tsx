import { type ComponentType, Suspense } from 'react';
import type { Stage } from '../store/state';
import { part } from '../ui/parts';
import { ErrorBoundary } from '../ui/shell/ErrorBoundary';

/** comes with the first look at Optimise */
const BreakIt = part<object>(() => import('./breakIt/BreakIt').then((module) => ({ default: module.BreakIt })));

/** Which lessons stand on which stage. */
export const LESSONS: Partial<Record<Stage, ComponentType>> = {
  optimise: () => (
    <ErrorBoundary>
      <Suspense fallback={null}>
        <BreakIt />
      </Suspense>
    </ErrorBoundary>
  ),
};
