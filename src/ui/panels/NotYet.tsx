import { useLab } from '../../store/lab';
import { Button } from '../primitives/Button';
import { EmptyState } from '../primitives/EmptyState';
import { ComesBack, useComesBack } from './ComesBack';
import { Elsewhere } from './LessonView';

interface NotYetProps {
  hasModel: boolean;
  /** what is missing */
  blocked: string;
}

/** Where a stage learns from votes and cannot begin: why, and where to get what is missing. */
export function NotYet({ hasModel, blocked }: NotYetProps) {
  const go = useLab((lab) => lab.view.go);
  if (useComesBack()) return <ComesBack />;
  return (
    <EmptyState
      title={hasModel ? 'Too few votes to learn from' : 'No model to start from'}
      action={
        <Elsewhere>
          <Button onClick={() => go(hasModel ? 'compare' : 'start')}>
            {hasModel ? 'Go to Compare' : 'Go to Start'}
          </Button>
        </Elsewhere>
      }
    >
      {blocked}
    </EmptyState>
  );
}
