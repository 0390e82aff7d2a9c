import { type ButtonHTMLAttributes, type Ref, useState } from 'react';
import styles from './Button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** one primary button per stage */
  kind?: 'plain' | 'primary' | 'quiet' | 'link';
  /** the key that does the same, printed on the button; not part of its name */
  keyCap?: string;
  ref?: Ref<HTMLButtonElement>;
}

/**
 * A button that is switched off while it has the focus, as Step is during a step, is off by `aria-disabled`: with
 * `disabled` the browser would drop the focus, and the keyboard would start again at the top of the page.
 */
function useFocusKept({ disabled = false, onClick, onFocus, onBlur }: ButtonHTMLAttributes<HTMLButtonElement>) {
  const [focused, setFocused] = useState(false);
  const kept: ButtonHTMLAttributes<HTMLButtonElement> = {
    disabled: disabled && !focused,
    onClick: disabled ? undefined : onClick,
    onFocus(event) {
      setFocused(true);
      onFocus?.(event);
    },
    onBlur(event) {
      setFocused(false);
      onBlur?.(event);
    },
  };
  return disabled ? { ...kept, 'aria-disabled': true } : kept;
}

/** A thing to press. The printed key is for eyes only: screen readers get `aria-keyshortcuts`. */
export function Button({ kind = 'plain', keyCap, className = '', children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={`${styles.button} ${styles[kind]} ${className}`}
      aria-keyshortcuts={keyCap}
      {...rest}
      {...useFocusKept(rest)}
    >
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
export function IconButton({
  label,
  className = '',
  children,
  ...rest
}: Omit<ButtonProps, 'kind' | 'keyCap'> & { label: string }) {
  return (
    <button
      type="button"
      className={`${styles.button} ${styles.icon} ${className}`}
      aria-label={label}
      title={label}
      {...rest}
      {...useFocusKept(rest)}
    >
      {children}
    </button>
  );
}
