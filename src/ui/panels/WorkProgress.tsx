import { useLab } from '../../store/lab';
import type { Work, WorkKind } from '../../store/state';
import { Button } from '../primitives/Button';
import { formatInteger } from '../primitives/format';
import { Progress } from '../primitives/Progress';
import { useHasLasted } from './useHasLasted';
import styles from './WorkProgress.module.css';

interface WorkProgressProps {
  kind: WorkKind;
  /** what the bar shows: "Making the corpus" */
  label: string;
  /** over what stands there, whose place it must not move */
  over?: boolean;
  /** away from what it is about: says what is being done, too */
  titled?: boolean;
  /** work that is never over in a moment is shown from its first moment on */
  atOnce?: boolean;
}

/**
 * How far a piece of long work is, and the way to end it; nothing while there is none, and where it is over in a
 * moment.
 */
export function WorkProgress({ kind, label, over = false, titled = false, atOnce = false }: WorkProgressProps) {
  const work = useLab((state) => state.work.underway[kind] ?? null);
  const cancel = useLab((state) => state.work.cancel);
  const lasts = useHasLasted(work !== null);
  if (!work || !(lasts || atOnce)) return null;
  const { progress, cancelling, committed } = work;
  return (
    <section className={`${styles.work} ${over ? styles.over : ''}`} aria-label={label}>
      <span className={styles.said} role="status">
        {titled && <b className={styles.title}>{label}</b>}
        <span>{wordsOf(work, titled ? 'Working' : label)}</span>
      </span>
      {!committed && (
        <Button disabled={cancelling} onClick={() => cancel(kind)}>
          Cancel
        </Button>
      )}
      <div className={styles.bar}>
        <Progress label={label} value={progress?.done ?? 0} max={Math.max(1, progress?.total ?? 1)} />
      </div>
    </section>
  );
}

/** @param unsaid what is said before the first news */
function wordsOf({ progress, cancelling }: Work, unsaid: string): string {
  if (cancelling) return 'Ending…';
  if (!progress) return `${unsaid}…`;
  const { label, done, total } = progress;
  return total > 0 ? `${label} · ${formatInteger(done)} of ${formatInteger(total)}` : `${label}…`;
}
