import type { RunKind } from '../../contract/domain';
import { useLab } from '../../store/lab';
import { Button } from '../primitives/Button';
import styles from './GoBack.module.css';

/** After a broken number: the run as it was stored before it, so that a lower learning rate can go on from there. */
export function GoBack({ kind }: { kind: RunKind }) {
  const offered = useLab((lab) => lab.runs[kind].error?.code === 'run/nonFinite');
  const busy = useLab((lab) => lab.runs[kind].busy !== null);
  const goBack = useLab((lab) => lab.runs.goBack);
  if (!offered) return null;
  return (
    <Button className={styles.button} disabled={busy} onClick={() => goBack(kind)}>
      Back to the last good checkpoint
    </Button>
  );
}
