import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { MOST_NUMBER, spacedClassCode } from '../../../contract/classroom';
import { countOf } from '../../../contract/numbers';
import { useClassroom } from '../../../store/classroom/classroom';
import { byAgreement, dividing, splitsOf } from '../../../store/classroom/splits';
import { type CountedVotes, classMessageOf, countedVotes } from '../../../store/classroom/taken';
import type { TeacherClass } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Confirm } from '../../primitives/Dialog';
import { Disclosure } from '../../primitives/Disclosure';
import { NumberField } from '../../primitives/NumberField';
import styles from './Board.module.css';
import { InArena } from './InArena';
import { PairCard } from './PairCard';
import { QrCode } from './QrCode';
import { Splits } from './Splits';
import { TakeIn } from './TakeIn';
import { Tastes } from './Tastes';
import { TrainOn } from './TrainOn';

function CodeCard({ teacher: { code, set, writers } }: { teacher: TeacherClass }) {
  const savePairs = useClassroom((state) => state.savePairs);
  return (
    <Card label="Class code">
      <p className={styles.title}>Class code</p>
      <p className={styles.code}>{spacedClassCode(code)}</p>
      <p className={styles.note}>
        {writers ? (
          <>
            {set.pairs.length} pairs of {countOf(new Set(writers.flat()).size, 'model')} in the arena. Students:{' '}
            <b>Teach</b>, <b>Class</b>, <b>Take the pairs from a file</b>: save it below and hand it out.
          </>
        ) : (
          <>
            {set.pairs.length} pairs by Tiny, as shipped. Students: <b>Teach</b>, <b>Class</b>, scan or type this.
          </>
        )}
      </p>
      <Disclosure summary="QR code and file of the pairs">
        <QrCode text={classMessageOf(code)} label={`QR code of the class ${spacedClassCode(code)}`} />
        <p className={styles.note}>
          {writers
            ? 'The file holds the texts, and neither votes nor who wrote them.'
            : 'For a laptop that writes other pairs, or none: it takes them from a file, which holds no votes.'}
        </p>
        <Button onClick={savePairs}>Save the pairs</Button>
      </Disclosure>
    </Card>
  );
}

/** numbers in sight beside the seats that show the same: more would push away where codes are taken in */
const LISTED = 12;

function Seats({ students, counted, hidden }: { students: number; counted: readonly CountedVotes[]; hidden: boolean }) {
  const isIn = new Set(counted.map(({ number }) => number));
  const seats = Array.from({ length: students }, (_, i) => i + 1);
  const out = seats.filter((number) => !isIn.has(number));
  const without = counted.filter(({ number }) => number === 0).length;
  return (
    <>
      <div className={styles.seats} aria-hidden="true">
        {seats.map((number) => (
          <span key={number} className={isIn.has(number) ? styles.in : styles.out}>
            {hidden ? (isIn.has(number) ? '✓' : '') : number}
          </span>
        ))}
      </div>
      {!hidden && out.length > LISTED && (
        <p className={styles.note} aria-hidden="true">
          {out.length < students ? `${out.length} are still out.` : 'Nobody on the list is in yet.'}
        </p>
      )}
      {!hidden && (
        <p className={out.length > LISTED ? 'visually-hidden' : styles.note}>
          {out.length > 0 ? <>Still out: {out.join(', ')}</> : 'Everybody on the list is in.'}
        </p>
      )}
      {without > 0 && <p className={styles.note}>{countOf(without, 'student')} without a number.</p>}
    </>
  );
}

/** Numbers stay on this laptop, and out of sight where the class looks on. */
function WhoIsIn({
  teacher,
  counted,
  hidden,
  beside,
}: {
  teacher: TeacherClass;
  counted: readonly CountedVotes[];
  hidden: boolean;
  beside: ReactNode;
}) {
  const setStudents = useClassroom((state) => state.setStudents);
  const { students } = teacher;
  return (
    <Card
      title="Who is in"
      actions={beside}
      value={
        <>
          <span data-metric="class/students" data-value={counted.length}>
            {counted.length}
          </span>
          <small className={styles.of}> of {students}</small>
        </>
      }
    >
      <Seats students={students} counted={counted} hidden={hidden} />
      <Disclosure summary="Length of the list">
        <NumberField
          label="Students on the list"
          value={students}
          onChange={setStudents}
          min={1}
          max={MOST_NUMBER}
          integer
        />
      </Disclosure>
    </Card>
  );
}

function Ending({ teacher }: { teacher: TeacherClass }) {
  const { saveClass, deleteClass } = useClassroom(({ saveClass, deleteClass }) => ({ saveClass, deleteClass }));
  const [asking, ask] = useState(false);
  return (
    <div className={styles.ending}>
      <p className={styles.note}>Numbers and votes stay on this laptop until you save or delete them.</p>
      <Button onClick={saveClass}>Save the class…</Button>
      <Button onClick={() => ask(true)}>Delete the class</Button>
      <Confirm
        open={asking}
        title={`Delete the class ${spacedClassCode(teacher.code)}?`}
        confirm="Delete"
        onConfirm={deleteClass}
        onClose={() => ask(false)}
      >
        {countOf(teacher.taken.length, 'code')} and the pairs go from this laptop and cannot be brought back. Save the
        class first if it may be needed again.
        {teacher.writers && ' Its duels in the arena, which hold no numbers, stay there.'}
      </Confirm>
    </div>
  );
}

/** pairs that divide a class, in sight */
const DIVIDING = 5;

/** The teacher’s screen: who is in, what came, and what the class says. */
export function Board({ teacher }: { teacher: TeacherClass }) {
  const { standing, measure } = useClassroom((state) => ({ standing: state.standing, measure: state.measure }));
  const counted = useMemo(() => countedVotes(teacher), [teacher]);
  const splits = useMemo(() => splitsOf(counted, teacher.set.pairs.length), [counted, teacher]);
  const [hidden, hide] = useState(false);
  const [picked, pick] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew whenever the codes change
  useEffect(() => void measure(), [measure, teacher]);
  const hideNumbers = (
    <Button kind="link" aria-pressed={hidden} onClick={() => hide(!hidden)}>
      Hide numbers
    </Button>
  );
  const { pairs } = teacher.set;
  const order = byAgreement(standing?.report.units ?? pairs.map(() => null));
  const divided = dividing(standing?.report.units ?? [], DIVIDING);
  const chosen = picked ?? divided[0] ?? order[0]!;
  // votes and what is said of them belong together: until both are of the same codes, the camps are not told
  const isCurrent = standing !== null && standing.tastes.length === counted.length;
  const camps = isCurrent ? standing.report.camps : null;
  return (
    <div className={styles.board}>
      <div className={styles.column}>
        <CodeCard teacher={teacher} />
        <TakeIn hidden={hidden} />
        <WhoIsIn teacher={teacher} counted={counted} hidden={hidden} beside={hideNumbers} />
        {teacher.writers && <InArena teacher={teacher} />}
      </div>
      {standing && (
        <Splits
          splits={splits}
          order={order}
          report={standing.report}
          students={counted.length}
          chosen={chosen}
          choose={pick}
        />
      )}
      <div className={styles.column}>
        {isCurrent && counted.length > 0 && (
          <Tastes counted={counted} tastes={standing.tastes} camps={camps} hidden={hidden} size={pairs.length} />
        )}
        <PairCard {...{ pairs, splits, counted, camps, divided, chosen }} choose={pick} />
      </div>
      <TrainOn {...{ counted, splits, camps, hidden }} />
      <Ending teacher={teacher} />
    </div>
  );
}
