import { useLab } from '../../../store/lab';
import { checkpointById } from '../../../store/models/inUse';
import styles from './BeginsFrom.module.css';

interface BeginsFromProps {
  /** the first half of the sentence: "Both texts are written by" */
  what: string;
}

/**
 * On the stages after it: that they begin from the fine-tuned model, not from the base. Nothing while there is none.
 */
export function BeginsFrom({ what }: BeginsFromProps) {
  const tuned = useLab((state) => checkpointById(state, state.shelf.slots.fineTunedId));
  if (!tuned) return null;
  return (
    <p className={styles.line}>
      {what} the fine-tuned model, <b>{tuned.name}</b>.
    </p>
  );
}
