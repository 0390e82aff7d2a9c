import type { LayersView } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { barLength } from '../../../primitives/bars';
import { keyed } from '../../../primitives/keyed';
import { tokenName } from '../attention';
import parts from '../parts.module.css';
import { useUnit } from '../useUnit';
import styles from './Layers.module.css';
import { depthName } from './words';

/** letters of a word that has room in full size */
const SHORT = 7;

/** The logit lens: what the model would say if it stopped there, one row a block, one scale for all. */
export function Lens({ view }: { view: LayersView }) {
  const { unit } = useUnit();
  const last = view.lens.length - 1;
  const [first] = view.lens;
  const echoes = first?.[0]?.text === view.tokens[view.position];
  const read = tokenName(view.tokens[view.position] ?? '');
  return (
    <>
      <h3 className={parts.title}>
        What would it say after each block? <small>logit lens</small>
      </h3>
      <ol className={styles.lens} aria-label="What it would say">
        {view.lens.map((said, depth) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a block has no name but its number
          <li key={depth} className={styles.lensRow}>
            <span className={styles.place}>
              {depthName(depth)}
              {depth === last && <small>what it says</small>}
            </span>
            <span className={styles.said}>
              {keyed(said, ({ text }) => text).map(({ key, item }) => (
                <span key={key} className={styles.one}>
                  <span
                    className={`${styles.word} ${tokenName(item.text).length > SHORT ? styles.long : ''}`}
                    title={tokenName(item.text)}
                    data-shortened
                  >
                    {tokenName(item.text)}
                  </span>
                  <span className={styles.track} aria-hidden="true">
                    <span className={styles.filled} style={{ width: barLength(item.probability, 1) }} />
                  </span>
                  <span className={styles.share}>{fixed(item.probability, 3)}</span>
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
      {view.model.tiedHead && (
        <p className={parts.note}>
          {echoes
            ? `Before the first block it says the ${unit} it has just read: input and output share a table.`
            : `Before the first block it knows “${read}” and its place alone: input and output share a table, so what is like it comes first.`}
        </p>
      )}
    </>
  );
}
