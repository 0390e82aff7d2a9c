import { use, useState } from 'react';
import { LIMITS, startOf } from '../../../contract/limits';
import { useLab, useLabStore } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { TextField } from '../../primitives/TextField';
import { LessonTexts } from '../../shell/StageExtra';
import styles from './Notebook.module.css';
import { saveReport } from './report/saveReport';

/** A sheet of paper: what was done, in pictures and tables. */
export function ReportCard() {
  const lab = useLabStore();
  const students = useLab(({ classroom: { teacher } }) => teacher?.students ?? null);
  const usual = students === null ? 'What my model learned' : `What a class of ${students} taught a model`;
  const lessons = use(LessonTexts);
  const [title, setTitle] = useState('');
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const texts = await lessons().catch(() => []); // without them answers are named by their ids
    await saveReport(lab, startOf(title.trim(), LIMITS.name) || usual, texts).finally(() => setBusy(false));
  };
  return (
    <Card title="Report" note="to print">
      <div className={styles.form}>
        <p className={styles.note}>
          Curves, tables, texts before and after, settings, seed and hashes on a sheet of A4. It is one HTML file
          without a script; it asks for nothing when opened.
        </p>
        <TextField label="Title" hint={`“${usual}” unless you write another.`} value={title} onChange={setTitle} />
        <Button disabled={isBusy} onClick={() => void save()}>
          Save report
        </Button>
      </div>
    </Card>
  );
}
