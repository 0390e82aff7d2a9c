import { Dialog } from '../../primitives/Dialog';
import styles from './OwnRater.module.css';
import { OwnRaterForm } from './OwnRaterForm';
import { TastedTexts } from './TastedTexts';

/** Where the visitor says what their own rater likes, beside what it makes of a few texts; every change acts at once. */
export function OwnRaterDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Your own rater" shape="sheet" open onClose={onClose}>
      <p className={styles.lead}>
        A score is the sum of the parts below, each times its weight. It is the gold score of any text, votes when you
        add simulated ones, and can pay as a rule. A run keeps the taste that it was begun with.
      </p>
      <div className={styles.columns}>
        <OwnRaterForm />
        <TastedTexts />
      </div>
    </Dialog>
  );
}
