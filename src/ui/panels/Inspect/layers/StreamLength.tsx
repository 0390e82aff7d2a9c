import type { LayersView } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { barLength, longest } from '../../../primitives/bars';
import parts from '../parts.module.css';
import styles from './Layers.module.css';
import { depthName } from './words';

/** How long the residual stream is at each place, and which sublayer wrote how much of it. */
export function StreamLength({ view }: { view: LayersView }) {
  const { lengths, written } = view;
  const most = longest(lengths);
  return (
    <>
      <h3 className={parts.title}>
        Length of the residual stream <small>who wrote into it</small>
      </h3>
      <p className={parts.note}>
        <span className={styles.attentionKey} aria-hidden="true" /> attention{' '}
        <span className={styles.mlpKey} aria-hidden="true" /> MLP{' '}
        <span className={styles.thereKey} aria-hidden="true" /> already there
      </p>
      <ol className={styles.lengths} aria-label="Length of the residual stream">
        {lengths.map((length, depth) => {
          const own = written[depth - 1];
          const wrote = own ? { attention: own.attention, mlp: own.mlp } : { attention: 0, mlp: 0 };
          const there = length - wrote.attention - wrote.mlp;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a block has no name but its number
            <li key={depth} className={styles.lengthRow}>
              <span className={styles.place}>{depthName(depth)}</span>
              <span className={styles.stack} aria-hidden="true">
                <span className={styles.there} style={{ width: barLength(there, most) }} />
                <span className={styles.attention} style={{ width: barLength(wrote.attention, most) }} />
                <span className={styles.mlp} style={{ width: barLength(wrote.mlp, most) }} />
              </span>
              <span className={styles.share}>
                <b>{fixed(length, 1)}</b>
                {own && (
                  <small>
                    {' '}
                    attention {fixed(wrote.attention, 1)}, MLP {fixed(wrote.mlp, 1)}
                  </small>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
