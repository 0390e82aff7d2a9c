/** What the large pictures of the steps share: a row for each token, and how much a number is. */
import type { ReactNode } from 'react';
import { fixed } from '../../../../contract/numbers';
import { shareOfLongest } from '../../../primitives/bars';
import parts from '../parts.module.css';
import styles from './Steps.module.css';
import type { Chosen } from './sums';
import { type View, weightsOf } from './view';

export interface StepProps {
  view: View;
  chosen: Chosen;
  /** hover shows, null lets go of what hover showed */
  onPoint: (chosen: Chosen | null) => void;
  onHold: (chosen: Chosen) => void;
}

export const columnOf = (chosen: Chosen): number | null =>
  'column' in chosen ? chosen.column : 'token' in chosen ? chosen.token : null;
export const indexOf = (chosen: Chosen): number | null => ('index' in chosen ? chosen.index : null);

interface RowProps {
  name: ReactNode;
  ringed?: boolean;
  later?: boolean;
  choose?: Chosen;
  props?: StepProps;
  children: ReactNode;
}

/** One token's row: pointing at it shows its number, a click holds it. */
export function Row({ name, ringed = false, later = false, choose, props, children }: RowProps) {
  return (
    <div
      className={`${styles.row} ${later ? styles.later : ''}`}
      data-ringed={ringed || undefined}
      onPointerEnter={choose && (() => props?.onPoint(choose))}
      onPointerLeave={choose && (() => props?.onPoint(null))}
      onPointerDown={choose && (() => props?.onHold(choose))}
    >
      <span className={styles.name} {...(typeof name === 'string' && { title: name, 'data-shortened': true })}>
        {name}
      </span>
      {children}
    </div>
  );
}

export function Others({ view, columns }: { view: View; columns: readonly number[] }) {
  if (columns.length === 0) return null;
  const weights = weightsOf(view);
  const together = columns.reduce((sum, column) => sum + (weights[column] as number), 0);
  return (
    <p className={parts.note}>
      {columns.length} others that are hardly read, weight {fixed(together, 3)} together
    </p>
  );
}

/** a bar to the right of zero or to the left */
export function Signed({ value, most }: { value: number; most: number }) {
  const share = 50 * shareOfLongest(Math.abs(value), most);
  return (
    <span className={styles.signed} aria-hidden="true">
      <span
        className={value < 0 ? styles.less : styles.more}
        style={{ width: `${share}%`, left: value < 0 ? `${50 - share}%` : '50%' }}
      />
    </span>
  );
}
