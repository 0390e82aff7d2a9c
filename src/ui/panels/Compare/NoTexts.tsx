import type { ErrorReport } from '../../../contract/errors';
import { Say } from '../../primitives/Say';

/** Why there is nothing to judge. */
export function NoTexts({ what, error }: { what: 'pair' | 'group'; error: ErrorReport }) {
  if (error.code === 'work/cancelled') return <Say lead="Cancelled.">{`The next ${what} was not written.`}</Say>;
  return (
    <Say tone="bad" lead={`No ${what} could be written.`}>
      {error.message}
    </Say>
  );
}
