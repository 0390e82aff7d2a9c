import type { ReactNode } from 'react';
import styles from './Field.module.css';

interface CheckboxProps {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  /** drawn and spoken as a switch */
  toggle?: boolean;
}

/** Yes or no, with its words beside it. */
export function Checkbox({ label, checked, onChange, disabled, toggle }: CheckboxProps) {
  return (
    <label className={styles.check}>
      <input
        type="checkbox"
        role={toggle ? 'switch' : undefined}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
