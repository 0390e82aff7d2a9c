import { useShallow } from 'zustand/react/shallow';
import type { HeadLoss } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { useLab } from '../../../../store/lab';
import { inspectedId } from '../../../../store/models/inspected';
import { barLength, longest } from '../../../primitives/bars';
import { EmptyState } from '../../../primitives/EmptyState';
import { headOfLayer, sameHead } from '../attention';
import parts from '../parts.module.css';
import styles from './Layers.module.css';

/** Loss with each head alone left out, dearest first, each with the switch that it has above. */
export function Ranking() {
  const ranking = useLab((lab) => lab.heads.ranking);
  const isOwn = useLab((lab) => lab.heads.ranking?.checkpointId === inspectedId(lab));
  return (
    <>
      <h3 className={parts.title}>
        Which heads matter <small>64 texts</small>
      </h3>
      {ranking && isOwn ? (
        <Losses heads={ranking.heads} />
      ) : (
        <EmptyState title="Not measured yet">
          “Which heads matter” leaves out one head at a time and measures the loss on held-out texts.
        </EmptyState>
      )}
    </>
  );
}

function Losses({ heads }: { heads: readonly HeadLoss[] }) {
  const { off, toggle } = useLab(useShallow(({ heads: { off, toggle } }) => ({ off, toggle })));
  const base = heads[0]?.before ?? 0;
  const most = longest(heads.map(({ after }) => after - base));
  return (
    <>
      <p className={parts.note}>Loss when that head alone is off. None off: {fixed(base, 3)}.</p>
      <ol className={styles.ranking} aria-label="Heads by what they are worth">
        {heads.map(({ layer, head, after, clear }) => (
          <li key={`${layer} ${head}`} className={styles.rank}>
            <label className={styles.rankName}>
              <input
                type="checkbox"
                checked={!off.some((one) => sameHead(one, { layer, head }))}
                onChange={() => toggle({ layer, head })}
              />
              {headOfLayer({ layer, head })}
            </label>
            <span className={styles.track} aria-hidden="true">
              <span
                className={clear ? styles.costs : styles.filledGrey}
                style={{ width: barLength(after - base, most) }}
              />
            </span>
            <span className={styles.share}>
              <b>{fixed(after, 3)}</b>
              {!clear && <small> no difference</small>}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
