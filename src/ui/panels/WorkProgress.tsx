import { useLab } from '../../store/lab';
import type { Work, WorkKind } from '../../store/state';
import { Button } from '../primitives/Button';
import { formatInteger } from '../primitives/format';
import { Progress } from '../primitives/Progress';
import styles from './WorkProgress.module.css';

interface WorkProgressProps {
  kind: WorkKind;
  /** what the bar shows: "Making the corpus" */
  label: string;
}

/** How far a piece of long work is, and the way to end it; nothing while there is none. */
export function WorkProgress({ kind, label }: WorkProgressProps) {
  const work = useLab((state) => state.work.underway[kind] ?? null);
  const cancel = useLab((state) => state.work.cancel);
  if (!work) return null;
  const { progress, cancelling } = work;
  return (
    <div className={styles.work}>
      <span className={styles.said} role="status">
        {wordsOf(work)}
      </span>
      <Button disabled={cancelling} onClick={() => cancel(kind)}>
        Cancel
      </Button>
      <div className={styles.bar}>
        <Progress label={label} value={progress?.done ?? 0} max={Math.max(1, progress?.total ?? 1)} />
      </div>
    </div>
  );
}

function wordsOf({ progress, cancelling }: Work): string {
  if (cancelling) return 'Ending…';
  if (!progress) return 'Working…';
  const { label, done, total } = progress;
  return total > 0 ? `${label} · ${formatInteger(done)} of ${formatInteger(total)}` : `${label}…`;
}
