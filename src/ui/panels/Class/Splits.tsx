import { type KeyboardEvent, useRef } from 'react';
import type { AgreementReport, Interval } from '../../../contract/agreement';
import { countOf, fixed, plural } from '../../../contract/numbers';
import { favourite, otherSide, type Split, totalsOf, votePairs, votePairsIn } from '../../../store/classroom/splits';
import { areFew } from '../../../store/runs/cases';
import { Card } from '../../primitives/Card';
import { Disclosure } from '../../primitives/Disclosure';
import { formatPart, formatShare } from '../../primitives/format';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import legend from '../legend.module.css';
import styles from './Splits.module.css';
import { whyNoAlpha, whyNoKappa, whyNoPercent } from './words';

interface SplitsProps {
  splits: readonly Split[];
  /** places of the pairs, in the order of the rows */
  order: readonly number[];
  report: AgreementReport;
  students: number;
  chosen: number;
  choose: (pair: number) => void;
}

const between = ({ low, high }: Interval, write: (value: number) => string): string =>
  `(${write(low)} to ${write(high)})`;
const two = (value: number): string => fixed(value, 2);

/** One number with what it means; where it is not defined, why. */
function Figure({
  id,
  sign,
  value,
  interval,
  write,
  meaning,
  why,
}: {
  id: string;
  sign: string;
  value: number | null;
  interval: Interval | null;
  write: (value: number) => string;
  meaning: string;
  why: string;
}) {
  return (
    <div className={styles.figure}>
      <b data-metric={id} data-value={value ?? undefined}>
        {sign && `${sign} `}
        {value === null ? 'not defined' : write(value)}
      </b>
      <span>{value === null ? why : `${interval ? `${between(interval, write)} ` : ''}${meaning}`}</span>
    </div>
  );
}

function Figures({ report, students, splits }: Pick<SplitsProps, 'report' | 'students' | 'splits'>) {
  const { percent, percentInterval, kappa, alpha, alphaInterval } = report;
  const cases = votePairsIn(splits);
  const isOfFew = areFew(cases);
  return (
    <div className={styles.figures}>
      <Figure
        id="class/percent"
        sign=""
        value={percent}
        interval={isOfFew ? null : percentInterval}
        write={isOfFew ? (value) => `${formatPart(value, cases)} ${plural(cases, 'pair')} of votes` : formatShare}
        meaning="any two of you, on any pair, chose alike"
        why={whyNoPercent}
      />
      {students === 2 ? (
        <Figure
          id="class/kappa"
          sign="κ"
          value={kappa}
          interval={null}
          write={two}
          meaning="Cohen: 0 is chance, 1 is one mind"
          why={whyNoKappa(percent)}
        />
      ) : (
        <Figure
          id="class/alpha"
          sign="α"
          value={alpha}
          interval={alphaInterval}
          write={two}
          meaning="Krippendorff: 0 is chance, 1 is one mind"
          why={whyNoAlpha(percent)}
        />
      )}
    </div>
  );
}

const PARTS = ['more', 'tie', 'bothBad', 'fewer', 'none'] as const;
type PartName = (typeof PARTS)[number];
const PART_WORDS: Record<PartName, string> = {
  more: 'more chose this',
  tie: 'tie',
  bothBad: 'both bad',
  fewer: 'fewer chose this',
  none: 'skipped',
};

const partsOf = (split: Split): Record<PartName, number> => ({
  more: split[favourite(split)],
  fewer: split[otherSide(favourite(split))],
  tie: split.tie,
  bothBad: split.bothBad,
  none: split.none,
});

function Bar({ split }: { split: Split }) {
  const parts = partsOf(split);
  return (
    <span className={styles.bar} aria-hidden="true">
      {PARTS.map(
        (part) => parts[part] > 0 && <b key={part} className={styles[part]} style={{ flexGrow: parts[part] }} />,
      )}
    </span>
  );
}

/** "87 %", of few pairs of votes "2 of 3" */
const alikeWords = (agreement: number, split: Split): string => formatPart(agreement, votePairs(split));

