import type { RunKind } from '../../../contract/domain';
import styles from './Presenter.module.css';
import { useRunOf } from './runOf';

interface WaitingProps {
  /** what will be drawn here */
  what: string;
  run?: RunKind;
}

/** In the place of a picture that has nothing to show yet: what brings it. */
export function Waiting({ what, run }: WaitingProps) {
  const blocked = useRunOf(run)?.blocked;
  return (
    <p className={styles.waiting}>
      {what} {blocked ?? (run && 'Space trains.')}
    </p>
  );
}
