import { countOf } from '../../../contract/numbers';
import { useClassroom } from '../../../store/classroom/classroom';
import { classDuels } from '../../../store/classroom/inArena';
import { useLab } from '../../../store/lab';
import type { TeacherClass } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Checkbox } from '../../primitives/Checkbox';
import styles from './Board.module.css';

/** What becomes of the votes on pairs of the arena: each is a duel there, and follows every code that comes. */
export function InArena({ teacher: { code, outOfArena } }: { teacher: TeacherClass }) {
  const { setInArena, leftOut } = useClassroom(({ setInArena, leftOut }) => ({ setInArena, leftOut }));
  const count = useLab((state) => classDuels(state.arena.duels, code).length);
  const go = useLab((state) => state.view.go);
  return (
    <Card
      title="In the arena"
      value={
        <span data-metric="class/duels" data-value={count}>
          {count}
        </span>
      }
    >
      <p className={styles.note} role="status">
        {countOf(count, 'vote')} of this class {count === 1 ? 'is a duel' : 'are duels'} there.
        {leftOut > 0 && ` ${countOf(leftOut, 'vote')} found no room: the arena is full.`}
      </p>
      <Checkbox label="The votes count in the arena" checked={!outOfArena} onChange={setInArena} />
      <Button onClick={() => go('arena')}>Open the arena</Button>
    </Card>
  );
}
