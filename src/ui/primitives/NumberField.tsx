import { useEffect, useState } from 'react';
import { Field, type FieldProps } from './Field';
import styles from './Field.module.css';

interface NumberFieldProps extends FieldProps {
  value: number;
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  /** only whole numbers */
  integer?: boolean;
}

type Limits = Pick<NumberFieldProps, 'min' | 'max' | 'integer'>;

/** @returns what is wrong with the typed text, or null */
function complaint(text: string, { min, max, integer }: Limits): string | null {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return 'A number, please.';
  if (integer && !Number.isInteger(value)) return 'A whole number, please.';
  if (min !== undefined && value < min) return `At least ${min}.`;
  return max !== undefined && value > max ? `At most ${max}.` : null;
}

/** @returns the allowed number that is nearest to what was typed; null when that was no number */
function nearest(text: string, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, integer }: Limits): number | null {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) return null;
  return Math.min(max, Math.max(min, integer ? Math.round(value) : value));
}

/**
 * A typed number. Only a sensible one reaches `onChange`; anything else says what is missing. Left as it is, a number out of bounds becomes
 * the nearest one allowed, and what is no number becomes the setting again.
 */
export function NumberField({ value, onChange, min, max, step, integer, ...field }: NumberFieldProps) {
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft((text) => (Number(text) === value && text.trim() !== '' ? text : String(value))), [value]);
  const error = complaint(draft, { min, max, integer });
  const change = (text: string) => {
    setDraft(text);
    if (complaint(text, { min, max, integer }) === null) onChange(Number(text));
  };
  const leave = () => {
    if (error === null) return;
    const settled = nearest(draft, { min, max, integer }) ?? value;
    setDraft(String(settled));
    if (settled !== value) onChange(settled);
  };
  return (
    <Field {...field} error={error}>
      {({ id, describedBy }) => (
        <input
          className={styles.box}
          id={id}
          type="number"
          inputMode={integer ? 'numeric' : 'decimal'}
          min={min}
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
