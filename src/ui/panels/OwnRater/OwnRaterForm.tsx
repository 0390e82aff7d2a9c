import { startOf } from '../../../contract/limits';
import { type OwnTaste, TASTE_LIMITS, type TastePart } from '../../../contract/ownTaste';
import { useLab, useLabStore } from '../../../store/lab';
import { useTasting } from '../../../store/taste/tasting';
import { NumberField } from '../../primitives/NumberField';
import { TextField } from '../../primitives/TextField';
import styles from './OwnRater.module.css';
import { useRested } from './useRested';
import { phrasesIn } from './words';

const { length, weight, patternWeight, pattern: longest } = TASTE_LIMITS;

/** @returns the taste as it stands, and what changes a part of it */
function useTaste() {
  const lab = useLabStore();
  const taste = useLab((state) => state.opinions.own);
  const change = (fields: Partial<OwnTaste>) => {
    const { own, setOwn } = lab.getState().opinions; // two fields may act one after the other when the form goes
    setOwn({ ...own, ...fields });
  };
  return { taste, change };
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
  const [typed, type] = useRested(taste[part].join('\n'), (value) => change({ [part]: phrasesIn(value).phrases }));
  return (
    <TextField label={label} rows={3} value={typed} onChange={type} hint={hint} error={phrasesIn(typed).trouble} />
  );
}

function Pattern() {
  const { taste } = useTaste();
  const trouble = useTasting((state) => state.patternTrouble);
  const tryPattern = useTasting((state) => state.tryPattern);
  const [typed, type] = useRested(taste.pattern, (value) => void tryPattern(startOf(value, longest)));
  return (
    <TextField
      label="Regular expression"
      value={typed}
      onChange={type}
      hint="1 where it is found in the text. Capitals count: [Pp]lease."
      error={typed === '' ? null : trouble}
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
      <Weight part="liked" of="liked" />
      <Phrases part="disliked" label="Disliked words or phrases" hint="One a line. −1 each time, twice at most." />
      <Weight part="disliked" of="disliked" />
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
      <Weight part="ends" of="end" />
      <Pattern />
      <Weight part="pattern" of="expression" />
    </div>
  );
}
