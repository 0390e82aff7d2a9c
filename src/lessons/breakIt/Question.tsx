import { useId, useState } from 'react';
import { useLab } from '../../store/lab';
import { Button } from '../../ui/primitives/Button';
import { Card } from '../../ui/primitives/Card';
import styles from './BreakIt.module.css';
import type { Scenario } from './scenario';
import { SCENARIOS } from './scenarios';

/** Before anything runs: what will happen, and what the visitor expects of it. */
export function Question({ scenario, onStart }: { scenario: Scenario; onStart: () => void }) {
  const name = useId();
  const [answer, setAnswer] = useState<string | null>(null);
  const seed = useLab((lab) => lab.config.value.seed);
  const start = useLab((lab) => lab.lesson.start);
  const other = useLab((lab) => lab.lesson.live?.lessonId ?? null);
  const busyTitle = SCENARIOS.find(({ id }) => id === other)?.title;
  const begin = () => {
    if (answer === null) return;
    onStart();
    void start(scenario.plan(seed), answer);
  };
  return (
    <Card>
      <p className={styles.setting}>{scenario.setting}</p>
      <fieldset className={styles.question}>
        <legend>{scenario.question}</legend>
        {scenario.answers.map(({ id, label }) => (
          <label key={id} className={styles.answer}>
            <input type="radio" name={name} value={id} checked={answer === id} onChange={() => setAnswer(id)} />
            {label}
          </label>
        ))}
      </fieldset>
      <div className={styles.row}>
        <Button disabled={answer === null || other !== null} onClick={begin}>
          Run both
        </Button>
        <span className={styles.note}>
          {busyTitle
            ? `“${busyTitle}” is under way: one lesson at a time.`
            : answer === null
              ? 'Your answer first: it is held against what happens.'
              : `Seed ${seed}: the same seed gives the same two runs.`}
        </span>
      </div>
    </Card>
  );
}
