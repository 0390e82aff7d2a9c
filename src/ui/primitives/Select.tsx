import { LIMITS, shortened } from '../../contract/limits';
import { Field, type FieldProps } from './Field';
import styles from './Field.module.css';

interface SelectProps<T extends string> extends FieldProps {
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string; disabled?: boolean }[];
}

/**
 * One of a few named choices; the platform's own list, so that phones and screen readers know it. It would be as wide
 * as its longest line.
 */
export function Select<T extends string>({ value, onChange, options, ...field }: SelectProps<T>) {
  return (
    <Field {...field}>
      {({ id, describedBy }) => (
        <select
          className={styles.box}
          id={id}
          value={value}
          disabled={field.disabled}
          aria-describedby={describedBy}
          onChange={(event) => onChange(event.currentTarget.value as T)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {shortened(option.label, LIMITS.name)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
