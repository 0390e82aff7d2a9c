import { asSentence, LAB_ERRORS } from '../../../contract/errors';
import { useLab } from '../../../store/lab';
import { formatInteger } from '../../primitives/format';
import { Progress } from '../../primitives/Progress';
import { Say } from '../../primitives/Say';
import styles from './Data.module.css';

/** How far a corpus in the making is, or why it could not be made. */
export function TroubleLine() {
  const { busy, progress, error } = useLab((state) => state.corpus);
  if (busy) {
    return (
      <div className={styles.progress} role="status">
        <span>{progress ? `${progress.label} · ${formatInteger(progress.done)} of ${formatInteger(progress.total)}` : 'Working…'}</span>
        <Progress label="Making the corpus" value={progress?.done ?? 0} max={progress?.total ?? 1} />
      </div>
    );
  }
  if (!error) return null;
  const known = error.code ? LAB_ERRORS[error.code] : null;
  return (
    <Say tone="bad" lead={known ? `${known.title}.` : 'That did not work.'}>
      {asSentence(error.message)} {known?.next}
    </Say>
  );
}
