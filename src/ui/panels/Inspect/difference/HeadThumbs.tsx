import type { ModelDifference } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { headTitle, sameHead } from '../attention';
import { CellsPicture } from '../CellsPicture';
import { HeadGrid } from '../HeadGrid';
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
  const { layers, heads } = difference.maps ?? { layers: 0, heads: 1 };
  return (
    <HeadGrid layers={layers} heads={heads}>
      {(at) => {
        const change = changes[at.layer * heads + at.head] as CellChange;
        return (
          <button
            type="button"
            className={styles.head}
            aria-label={`${headTitle(at)}, largest change ${fixed(sizeOf(change), 2)}`}
            aria-pressed={sameHead(at, chosen)}
            tabIndex={sameHead(at, chosen) ? 0 : -1}
            onClick={() => onChoose(change)}
          >
            <CellsPicture values={headDifference(difference, change)} count={difference.tokens.length} most={most} />
            <b className={styles.size}>± {fixed(sizeOf(change), 2)}</b>
          </button>
        );
      }}
    </HeadGrid>
  );
}
