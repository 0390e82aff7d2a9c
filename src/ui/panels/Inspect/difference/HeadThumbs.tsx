import type { KeyboardEvent } from 'react';
import type { ModelDifference } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { codeOf, type KeyMap } from '../../../primitives/useKeys';
import { sameHead } from '../attention';
import { CellsPicture } from '../CellsPicture';
import { type CellChange, headDifference, sizeOf } from './changes';
import styles from './Difference.module.css';

interface HeadThumbsProps {
  difference: ModelDifference;
  changes: readonly CellChange[];
  /** the largest change of all, which has full colour */
  most: number;
  chosen: CellChange;
  onChoose: (cell: CellChange) => void;
}

/** Every head on one scale with its largest change printed: one stop for Tab, arrow keys from head to head. */
export function HeadThumbs({ difference, changes, most, chosen, onChoose }: HeadThumbsProps) {
  const columns = difference.maps?.heads ?? 1;
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const steps: KeyMap<'Inspect, heads', number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
    };
    const index =
      changes.findIndex((one) => sameHead(one, chosen)) + (steps[codeOf<'Inspect, heads'>(event)] ?? Number.NaN);
    const next = changes[index];
    if (!next) return;
    event.preventDefault();
    onChoose(next);
    event.currentTarget.querySelectorAll('button')[index]?.focus();
  };
  return (
    <fieldset
      className={styles.heads}
      aria-label="Heads"
      data-arrow-keys
      onKeyDown={move}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 7rem))` }}
    >
      {changes.map((change) => (
        <button
          key={`${change.layer} ${change.head}`}
          type="button"
          className={styles.head}
          aria-label={`Layer ${change.layer + 1}, head ${change.head + 1}, largest change ${fixed(sizeOf(change), 2)}`}
          aria-pressed={sameHead(change, chosen)}
          tabIndex={sameHead(change, chosen) ? 0 : -1}
          onClick={() => onChoose(change)}
        >
          <CellsPicture values={headDifference(difference, change)} count={difference.tokens.length} most={most} />
          <span className={styles.size}>
            {change.layer + 1}·{change.head + 1} <b>± {fixed(sizeOf(change), 2)}</b>
          </span>
        </button>
      ))}
    </fieldset>
  );
}
