import type { KeyboardEvent } from 'react';
import type { LayersView } from '../../../../contract/inside';
import { useLab } from '../../../../store/lab';
import { codeOf, type KeyMap } from '../../../primitives/useKeys';
import { sameHead } from '../attention';
import { CellsPicture } from '../CellsPicture';
import parts from '../parts.module.css';
import styles from './Layers.module.css';

/** A checkbox on each head: switched off it is cut before W_O. Arrow keys move over the heads, Space switches. */
export function HeadSwitches({ view }: { view: LayersView }) {
  const off = useLab((lab) => lab.heads.off);
  const toggle = useLab((lab) => lab.heads.toggle);
  const { layers, heads } = view.model;
  const count = view.tokens.length;
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const steps: KeyMap<'Inspect, heads', number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: heads, ArrowUp: -heads };
    const boxes = [...event.currentTarget.querySelectorAll('input')];
    const next =
      boxes[boxes.indexOf(event.target as HTMLInputElement) + (steps[codeOf<'Inspect, heads'>(event)] ?? Number.NaN)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <>
      <h3 className={parts.title}>Switch off a head</h3>
      <fieldset
        className={styles.switches}
        aria-label="Heads"
        data-arrow-keys
        onKeyDown={move}
        style={{ gridTemplateColumns: `repeat(${heads}, minmax(0, 1fr))` }}
      >
        {Array.from({ length: layers * heads }, (_, i) => {
          const at = { layer: Math.floor(i / heads), head: i % heads };
          const isOff = off.some((one) => sameHead(one, at));
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a head has no name but its number
            <label key={i} className={`${styles.switch} ${isOff ? styles.cut : ''}`}>
              <input
                type="checkbox"
                aria-label={`Layer ${at.layer + 1}, head ${at.head + 1}`}
                checked={!isOff}
                onChange={() => toggle(at)}
              />
              <span className={styles.headName} aria-hidden="true">
                {at.layer + 1}·{at.head + 1}
              </span>
              <CellsPicture
                values={view.maps.subarray(i * count * count, (i + 1) * count * count)}
                count={count}
                most={1}
              />
            </label>
          );
        })}
      </fieldset>
    </>
  );
}
