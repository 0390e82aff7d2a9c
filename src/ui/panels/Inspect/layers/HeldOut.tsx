import { fixed } from '../../../../contract/numbers';
import { useLab } from '../../../../store/lab';
import parts from '../parts.module.css';
import styles from './Layers.module.css';

/** The loss on texts that nobody trained on, with all heads on and with those that are on now. */
export function HeldOut() {
  const heldOut = useLab((lab) => lab.heads.heldOut);
  const off = useLab((lab) => lab.heads.off);
  const why = useLab((lab) => lab.heads.unmeasured);
  const learns = useLab((lab) => lab.heads.view?.step != null);
  if (why !== null) return <p className={parts.note}>{why}</p>;
  if (!heldOut)
    return (
      <p className={parts.note}>
        {learns && off.length === 0
          ? 'While it learns, its held-out loss stands on its stage. Switch a head off, and both are measured here.'
          : 'Measuring the held-out loss…'}
      </p>
    );
  return (
    <p className={styles.heldOut}>
      Held-out loss{' '}
      <b>
        {fixed(heldOut.before, 3)}
        {off.length > 0 && ` → ${fixed(heldOut.after, 3)}`}
      </b>{' '}
      <small>nats per token, {heldOut.texts} texts</small>
    </p>
  );
}
