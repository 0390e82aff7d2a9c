import { type ReactNode, Suspense } from 'react';
import { Dialog } from '../primitives/Dialog';
import { ErrorBoundary } from './ErrorBoundary';

interface OverStageProps {
  title: string;
  shape: 'box' | 'drawer' | 'sheet';
  onClose: () => void;
  children: ReactNode;
}

/**
 * A drawer, sheet or dialog brings its own frame; one that could not be loaded or drawn is framed here, and the stage
 * behind it stays.
 */
export function OverStage({ title, shape, onClose, children }: OverStageProps) {
  const frame = (words: ReactNode) => (
    <Dialog title={title} shape={shape} open onClose={onClose}>
      {words}
    </Dialog>
  );
  return (
    <ErrorBoundary frame={frame}>
      <Suspense fallback={null}>{children}</Suspense>
    </ErrorBoundary>
  );
}
