import { type ReactNode, useState } from 'react';
import { spacedClassCode } from '../../../contract/classroom';
import { useClassroom } from '../../../store/classroom/classroom';
import { nextPair } from '../../../store/classroom/student';
import type { StudentClass } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Confirm } from '../../primitives/Dialog';
import { useVoteKeys, type VoteAction } from '../Compare/actions';
import { PairView } from '../Compare/PairView';
import styles from './Class.module.css';

/** The next pair of the class, as on Compare. */
export function Voting({ student, beside }: { student: StudentClass; beside: ReactNode }) {
  const { vote, skip, undo } = useClassroom(({ vote, skip, undo }) => ({ vote, skip, undo }));
  const pair = nextPair(student);
  const at = pair?.index ?? 0;
  const act = (action: VoteAction) => {
    if (action === 'undo') undo();
    else if (action === 'skip') skip();
    else vote(action);
  };
  useVoteKeys(act);
  return (
    <PairView
      shown={pair && { ...pair, pair }}
      verbatim={false}
      canUndo={at > 0}
      number={at + 1}
      act={act}
      beside={
        <span className={styles.pairNote}>
          Pair {at + 1} of {student.choices.length}
          {beside}
        </span>
      }
      note={<Membership student={student} />}
    />
  );
}

/** Which class it is, and the way out. */
export function Membership({ student: { code, number } }: { student: StudentClass }) {
  const leave = useClassroom((state) => state.leave);
  const [asking, ask] = useState(false);
  return (
    <span className={styles.pairNote}>
      Class {spacedClassCode(code)}, {number > 0 ? `number ${number}` : 'no number'}. Your own votes stay as they are.
      <Button kind="link" onClick={() => ask(true)}>
        Leave the class
      </Button>
      <Confirm open={asking} title="Leave the class?" confirm="Leave" onConfirm={leave} onClose={() => ask(false)}>
        What you voted in this class is deleted from this laptop. A code that your teacher has already counts on.
      </Confirm>
    </span>
  );
}
