import type { TokenChange } from '../../../contract/inside';
import { fixed } from '../../../contract/numbers';
import { barLength, longest } from '../../primitives/bars';
import { keyed } from '../../primitives/keyed';
import { tokenName } from './attention';
import styles from './ChangeBars.module.css';
import outlined from './outlined.module.css';

interface ChangeBarsProps {
  label: string;
  changes: readonly TokenChange[];
  /** what the outline is, and what the filled bar */
  before: string;
  after: string;
}

/** one that has halved or doubled, and is no trifle */
const isTold = ({ before, after }: TokenChange): boolean =>
  Math.max(before, after) > 0.01 && (after > 1.5 * before || before > 1.5 * after);

/** Probabilities before and after: the outline is before, the filled bar after, and both are printed. */
export function ChangeBars({ label, changes, before, after }: ChangeBarsProps) {
  const most = longest(
    changes.flatMap((change) => [change.before, change.after]),
    0.05,
  );
  return (
    <>
      <p className={styles.legend}>
        <span className={outlined.outlineKey} aria-hidden="true" /> outline: {before}{' '}
        <span className={outlined.filledKey} aria-hidden="true" /> filled: {after}
      </p>
      <ol className={styles.bars} aria-label={label}>
        {keyed(changes, ({ text }) => text).map(({ key, item }) => (
          <li key={key} className={styles.row}>
            <span className={styles.token}>{tokenName(item.text)}</span>
            <span className={styles.track} aria-hidden="true">
              <span className={outlined.filled} style={{ width: barLength(item.after, most) }} />
              <span className={outlined.outline} style={{ width: barLength(item.before, most) }} />
            </span>
            <span className={isTold(item) ? (item.after > item.before ? styles.more : styles.less) : styles.numbers}>
              {fixed(item.before, 3)} → {fixed(item.after, 3)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
