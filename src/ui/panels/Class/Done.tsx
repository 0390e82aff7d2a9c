import { useState } from 'react';
import { inGroups } from '../../../contract/classroom';
import { useClassroom } from '../../../store/classroom/classroom';
import { messageOf, voteCodeOf } from '../../../store/classroom/student';
import type { StudentClass } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import styles from './Done.module.css';
import { MyTaste } from './MyTaste';
import { MyVotes } from './MyVotes';
import { QrCode } from './QrCode';
import { Membership } from './Voting';

function CodeCard({ student }: { student: StudentClass }) {
  const saveCode = useClassroom((state) => state.saveCode);
  const [said, say] = useState<string | null>(null);
  const code = voteCodeOf(student);
  const message = messageOf(student);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(message);
      say('Copied.');
    } catch {
      say('It could not be copied here: mark it and copy it by hand, or save it as a file.');
    }
  };
  return (
    <Card className={styles.codeCard} title="Show this to your teacher">
      <QrCode text={message} label={`QR code of ${inGroups(code)}`} />
      <p className={styles.note}>or read it out, in groups of four</p>
      {/* biome-ignore lint/a11y/useSemanticElements: no form, and read group by group */}
      <div className={styles.groups} role="group" aria-label="Vote code">
        {inGroups(code)
          .split(' ')
          .map((group, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
            <span key={i} className={styles.group}>
              <small>
                <span className="visually-hidden">group </span>
                {i + 1}
              </small>{' '}
              {group}
            </span>
          ))}
      </div>
      <p className={styles.note}>Capitals do not matter. No 0, O, 1 or I in it.</p>
      <div className={styles.buttons}>
        <Button onClick={() => void copy()}>Copy</Button>
        <Button onClick={saveCode}>Save as a file</Button>
      </div>
      <p className={styles.note} role="status">
        {said}
      </p>
    </Card>
  );
}

/** All pairs are voted on: the code, and what to do with it. */
export function Done({ student }: { student: StudentClass }) {
  const { number, choices, shown } = student;
  const [open, setOpen] = useState<'taste' | 'votes' | null>(null);
  const skipped = choices.filter((choice) => choice === 'none').length;
  const name = number > 0 ? `, number ${number}` : '';
  return (
    <div className={styles.done}>
      <p className={styles.lead}>
        <span aria-hidden="true">✓</span> All {choices.length} pairs are done{name}.
        {skipped > 0 && ` ${skipped} skipped.`}
      </p>
      {shown.length > 1 && (
        <p className={styles.changed} role="status">
          You changed a vote, so this is a new code. Show it again: it takes the old one’s place.
        </p>
      )}
      <CodeCard student={student} />
      <Card title="Then">
        <ol className={styles.next}>
          <li>
            Wait until the teacher’s screen shows {number > 0 ? <b>{number}</b> : 'one more student'}{' '}
            {number > 0 && 'in green'}.
          </li>
          <li>
            Meanwhile look at <b>what you seem to like</b>. It is a guess from your votes.
          </li>
          <li>Did you change a vote? Then this code changes: show the new one, it takes the old one’s place.</li>
        </ol>
        <Button
          kind="primary"
          aria-expanded={open === 'taste'}
          onClick={() => setOpen(open === 'taste' ? null : 'taste')}
        >
          What do I seem to like?
        </Button>
        {open === 'taste' && <MyTaste student={student} />}
        <Button aria-expanded={open === 'votes'} onClick={() => setOpen(open === 'votes' ? null : 'votes')}>
          Look through my {choices.length} votes
        </Button>
        {open === 'votes' && <MyVotes student={student} />}
      </Card>
      <p className={styles.note}>
        The code holds your {choices.length} choices, {number > 0 ? `the number ${number}` : 'no number'} and the class.
        No name. Nothing is sent from this laptop.
      </p>
      <div className={styles.note}>
        <Membership student={student} />
      </div>
    </div>
  );
}
