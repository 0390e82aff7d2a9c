import { Popover } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';
import type { Source } from '../../contract/explanations/explanation';
import { FORMULAS, type Formula, type FormulaId } from '../../contract/formulas';
import { METRICS, type Metric, type MetricId } from '../../contract/metrics';
import { citation } from '../../contract/papers';
import { sourceHash } from '../../store/address/sourceAddress';
import styles from './Explain.module.css';
import popover from './Popover.module.css';

interface ExplainProps {
  /** a number of the lab: the whole text comes from `contract/metrics.ts` */
  metric?: MetricId;
  /** for anything that is not a metric */
  title?: string;
  /** a formula of `contract/formulas.ts`, with the paper it comes from */
  formula?: FormulaId;
  /** the small numbers beside it, each in a sentence */
  numbers?: readonly MetricId[];
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

function FormulaText({ id }: { id: FormulaId }) {
  const { notation, papers }: Formula = FORMULAS[id];
  return (
    <>
      <p className={styles.formula}>{notation}</p>
      {papers.length > 0 && <p className={styles.papers}>{papers.map(citation).join('; ')}</p>}
    </>
  );
}

const NONE: readonly MetricId[] = [];

/** Each in a sentence, with the function that computes it. */
function NumbersText({ ids, onFollow }: { ids: readonly MetricId[]; onFollow: () => void }) {
  return (
    <dl className={styles.numbers}>
      {ids.map((id) => (
        <div key={id}>
          <dt>{METRICS[id].label}</dt>
          <dd>{METRICS[id].meaning}</dd>
          <dd>
            <a href={sourceHash(METRICS[id].source)} aria-description="Source" onClick={onFollow}>
              <code>{METRICS[id].source.symbol}</code>
            </a>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** @returns where what is explained is computed; null for words alone */
function sourceOf(metric: MetricId | undefined, formula: FormulaId | undefined): Source | null {
  if (metric) return METRICS[metric].source;
  return formula ? FORMULAS[formula].source : null;
}

/**
 * A small "i" that opens what a number means: one sentence, the formula, what is usual, its exact name, and a link to
 * the function that computes it. Escape closes it. Its accessible name never holds the number's: scripts and voice
 * control find `Train` and `Step` by theirs.
 */
export function Explain({ metric, title, formula, numbers = NONE, children }: ExplainProps) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const heading = title ?? (metric ? METRICS[metric].label : '');
  const source = sourceOf(metric, formula);
  /** the reader comes back to where the question was asked */
  const leave = () => {
    trigger.current?.focus();
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger ref={trigger} className={styles.trigger} aria-label="Explain" aria-description={heading}>
        i
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={`${popover.popover} ${styles.content}`}
          aria-label={heading}
          sideOffset={6}
          collisionPadding={12}
        >
          <h3 className={styles.title}>{heading}</h3>
          {metric && <MetricText id={metric} />}
          {children}
          {formula && <FormulaText id={formula} />}
          {source && (
            <p className={styles.source}>
              <a href={sourceHash(source)} onClick={leave}>
                Source
              </a>
              <code>{source.symbol}</code>
            </p>
          )}
          {numbers.length > 0 && <NumbersText ids={numbers} onFollow={leave} />}
          <Popover.Arrow className={styles.arrow} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
