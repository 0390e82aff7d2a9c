import { useId } from 'react';
import { RATERS, type Rater } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { raterKey } from '../../../store/opinions/goldStanding';
import { raterLabel } from '../../../store/opinions/raterLabel';
import { Explain } from '../../primitives/Explain';
import styles from './GoldRater.module.css';

const ratersOf = (animals: readonly string[]): Rater[] =>
  RATERS.flatMap((name): Rater[] => (name === 'animal' ? animals.map((animal) => ({ name, animal })) : [{ name }]));

/** Whose taste the gold score measures; only the grammar's own stories have one. It acts from the next run on. */
export function GoldRater() {
  const id = useId();
  const rater = useLab((state) => state.opinions.rater);
  const setRater = useLab((state) => state.opinions.setRater);
  const summary = useLab((state) => state.corpus.summary);
  if (summary && summary.kind !== 'stories') return null;
  const raters = ratersOf(summary?.animals ?? []);
  return (
    <span className={styles.rater}>
      <label htmlFor={id}>Gold rater</label>
      <Explain metric="gold/score">
        <p>The choice acts from the next run on. PPO itself never sees this score.</p>
      </Explain>
      <select
        id={id}
        value={raterKey(rater)}
        onChange={(event) => setRater(raters.find((one) => raterKey(one) === event.currentTarget.value) ?? rater)}
      >
        {raters.map((one) => (
          <option key={raterKey(one)} value={raterKey(one)}>
            {raterLabel(one)}
          </option>
        ))}
      </select>
    </span>
  );
}
