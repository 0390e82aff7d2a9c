import { useState } from 'react';
import { useLab } from '../../store/lab';
import { Say } from '../../ui/primitives/Say';
import { Curves } from './Curves';
import { Outcome } from './Outcome';
import { Question } from './Question';
import { Samples } from './Samples';
import type { Scenario } from './scenario';
import { Tasks } from './Tasks';

/** One lesson: its question, then both runs as they happen, then what came of them. */
export function Lesson({ scenario }: { scenario: Scenario }) {
  const live = useLab((lab) => (lab.lesson.live?.lessonId === scenario.id ? lab.lesson.live : null));
  const stored = useLab((lab) => lab.lesson.records[scenario.id] ?? null);
  const error = useLab((lab) => lab.lesson.error);
  const [again, setAgain] = useState(false);
  const record = live ?? (again ? null : stored);
  if (!live && (record === null || record.status === 'cut' || record.status === 'failed'))
    return (
      <>
        {record?.status === 'cut' && (
          <Say tone="warn" lead="Cut short.">
            The page was closed before this lesson came to its end. Its votes and models are gone; yours are as they
            were.
          </Say>
        )}
        {record?.status === 'failed' && (
          <Say tone="bad" lead="It did not come to its end.">
            {error?.message ?? 'What it had made is gone; what is yours is as it was.'}
          </Say>
        )}
        <Question scenario={scenario} onStart={() => setAgain(false)} />
      </>
    );
  if (record === null) return null;
  return (
    <>
      {live && <Tasks answers={scenario.answers} />}
      <Curves scenario={scenario} record={record} />
      {!live && <Outcome scenario={scenario} record={record} onAgain={() => setAgain(true)} />}
      <Samples record={record} />
    </>
  );
}
