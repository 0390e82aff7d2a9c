import { useState } from 'react';
import { useLab } from '../../../store/lab';
import { howFar } from '../../../store/page/tab';
import { Segments } from '../../primitives/Segments';
import { Stage } from '../../primitives/Stage';
import { Board } from './Board';
import styles from './Class.module.css';
import { Done } from './Done';
import { JoinCard, OpenCard } from './Door';
import { Voting } from './Voting';

type Side = 'vote' | 'teach';
const SIDES = [
  { value: 'vote', label: 'Vote' },
  { value: 'teach', label: 'Teach' },
] as const;

/** A class votes as one: it is opened by a teacher, joined and voted in by students, and taken in by codes. */
export function Class() {
  const student = useLab((state) => state.classroom.student);
  const teacher = useLab((state) => state.classroom.teacher);
  const [chosen, choose] = useState<Side | null>(null);
  const side: Side = teacher ? (chosen ?? (student ? 'vote' : 'teach')) : 'vote';
  const isKnown = useLab(({ session }) => howFar(session.tab) !== 'starting');
  if (!student && !teacher)
    return (
      <Stage heading="Class" showHeading className={styles.door}>
        {!isKnown && <p role="status">Looking for a class in this browser…</p>}
        {isKnown && <JoinCard />}
        {isKnown && <OpenCard />}
      </Stage>
    );
  const sides = teacher && <Segments<Side> label="This laptop" value={side} onChange={choose} options={SIDES} />;
  if (side === 'vote' && student?.choices.includes(null))
    return (
      <Stage heading="Class" className={styles.voting}>
        <Voting student={student} beside={sides} />
      </Stage>
    );
  return (
    <Stage heading="Class" showHeading className={styles.page}>
      <div className={styles.sides}>{sides}</div>
      {side === 'teach' && teacher ? <Board teacher={teacher} /> : student ? <Done student={student} /> : <JoinCard />}
    </Stage>
  );
}
