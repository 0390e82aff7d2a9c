import type { ButtonHTMLAttributes } from 'react';
import styles from './Button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** one primary button per stage */
  kind?: 'plain' | 'primary' | 'quiet' | 'link';
  /** the key that does the same, printed on the button; not part of its name */
  keyCap?: string;
}

/** A thing to press. The printed key is for eyes only: screen readers get `aria-keyshortcuts`. */
export function Button({ kind = 'plain', keyCap, className = '', children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button type={type} className={`${styles.button} ${styles[kind]} ${className}`} aria-keyshortcuts={keyCap} {...rest}>
      {children}
      {keyCap !== undefined && (
        <span className={styles.cap} aria-hidden="true">
          {keyCap}
        </span>
      )}
    </button>
  );
}

/** A square button that shows a sign; `label` is its name. */
export function IconButton({ label, className = '', children, ...rest }: Omit<ButtonProps, 'kind' | 'keyCap'> & { label: string }) {
  return (
    <button type="button" className={`${styles.button} ${styles.icon} ${className}`} aria-label={label} title={label} {...rest}>
      {children}
    </button>
  );
}
