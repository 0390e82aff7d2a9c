import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { METRICS, type Metric, type MetricId } from '../../contract/metrics';
import styles from './Explain.module.css';

interface ExplainProps {
  /** a number of the lab: the whole text comes from `contract/metrics.ts` */
  metric?: MetricId;
  /** for anything that is not a metric */
  title?: string;
  formula?: string;
  children?: ReactNode;
}

function MetricText({ id }: { id: MetricId }) {
  const { meaning, formula, unit, healthy }: Metric = METRICS[id];
  return (
    <>
      <p>{meaning}</p>
      <p className={styles.formula}>{formula}</p>
      <dl className={styles.facts}>
        {unit !== '' && (
          <>
            <dt>Unit</dt>
            <dd>{unit}</dd>
          </>
        )}
        {healthy && (
          <>
            <dt>Usual</dt>
            <dd>
              {healthy[0]} to {healthy[1]}
            </dd>
          </>
        )}
        <dt>Exact name</dt>
        <dd>
          <code>{id}</code>
        </dd>
      </dl>
    </>
  );
}

/**
 * A small "i" that opens what a number means: one sentence, the formula, what is usual, its exact name. Escape closes it.
 * Its accessible name never holds the number's: scripts and voice control find `Train` and `Step` by theirs.
 */
export function Explain({ metric, title, formula, children }: ExplainProps) {
  const heading = title ?? (metric ? METRICS[metric].label : '');
  return (
    <Popover.Root>
      <Popover.Trigger className={styles.trigger} aria-label="Explain" aria-description={heading}>
        i
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.content} aria-label={heading} sideOffset={6} collisionPadding={12}>
          <h3 className={styles.title}>{heading}</h3>
          {metric && <MetricText id={metric} />}
          {children}
          {formula && <p className={styles.formula}>{formula}</p>}
          <Popover.Arrow className={styles.arrow} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
