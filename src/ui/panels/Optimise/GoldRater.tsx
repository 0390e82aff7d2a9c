import { useId, useState } from 'react';
import { RATERS, type Rater } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { raterKey } from '../../../store/opinions/goldStanding';
import { hasGold } from '../../../store/opinions/raterInUse';
import { raterLabel } from '../../../store/opinions/raterLabel';
import { Button } from '../../primitives/Button';
import { Explain } from '../../primitives/Explain';
import { OwnRaterDialog } from '../OwnRater/OwnRaterDialog';
import styles from './GoldRater.module.css';

const ratersOf = (animals: readonly string[]): Rater[] =>
  RATERS.flatMap((name): Rater[] => (name === 'animal' ? animals.map((animal) => ({ name, animal })) : [{ name }]));
const OWN: Rater = { name: 'own' };

/** Whose taste the gold score measures. It acts from the next run on. */
export function GoldRater() {
  const isText = useLab((state) => state.corpus.summary?.kind === 'text');
  return isText ? <OwnGoldRater /> : <ChosenRater />;
}

/** On the visitor's own text there is none but their own. */
function OwnGoldRater() {
  const gives = useLab(hasGold);
  const [open, setOpen] = useState(false);
  return (
    <span className={styles.rater}>
      <Button kind="link" onClick={() => setOpen(true)}>
        {gives ? 'Gold: your own rater' : 'Add a gold rater of your own'}
      </Button>
      <Explain metric="gold/score">
        <p>What it likes acts from the next run on. PPO itself never sees this score.</p>
      </Explain>
      {open && <OwnRaterDialog onClose={() => setOpen(false)} />}
    </span>
  );
}

function ChosenRater() {
  const id = useId();
  const rater = useLab((state) => state.opinions.rater);
  const setRater = useLab((state) => state.opinions.setRater);
  const summary = useLab((state) => state.corpus.summary);
  const raters = [...ratersOf(summary?.animals ?? []), OWN];
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
