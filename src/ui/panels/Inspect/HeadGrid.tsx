import { type CSSProperties, Fragment, type KeyboardEvent, type ReactNode } from 'react';
import type { HeadAt } from '../../../contract/inside';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import styles from './HeadGrid.module.css';

interface HeadGridProps {
  layers: number;
  heads: number;
  /** one control for each head */
  children: (at: HeadAt) => ReactNode;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The first row of such a grid: what its columns are. */
export function HeadNames({ heads, className }: { heads: number; className: string | undefined }) {
  return [
    <span key="corner" className={className} aria-hidden="true" />,
    ...numbers(heads).map((head) => (
      <span key={head} className={className} aria-hidden="true">
        head {head + 1}
      </span>
    )),
  ];
}

/** Every head of a model: layers down, heads across, each side named; arrow keys go from one control to the next. */
export function HeadGrid({ layers, heads, children }: HeadGridProps) {
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const steps: KeyMap<'Inspect, heads', number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: heads, ArrowUp: -heads };
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('input, button')];
    const next = all[all.indexOf(event.target as HTMLElement) + (steps[codeOf<'Inspect, heads'>(event)] ?? Number.NaN)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (next instanceof HTMLButtonElement) next.click();
  };
  return (
    <fieldset
      className={styles.grid}
      aria-label="Heads"
      data-arrow-keys
      onKeyDown={move}
      style={{ '--heads': heads } as CSSProperties}
    >
      <HeadNames heads={heads} className={styles.name} />
      {numbers(layers).map((layer) => (
        <Fragment key={layer}>
          <span className={styles.name} aria-hidden="true">
            layer {layer + 1}
          </span>
          {numbers(heads).map((head) => (
            <Fragment key={head}>{children({ layer, head })}</Fragment>
          ))}
        </Fragment>
      ))}
    </fieldset>
  );
}
