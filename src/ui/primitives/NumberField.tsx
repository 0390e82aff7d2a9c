import { useEffect, useState } from 'react';
import { asSentence, type Bounds, refusal } from '../../contract/settings/setting';
import { Field, type FieldProps } from './Field';
import styles from './Field.module.css';

interface NumberFieldProps extends FieldProps, Bounds {
  value: number;
  onChange: (value: number) => void;
  step?: number;
}

/** zero has one sign: an address knows no other */
const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text) + 0);

/** @returns the allowed number that is nearest to what was typed; null when there is none */
function nearest(text: string, bounds: Bounds): number | null {
  const value = numberIn(text);
  const settled = Math.min(bounds.max, Math.max(bounds.min, bounds.integer ? Math.round(value) : value));
  return refusal(bounds, settled) === null ? settled : null;
}

/** The arrows count from the least number: it stands on a step, so that they go from one round number to the next. */
const firstStep = (min: number, step: number | undefined): number =>
  step === undefined ? min : Math.floor(min / step) * step;

/**
 * A typed number. Only a sensible one reaches `onChange`; anything else says what is missing. Left as it is, a number
 * out of bounds becomes the nearest one allowed, and what is no number becomes the setting again.
 */
export function NumberField({
  value,
  onChange,
  min,
  max,
  step,
  integer,
  excludes,
  tooLow,
  ...field
}: NumberFieldProps) {
  const bounds = { min, max, integer, excludes, tooLow };
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft((text) => (Number(text) === value && text.trim() !== '' ? text : String(value))), [value]);
  const error = refusal(bounds, numberIn(draft));
  const change = (text: string) => {
    setDraft(text);
    if (refusal(bounds, numberIn(text)) === null) onChange(numberIn(text));
  };
  const leave = () => {
    if (error === null) return;
    const settled = nearest(draft, bounds) ?? value;
    setDraft(String(settled));
    if (settled !== value) onChange(settled);
  };
  return (
    <Field {...field} error={error && asSentence(error)}>
      {({ id, describedBy }) => (
        <input
          className={styles.box}
          id={id}
          type="number"
          inputMode={integer ? 'numeric' : 'decimal'}
          min={firstStep(min, step)}
          max={max}
          step={step ?? (integer ? 1 : 'any')}
          value={draft}
          disabled={field.disabled}
          aria-invalid={error !== null}
          aria-describedby={describedBy}
          onChange={(event) => change(event.currentTarget.value)}
          onBlur={leave}
        />
      )}
    </Field>
  );
}
