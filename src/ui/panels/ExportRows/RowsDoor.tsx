import { Suspense, useState } from 'react';
import type { ForeignKind } from '../../../store/state';
import { part } from '../../parts';
import { Button } from '../../primitives/Button';

const ExportRows = part(() => import('./ExportRows'));

/** Opens what writes rows for the trainers of other programs. */
export function RowsDoor({ first, disabled }: { first: ForeignKind; disabled: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} disabled={disabled}>
        Export for TRL…
      </Button>
      {open && (
        <Suspense fallback={null}>
          <ExportRows first={first} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
