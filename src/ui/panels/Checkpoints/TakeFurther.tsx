import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import styles from './Checkpoints.module.css';

/** What a visitor goes on with when a tab is too small. */
export function TakeFurther() {
  const isNothing = useLab((lab) => lab.shelf.checkpoints.length === 0);
  const busy = useLab((lab) => lab.work.underway.takeFurther !== undefined);
  const takeFurther = useLab((lab) => lab.shelf.takeFurther);
  if (isNothing) return null;
  return (
    <p className={styles.further}>
      <Button onClick={() => void takeFurther()} disabled={busy}>
        Take it further
      </Button>
      <span className={styles.quiet}>
        A Python project of these models, your data and your settings, to go on with in TRL on other machines.
      </span>
    </p>
  );
}
