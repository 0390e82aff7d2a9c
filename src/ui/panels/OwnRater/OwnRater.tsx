import { useState } from 'react';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { glued } from '../../primitives/glued';
import styles from './OwnRater.module.css';
import { OwnRaterDialog } from './OwnRaterDialog';
import { tasteSentence } from './words';

/** What the visitor's own rater likes, and the way to say it. */
export function OwnRater({ disabled = false }: { disabled?: boolean }) {
  const own = useLab((state) => state.opinions.own);
  const [open, setOpen] = useState(false);
  const said = tasteSentence(own);
  return (
    <div className={styles.own}>
      <p className={styles.said}>
        {said
          ? glued(said)
          : 'A rater of your own can vote, judge and pay: say which phrases it likes, how long a text should be, or what it must not do.'}
      </p>
      <Button onClick={() => setOpen(true)} disabled={disabled}>
        {said ? 'Change what it likes' : 'Say what it likes'}
      </Button>
      {open && <OwnRaterDialog onClose={() => setOpen(false)} />}
    </div>
  );
}
