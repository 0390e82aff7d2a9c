import { useState } from 'react';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Checkbox } from '../../primitives/Checkbox';
import { NumberField } from '../../primitives/NumberField';
import { Select } from '../../primitives/Select';
import styles from './Demonstrations.module.css';

/** Enough for a model of these sizes to take a manner over. */
const USUAL_COUNT = 60;
const ANY = '';

/** Stories as one wishes all stories were, picked out of ordinary ones. */
export function WishForm({ animals, disabled }: { animals: readonly string[]; disabled: boolean }) {
  const wish = useLab((state) => state.demonstrations.wish);
  const setWish = useLab((state) => state.demonstrations.setWish);
  const busy = useLab((state) => state.demonstrations.busy);
  const addWished = useLab((state) => state.demonstrations.addWished);
  const [count, setCount] = useState(USUAL_COUNT);
  return (
    <div className={styles.form}>
      <fieldset className={styles.wishes}>
        <legend>Only stories that are</legend>
        <Checkbox label="polite" checked={wish.polite} onChange={(polite) => setWish({ polite })} disabled={disabled} />
        <Checkbox label="short" checked={wish.short} onChange={(short) => setWish({ short })} disabled={disabled} />
        <Checkbox label="happy" checked={wish.happy} onChange={(happy) => setWish({ happy })} disabled={disabled} />
      </fieldset>
      <div className={styles.pick}>
        <Select
          label="About"
          value={wish.animal ?? ANY}
          onChange={(animal) => setWish({ animal: animal === ANY ? null : animal })}
          options={[
            { value: ANY, label: 'anyone' },
            ...animals.map((animal) => ({ value: animal, label: `the ${animal}` })),
          ]}
          disabled={disabled}
        />
        <NumberField
          label="How many"
          value={count}
          onChange={setCount}
          min={1}
          max={1000}
          integer
          disabled={disabled}
        />
      </div>
      <Button onClick={() => void addWished(count)} disabled={disabled || busy !== null} aria-busy={busy === 'wishing'}>
        {busy === 'wishing' ? 'Looking for stories…' : 'Add from the stories'}
      </Button>
    </div>
  );
}
