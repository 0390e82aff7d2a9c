import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import type { NumberedKind } from '../numberedKinds';
import styles from './InNumbers.module.css';

interface FreezeButtonProps {
  kind: NumberedKind;
  frozen: boolean;
  onFreeze: () => void;
}

/** While a run goes on its numbers follow it; held, they stay to be read. */
export function FreezeButton({ kind, frozen, onFreeze }: FreezeButtonProps) {
  const running = useLab(({ runs }) => runs[kind].state?.status === 'running');
  if (!running && !frozen) return null;
  return (
    <Button className={styles.freeze} aria-pressed={frozen} onClick={onFreeze}>
      Freeze
    </Button>
  );
}
