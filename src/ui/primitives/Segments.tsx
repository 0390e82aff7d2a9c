import { useId } from 'react';
import styles from './Segments.module.css';

interface SegmentsProps<T extends string> {
  /** names the group */
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string }[];
}

/** One of two or three, all in sight; radio buttons underneath, so that arrow keys and screen readers know them. */
export function Segments<T extends string>({ label, value, onChange, options }: SegmentsProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles.group} aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={styles.segment}>
          <span>
            {option.label}
            <input
              type="radio"
              className="over-label"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
          </span>
        </label>
      ))}
    </fieldset>
  );
}
