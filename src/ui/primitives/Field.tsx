import { type ReactNode, useId } from 'react';
import styles from './Field.module.css';

export interface FieldProps {
  label: string;
  /** its letter in the papers, e.g. β; shown, not part of the name */
  symbol?: string;
  /** acts while the run goes on */
  live?: boolean;
  /** one short line under the control */
  hint?: ReactNode;
  /** an Explain beside the label */
  explain?: ReactNode;
  disabled?: boolean;
  className?: string;
}

interface FrameProps extends FieldProps {
  /** the current value in words, right of the label */
  shown?: ReactNode;
  error?: string | null;
  /** the control takes the two ids */
  children: (ids: { id: string; describedBy: string | undefined }) => ReactNode;
}

/** Label, LIVE mark, value, control, hint: the frame every control has. The accessible name is the label alone. */
export function Field({ label, symbol, live, hint, explain, className = '', shown, error, children }: FrameProps) {
  const id = useId();
  const describedBy =
    [live && `${id}-live`, hint !== undefined && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') ||
    undefined;
  return (
    <div className={`${styles.field} ${className}`}>
      <div className={styles.top}>
        <label htmlFor={id}>{label}</label>
        {symbol && <span aria-hidden="true">{symbol}</span>}
        {live && (
          <span className={styles.live} id={`${id}-live`}>
            LIVE<span className="visually-hidden">: acts while the run goes on</span>
          </span>
        )}
        {explain}
        {shown !== undefined && (
          <output className={styles.shown} htmlFor={id}>
            {shown}
          </output>
        )}
      </div>
      {children({ id, describedBy })}
      {hint !== undefined && (
        <p className={styles.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className={styles.error} id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
