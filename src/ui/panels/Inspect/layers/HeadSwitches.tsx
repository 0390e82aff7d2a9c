import { useId } from 'react';
import type { LayersView } from '../../../../contract/inside';
import { useLab } from '../../../../store/lab';
import { headTitle, sameHead } from '../attention';
import { CellsPicture } from '../CellsPicture';
import { HeadGrid } from '../HeadGrid';
import parts from '../parts.module.css';
import styles from './Layers.module.css';

/** A checkbox on each head: switched off it is cut before W_O. Arrow keys move over the heads, Space switches. */
export function HeadSwitches({ view }: { view: LayersView }) {
  const off = useLab((lab) => lab.heads.off);
  const toggle = useLab((lab) => lab.heads.toggle);
  const { layers, heads } = view.model;
  const count = view.tokens.length;
  const titleId = useId();
  const mapOf = (i: number) => view.maps.subarray(i * count * count, (i + 1) * count * count);
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId} className={parts.title}>
        Switch off a head
      </h3>
      <HeadGrid layers={layers} heads={heads}>
        {(at) => {
          const isOff = off.some((one) => sameHead(one, at));
          return (
            <label className={`${styles.switch} ${isOff ? styles.cut : ''}`}>
              <input type="checkbox" aria-label={headTitle(at)} checked={!isOff} onChange={() => toggle(at)} />
              <CellsPicture values={mapOf(at.layer * heads + at.head)} count={count} most={1} />
            </label>
          );
        }}
      </HeadGrid>
    </section>
  );
}
