import { spacedClassCode } from '../../../contract/classroom';
import { countOf } from '../../../contract/numbers';
import { classroomOf } from '../../../store/classroom/classroom';
import { classDuels } from '../../../store/classroom/inArena';
import { useLab, useLabStore } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import styles from './Arena.module.css';

/** The way to a class whose votes are duels here, and back to the one that is open. */
export function ByClass({ canDuel }: { canDuel: boolean }) {
  const teacher = useLab((state) => state.classroom.teacher);
  const count = useLab((state) => (teacher ? classDuels(state.arena.duels, teacher.code).length : 0));
  const go = useLab((state) => state.view.go);
  const lab = useLabStore();
  if (teacher)
    return (
      <p className={styles.note}>
        {teacher.writers
          ? `The class ${spacedClassCode(teacher.code)} votes here: ${countOf(count, 'duel')} so far.`
          : `The class ${spacedClassCode(teacher.code)} votes on pairs of Tiny alone, so none of its votes is a duel.`}
        <Button onClick={() => go('class')}>Go to the class</Button>
      </p>
    );
  if (!canDuel) return null;
  const open = () => {
    classroomOf(lab).setState({ wantsArena: true });
    go('class');
  };
  return (
    <p className={styles.note}>
      Thirty laptops may vote on these models, on the same pairs, blind.
      <Button onClick={open}>Let a class vote</Button>
    </p>
  );
}
