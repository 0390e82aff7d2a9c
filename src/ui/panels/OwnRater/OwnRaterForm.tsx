import { useState } from 'react';
import { hasAtMost, startOf } from '../../../contract/limits';
import { type OwnTaste, TASTE_LIMITS, type TastePart } from '../../../contract/ownTaste';
import { useLab } from '../../../store/lab';
import { useTasting } from '../../../store/taste/tasting';
import { NumberField } from '../../primitives/NumberField';
import { TextField } from '../../primitives/TextField';
import styles from './OwnRater.module.css';
import { phrasesIn } from './words';

const { length, weight, patternWeight, pattern: longest } = TASTE_LIMITS;

/** @returns the taste as it stands, and what changes a part of it */
function useTaste() {
  const taste = useLab((state) => state.opinions.own);
  const setOwn = useLab((state) => state.opinions.setOwn);
  return { taste, change: (fields: Partial<OwnTaste>) => setOwn({ ...taste, ...fields }) };
}

function Weight({ part, of }: { part: TastePart; of: string }) {
  const { taste, change } = useTaste();
  const bounds = part === 'pattern' ? patternWeight : weight;
  return (
    <NumberField
      label={`Weight of ${of}`}
      value={taste.weights[part]}
      onChange={(value) => change({ weights: { ...taste.weights, [part]: value } })}
      {...bounds}
      step={0.25}
    />
  );
}

function Phrases({ part, label, hint }: { part: 'liked' | 'disliked'; label: string; hint: string }) {
  const { taste, change } = useTaste();
  const [typed, setTyped] = useState(taste[part].join('\n'));
  const type = (value: string) => {
    setTyped(value);
    change({ [part]: phrasesIn(value).phrases });
  };
  return (
    <TextField label={label} rows={3} value={typed} onChange={type} hint={hint} error={phrasesIn(typed).trouble} />
  );
}

function Pattern() {
  const { taste, change } = useTaste();
  const trouble = useTasting((state) => state.trouble);
  const type = (value: string) => change({ pattern: hasAtMost(value, longest) ? value : startOf(value, longest) });
  return (
    <TextField
      label="Regular expression"
      value={taste.pattern}
      onChange={type}
      hint="1 where it is found in the text. Capitals count: [Pp]lease."
      error={taste.pattern !== '' ? trouble : null}
    />
  );
}

/** Every part with its weight; 0 leaves it out. */
export function OwnRaterForm() {
  const { taste, change } = useTaste();
  return (
    <div className={styles.form}>
      <Phrases
        part="liked"
        label="Liked words or phrases"
        hint="One a line. 1 each time it stands there, twice at most."
      />
      <Weight part="liked" of="liked words" />
      <Phrases part="disliked" label="Disliked words or phrases" hint="One a line. −1 each time, twice at most." />
      <Weight part="disliked" of="disliked words" />
      <NumberField
        label="Words in a text"
        value={taste.length}
        onChange={(value) => change({ length: value })}
        {...length}
        integer
        hint="0 at that length, −1 at none or twice as many."
      />
      <Weight part="length" of="length" />
      <p className={styles.part}>
        <b>No repetition</b>
        <span>Minus the share of word pairs that stood in the text before.</span>
      </p>
      <Weight part="repetition" of="repetition" />
      <p className={styles.part}>
        <b>Ends properly</b>
        <span>1 where the text ends with the end of a sentence.</span>
      </p>
      <Weight part="ends" of="the end" />
      <Pattern />
      <Weight part="pattern" of="the expression" />
    </div>
  );
}
