import { Suspense, useLayoutEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { LessonStep } from '../../contract/lesson';
import { lessonLabOf, useGuide } from '../../store/guide/guide';
import { pageOf } from '../../store/guide/lessonLab';
import type { Phase } from '../../store/guide/progress';
import { LabContext, useLab, useLabStore } from '../../store/lab';
import { InLesson } from '../../ui/panels/LessonView';
import { Notices } from '../../ui/primitives/Notices';
import { Say } from '../../ui/primitives/Say';
import { ErrorBoundary } from '../../ui/shell/ErrorBoundary';
import { HEADINGS, InspectStage, PANELS } from '../../ui/shell/stages';
import styles from './Guided.module.css';

function Trouble() {
  const { notices, act, dismiss } = useLab(
    useShallow(({ notices }) => ({ notices: notices.notices, act: notices.act, dismiss: notices.dismiss })),
  );
  return <Notices notices={notices} onAct={(action, noticeId) => void act(action, noticeId)} onDismiss={dismiss} />;
}

/** on a phone the window scrolls, and would stay where the stage before was left */
function useBeginsAtTop(place: string): void {
  const last = useRef(place);
  useLayoutEffect(() => {
    if (last.current !== place) scrollTo(0, 0);
    last.current = place;
  }, [place]);
}

/** The stage that a step speaks of, over the lesson's own lab. */
export function RealStage({ step, phase }: { step: LessonStep; phase: Phase }) {
  const lab = useLabStore();
  const { stage, trouble } = useGuide(({ stage, trouble }) => ({ stage, trouble }));
  useBeginsAtTop(step.place);
  const own = stage === 'ready' ? lessonLabOf(lab) : null;
  if (stage === 'failed')
    return (
      <Say tone="bad" lead="This lesson cannot run here." className={styles.opening}>
        {trouble}
      </Say>
    );
  const isInside = step.place.startsWith('inspect/');
  const page = pageOf(step.place);
  const opening = <p className={styles.opening}>Opening {isInside ? 'Inspect' : HEADINGS[page]}…</p>;
  if (own === null) return opening;
  const Panel = isInside ? InspectStage : PANELS[page];
  const held = phase === 'ask' ? 'Answer the question first.' : null;
  return (
    <LabContext value={own}>
      <InLesson value={{ place: step.place, show: step.show, mark: step.mark, held }}>
        <Trouble />
        <ErrorBoundary key={page}>
          <Suspense fallback={opening}>
            <Panel />
          </Suspense>
        </ErrorBoundary>
      </InLesson>
    </LabContext>
  );
}
