import { COMPARE } from '../../../contract/settings/lab';
import { useLab } from '../../../store/lab';
import { STRENGTHS } from '../../../store/opinions/arrangement';
import { NumberField } from '../../primitives/NumberField';
import { Segments } from '../../primitives/Segments';
import { Select } from '../../primitives/Select';
import { boundsOf, frameOf } from '../settings/fields';
import styles from './TaskSwitch.module.css';

const TASKS = [
  { value: 'pairs', label: 'Pairs' },
  { value: 'rankings', label: 'Rankings' },
] as const;
export const STRENGTH_OPTIONS = STRENGTHS.map(({ value, label }) => ({ value: String(value), label }));

/** What is asked: one of two, with how strongly, or an order of several, with how many. It is part of the address. */
export function TaskSwitch() {
  const { task, rankingSize } = useLab((state) => state.config.value.compare);
  const change = useLab((state) => state.config.change);
  const { strength, setStrength } = useLab((state) => state.pairs);
  return (
    <div className={styles.switch}>
      <Segments
        label={COMPARE.task.label}
        value={task}
        onChange={(value) => change('compare', { task: value })}
        options={TASKS}
      />
      {task === 'rankings' ? (
        <NumberField
          {...frameOf(COMPARE.rankingSize)}
          {...boundsOf(COMPARE.rankingSize)}
          className={styles.inline}
          value={rankingSize}
          onChange={(size) => change('compare', { rankingSize: size })}
        />
      ) : (
        <Select
          label="How strongly"
          className={styles.inline}
          value={String(strength)}
          onChange={(value) => setStrength(Number(value))}
          options={STRENGTH_OPTIONS}
        />
      )}
    </div>
  );
}
