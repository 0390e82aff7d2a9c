import { useMemo } from 'react';
import type { Lesson, LessonStep } from '../../contract/lesson';
import { useGuide } from '../../store/guide/guide';
import type { Phase } from '../../store/guide/progress';
import { otherSeed, recordOf } from '../../store/guide/watch';
import { useLab } from '../../store/lab';
import { Button } from '../../ui/primitives/Button';
import { Card } from '../../ui/primitives/Card';
import { Say } from '../../ui/primitives/Say';
import { useKeys } from '../../ui/primitives/useKeys';
import { Curves } from '../breakIt/Curves';
import { drawnOf } from '../breakIt/drawn';
import { Numbers } from '../breakIt/Numbers';
import { Samples } from '../breakIt/Samples';
import { Tasks } from '../breakIt/Tasks';
import styles from './Guided.module.css';

/** why the two runs cannot begin; null where they can */
function waitsFor(phase: Phase, isBusy: boolean): string | null {
  if (isBusy) return 'The runs of another step are being given back.';
  return phase === 'ask' ? 'Your answer first: it is held against what happens.' : null;
}

function Begin({ lesson, phase, isBusy }: { lesson: Lesson; phase: Phase; isBusy: boolean }) {
  const runBoth = useGuide((guide) => guide.runBoth);
  const waits = waitsFor(phase, isBusy);
  const begin = () => {
    if (waits === null) void runBoth();
  };
  useKeys<'Training stages'>({ Space: begin });
  return (
    <Card title="Two runs, one seed">
      <div className={styles.begin}>
        <Button kind="primary" keyCap="Space" disabled={waits !== null} onClick={begin}>
          Run both
        </Button>
        <span className={styles.note}>{waits ?? `Seed ${lesson.seed}: the same seed gives the same two runs.`}</span>
      </div>
    </Card>
  );
}

/** The run of a step beside its twin, as they happen. */
export function TwinStage({ lesson, step, phase }: { lesson: Lesson; step: LessonStep; phase: Phase }) {
  const record = useLab((lab) => recordOf(lab, lesson.id, step.id));
  const seed = useLab((lab) => otherSeed(lab, lesson, step));
  const isBusy = useLab((lab) => lab.lesson.live !== null);
  const error = useLab((lab) => lab.lesson.error);
  const isLive = record?.status === 'running';
  const isWhole = record !== null && (isLive || record.status === 'done');
  const drawn = useMemo(() => drawnOf(step), [step]);
  const answers = (step.ask?.order ?? []).map((id) => ({ id, label: step.ask?.answers[id] ?? '' }));
  return (
    <section className={styles.twin} aria-label="The run and its twin" aria-busy={isLive}>
      {record?.status === 'cut' && (
        <Say tone="warn" lead="Cut short.">
          They were left before both came to their end. Run again, they come to the same numbers.
        </Say>
      )}
      {record?.status === 'failed' && (
        <Say tone="bad" lead="It did not come to its end.">
          {error?.message ?? 'What it had made is gone; what is yours is as it was.'}
        </Say>
      )}
      {!isWhole && <Begin lesson={lesson} phase={phase} isBusy={isBusy} />}
      {isLive && <Tasks answers={answers} />}
      {isWhole && (
        <>
          {seed !== null && (
            <p className={styles.note}>
              These two runs are of seed {seed}, from Break it; the lesson’s own are of seed {lesson.seed}, and come
              when it begins again.
            </p>
          )}
          <Curves scenario={drawn} record={record} />
          {!isLive && <Numbers scenario={drawn} record={record} />}
          <Samples record={record} />
        </>
      )}
    </section>
  );
}
