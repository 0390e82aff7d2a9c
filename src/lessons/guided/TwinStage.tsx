import type { Lesson, LessonStep } from '../../contract/lesson';
import { useGuide } from '../../store/guide/guide';
import type { Phase } from '../../store/guide/progress';
import { isOfGuide } from '../../store/guide/twin';
import { recordOf } from '../../store/guide/watch';
import { useLab } from '../../store/lab';
import { Button } from '../../ui/primitives/Button';
import { Card } from '../../ui/primitives/Card';
import { Say } from '../../ui/primitives/Say';
import { useKeys } from '../../ui/primitives/useKeys';
import { Curves } from '../breakIt/Curves';
import { DPO_PROXY, PPO_PROXY } from '../breakIt/plans';
import { Samples } from '../breakIt/Samples';
import type { Drawn } from '../breakIt/scenario';
import { Tasks } from '../breakIt/Tasks';
import styles from './Guided.module.css';

/** what the curves of a step's two runs are called */
function drawnOf({ place, text }: LessonStep): Drawn {
  const names = { healthy: text.control ?? 'The twin', broken: text.run ?? 'This run' };
  return place === 'optimise/dpo'
    ? { ...names, proxy: DPO_PROXY, noun: 'step' }
    : { ...names, proxy: PPO_PROXY, noun: 'iteration' };
}

/** why the two runs cannot begin; null where they can */
function waitsFor(phase: Phase, other: string | null): string | null {
  if (other !== null) return 'Two runs of Break it are under way on Optimise: one lesson at a time.';
  return phase === 'ask' ? 'Your answer first: it is held against what happens.' : null;
}

function Begin({ lesson, phase, other }: { lesson: Lesson; phase: Phase; other: string | null }) {
  const runBoth = useGuide((guide) => guide.runBoth);
  const waits = waitsFor(phase, other);
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
  const live = useLab((lab) => lab.lesson.live?.lessonId ?? null);
  const error = useLab((lab) => lab.lesson.error);
  const isLive = record?.status === 'running';
  const isWhole = record !== null && (isLive || record.status === 'done');
  const answers = (step.ask?.order ?? []).map((id) => ({ id, label: step.ask?.answers[id] ?? '' }));
  return (
    <section className={styles.twin} aria-label="The run and its twin" aria-busy={isLive}>
      {record?.status === 'cut' && (
        <Say tone="warn" lead="Cut short.">
          The page was closed before both runs came to their end.
        </Say>
      )}
      {record?.status === 'failed' && (
        <Say tone="bad" lead="It did not come to its end.">
          {error?.message ?? 'What it had made is gone; what is yours is as it was.'}
        </Say>
      )}
      {!isWhole && <Begin lesson={lesson} phase={phase} other={live !== null && !isOfGuide(live) ? live : null} />}
      {isLive && <Tasks answers={answers} />}
      {isWhole && (
        <>
          <Curves scenario={drawnOf(step)} record={record} />
          <Samples record={record} />
        </>
      )}
    </section>
  );
}
