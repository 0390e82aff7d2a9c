import { useEffect } from 'react';
import { useLab } from '../../../store/lab';
import { isAtRisk } from '../../../store/notebook/unsaved';
import { Button } from '../../primitives/Button';
import { Say } from '../../primitives/Say';

const WORDS = {
  persistent: 'This browser may clear what pages store when its disk is almost full. A notebook keeps the lab.',
  full: 'The browser has no room left, so the last changes are in this tab alone. A notebook keeps them.',
  memory: 'Nothing is stored in this window, and all of it goes when it closes. A notebook keeps it.',
} as const;

/**
 * Said where a visitor's work would be missed, nothing promises to keep it, and no notebook has it.
 * @param linked with the way to the page
 */
export function AtRisk({ linked = false }: { linked?: boolean }) {
  const atRisk = useLab(isAtRisk);
  const storage = useLab((state) => state.session.storage);
  const go = useLab((state) => state.view.go);
  const look = useLab((state) => state.notebook.look);
  useEffect(() => void look(), [look]);
  if (!atRisk || storage === 'opening') return null;
  return (
    <Say tone="warn" lead="Not kept for certain.">
      {WORDS[storage]}
      {linked && (
        <>
          {' '}
          <Button kind="link" onClick={() => go('notebook')}>
            Save a notebook
          </Button>
        </>
      )}
    </Say>
  );
}
