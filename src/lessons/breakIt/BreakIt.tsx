import { useEffect, useRef } from 'react';
import { useLab } from '../../store/lab';
import { useScrollIntoView } from '../../ui/panels/useScrollIntoView';
import { Button } from '../../ui/primitives/Button';
import { Card } from '../../ui/primitives/Card';
import styles from './BreakIt.module.css';
import { Lesson } from './Lesson';
import type { Scenario } from './scenario';
import { SCENARIOS } from './scenarios';

/** Why lessons need the stories, for whoever has a text of their own open. */
function OwnText() {
  const own = useLab((lab) => lab.corpus.summary?.kind === 'text');
  if (!own) return null;
  return (
    <p className={styles.note}>
      These lessons need the stories of the grammar: only there can a program say what a text is really worth (gold). On
      your own text the reward model’s score is all there is, and it looks best just when it is being cheated. So they
      run on the trained Tiny model and its stories; your text stays as it is.
    </p>
  );
}

function Buttons() {
  const shown = useLab((lab) => lab.lesson.shown);
  const live = useLab((lab) => lab.lesson.live?.lessonId ?? null);
  const records = useLab((lab) => lab.lesson.records);
  const show = useLab((lab) => lab.lesson.show);
  return (
    <div className={styles.buttons}>
      {SCENARIOS.map(({ id, title }) => (
        <Button key={id} aria-expanded={shown === id} onClick={() => show(shown === id ? null : id)}>
          {title}
          {(live === id || records[id]?.status === 'done') && (
            <span aria-hidden="true" className={styles.sign}>
              {live === id ? '…' : '✓'}
            </span>
          )}
        </Button>
      ))}
    </div>
  );
}

/**
 * Five ways to break RLHF, each really run beside a healthy twin: a strip below the stage, and the lesson that is open
 * below it.
 */
export function BreakIt() {
  const shown = useLab((lab) => lab.lesson.shown);
  const running = useLab((lab) => lab.lesson.live !== null);
  const scenario = SCENARIOS.find(({ id }) => id === shown);
  return (
    <section className={styles.region} aria-label="Break it" aria-busy={running}>
      <Card>
        <div className={styles.strip}>
          <h2 className={styles.title}>Break it</h2>
          <Buttons />
          <p className={styles.note}>Runs that go wrong, beside healthy twins. What is yours stays.</p>
        </div>
        <OwnText />
      </Card>
      {scenario && <Opened key={scenario.id} scenario={scenario} />}
    </section>
  );
}

/**
 * Comes into view when it is opened and when its runs begin; takes the focus when it is opened, and when what had it is
 * gone.
 */
function Opened({ scenario }: { scenario: Scenario }) {
  const view = useScrollIntoView<HTMLDivElement>();
  const ref = useRef<HTMLHeadingElement>(null);
  const running = useLab((lab) => lab.lesson.live?.lessonId === scenario.id);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    // it stood on a button that is gone
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost) ref.current?.focus({ preventScroll: true });
    // newer browsers return a promise here, which an effect must not
    if (running) void ref.current?.scrollIntoView({ block: 'start' });
  }, [running]);
  return (
    <div ref={view}>
      <h3 ref={ref} tabIndex={-1} className={styles.lessonTitle}>
        {scenario.title}
      </h3>
      <Lesson scenario={scenario} />
    </div>
  );
}
