import { useState } from 'react';
import { part } from '../parts';
import { Button } from '../primitives/Button';
import { OverStage } from '../shell/OverStage';
import { IN_NUMBERS, type NumberedKind } from './numberedKinds';

interface PageProps {
  kind: NumberedKind;
  onClose: () => void;
}

/** the numbers come with their pages, when they are asked for */
const OfPpo = part<PageProps>(() =>
  import('./InNumbers/PpoInNumbers').then(({ PpoInNumbers }) => ({ default: PpoInNumbers })),
);
const OfOthers = part<PageProps>(() =>
  import('./InNumbers/MethodInNumbers').then(({ MethodInNumbers }) => ({ default: MethodInNumbers })),
);

/** Opens the method's formula with the numbers of its last batch. */
export function InNumbersButton({ kind }: { kind: NumberedKind }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const Page = kind === 'ppo' ? OfPpo : OfOthers;
  return (
    <>
      <Button kind="link" onClick={() => setOpen(true)}>
        In numbers
      </Button>
      {open && (
        <OverStage title={IN_NUMBERS[kind]} shape="sheet" onClose={close}>
          <Page kind={kind} onClose={close} />
        </OverStage>
      )}
    </>
  );
}
