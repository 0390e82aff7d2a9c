import { useShallow } from 'zustand/react/shallow';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { AtRisk } from './AtRisk';
import styles from './Notebook.module.css';

/** Out: everything that is stored, as a file. */
export function SaveCard() {
  const { save, isBusy } = useLab(
    useShallow(({ notebook, work }) => ({ save: notebook.save, isBusy: work.underway.saveNotebook !== undefined })),
  );
  return (
    <Card title="Save" note="to take along">
      <div className={styles.form}>
        <p className={styles.note}>
          One file holds all of the lab: votes and rankings, models, runs with their curves, settings, lessons with your
          answers, the class and the arena. On another machine a run goes on from it to the same numbers.
        </p>
        <AtRisk />
        <Button kind="primary" disabled={isBusy} onClick={() => void save()}>
          Save notebook
        </Button>
        <p className={styles.note}>
          It is a zip file: models in it are safetensors, lists are JSON Lines. Nothing is sent anywhere.
        </p>
      </div>
    </Card>
  );
}