/** "Pair 7: 28 chose one side, 1 the other, 2 both bad; 87 % alike" */
function spoken(pair: number, split: Split, agreement: number | null): string {
  const { more, fewer, tie, bothBad, none } = partsOf(split);
  const others = [tie > 0 && `${tie} tie`, bothBad > 0 && `${bothBad} both bad`, none > 0 && `${none} skipped`];
  const said = [`${more} chose one side`, `${fewer} the other`, ...others].filter(Boolean).join(', ');
  return `Pair ${pair + 1}: ${said}; ${agreement === null ? 'fewer than two votes' : `${alikeWords(agreement, split)} alike`}`;
}

/** Where a key leads to from the row `at`. */
const STEPS: KeyMap<'Class, pairs', (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

/** Arrow keys walk the rows; the one that is chosen is where Tab comes in. */
function Rows({ splits, order, report, chosen, choose }: Omit<SplitsProps, 'students'>) {
  const list = useRef<HTMLUListElement>(null);
  const walk = (event: KeyboardEvent) => {
    const next = STEPS[codeOf<'Class, pairs'>(event)]?.(order.indexOf(chosen), order.length - 1);
    if (next === undefined) return;
    event.preventDefault();
    choose(order[next]!);
    list.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <ul ref={list} className={styles.rows} aria-label="Pairs, those you agree on first">
      {order.map((pair) => {
        const split = splits[pair]!;
        const { more, fewer } = partsOf(split);
        return (
          <li key={pair}>
            <button
              type="button"
              className={styles.row}
              tabIndex={pair === chosen ? 0 : -1}
              aria-pressed={pair === chosen}
              aria-label={spoken(pair, split, report.units[pair] ?? null)}
              data-arrow-keys
              onClick={() => choose(pair)}
              onKeyDown={walk}
            >
              <span className={styles.pair}>{pair + 1}</span>
              <span className={styles.most}>{more}</span>
              <Bar split={split} />
              <span className={styles.least}>{fewer}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function SplitTable({ splits, order, report }: Pick<SplitsProps, 'splits' | 'order' | 'report'>) {
  return (
    <Disclosure summary="As a table">
      <table className={styles.table} aria-label="How you voted, pair by pair">
        <thead>
          <tr>
            <th scope="col">pair</th>
            {PARTS.map((part) => (
              <th key={part} scope="col">
                {PART_WORDS[part]}
              </th>
            ))}
            <th scope="col">alike</th>
          </tr>
        </thead>
        <tbody>
          {order.map((pair) => {
            const parts = partsOf(splits[pair]!);
            const agreement = report.units[pair] ?? null;
            return (
              <tr key={pair}>
                <th scope="row">{pair + 1}</th>
                {PARTS.map((part) => (
                  <td key={part}>{parts[part]}</td>
                ))}
                <td>{agreement === null ? '–' : alikeWords(agreement, splits[pair]!)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Disclosure>
  );
}

/** The hero: how the class voted on every pair, and how far it agrees. */
export function Splits(props: SplitsProps) {
  const { votes, skipped } = totalsOf(props.splits);
  return (
    <Card
      className={styles.card}
      title="How you voted, pair by pair"
      note={`${countOf(props.students, 'student')}, ${countOf(votes, 'vote')}, ${skipped} skipped`}
    >
      {props.students < 2 ? (
        <p className={styles.note}>
          {props.students === 0
            ? 'No code yet. Students vote, and show you theirs.'
            : 'One more code, then agreement can be told.'}
        </p>
      ) : (
        <Figures report={props.report} students={props.students} splits={props.splits} />
      )}
      <p className={`${legend.legend} ${styles.legend}`} aria-hidden="true">
        {PARTS.map((part) => (
          <span key={part}>
            <b className={styles[part]} />
            {PART_WORDS[part]}
          </span>
        ))}
      </p>
      <Rows {...props} />
      <SplitTable {...props} />
    </Card>
  );
}
