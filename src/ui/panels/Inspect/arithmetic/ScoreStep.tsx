import { useState } from 'react';
import { fixed } from '../../../../contract/numbers';
import { remPixels } from '../../../charts/useCanvas';
import { useSize } from '../../../charts/useSize';
import { Button } from '../../../primitives/Button';
import parts from '../parts.module.css';
import { columnOf, indexOf, Others, Row, Signed, type StepProps } from './StepRow';
import styles from './Steps.module.css';
import { largest, Strip, StripSlider } from './Strip';
import { FEW_PRODUCTS, largestProducts, ofHead, scoresOf, shownColumns, type View } from './view';

/** the numbers that are drawn; null: all of them */
type Kept = readonly number[] | null;

/** The query of the token that reads. */
function QueryRow({ view, chosen, onPoint, onHold, most, kept }: StepProps & { most: number; kept: Kept }) {
  const { names, row } = view;
  return (
    <Row
      name={
        <>
          <b className={styles.letter}>q</b>{' '}
          <span className={styles.of} title={`of ${names[row]}`} data-shortened>
            {`of ${names[row]}`}
          </span>
        </>
      }
    >
      <Strip
        values={ofHead(view, 'q', row)}
        most={most}
        kept={kept}
        chosen={chosen.of === 'q' ? indexOf(chosen) : null}
        onPoint={(i) => onPoint(i === null ? null : { of: 'q', token: row, index: i })}
        onHold={(i) => onHold({ of: 'q', token: row, index: i })}
      />
      <span className={styles.head}>score</span>
    </Row>
  );
}

interface KeyRowProps {
  props: StepProps;
  column: number;
  /** of all strips, and of the scores that count */
  most: number;
  largestScore: number;
  kept: Kept;
}

/** The key of one token, walked by its slider when it is the chosen one, and its score. */
function KeyRow({ props, column, most, largestScore, kept }: KeyRowProps) {
  const { view, chosen, onHold } = props;
  const name = view.names[column];
  const values = ofHead(view, 'k', column);
  const score = scoresOf(view)[column] as number;
  const isLater = column > view.row;
  const isChosen = chosen.of !== 'q' && columnOf(chosen) === column;
  const index = indexOf(chosen) ?? 0;
  const strip = { values, most, kept, strength: isChosen ? 1 : 0.55, chosen: isChosen ? indexOf(chosen) : null };
  return (
    <Row name={name} ringed={isChosen} later={isLater} choose={{ of: 'score', column }} props={props}>
      {isChosen ? (
        <StripSlider
          {...strip}
          label={`k of ${name}`}
          index={index}
          text={`number ${index + 1}: ${fixed(values[index] as number, 2)}`}
          onIndex={(i) => onHold({ of: 'k', token: column, index: i })}
        />
      ) : (
        <Strip {...strip} />
      )}
      {isLater ? (
        <span className={styles.number}>later</span>
      ) : (
        <span className={styles.measure}>
          <Signed value={score} most={largestScore} />
          <span className={styles.number}>{fixed(score, 2)}</span>
        </span>
      )}
    </Row>
  );
}

/** below so many letters' heights of width there is no room for all numbers */
const NARROW_REM = 30;

/** Where there is little room: the strips show the largest products of the chosen token, until all are asked for. */
function useKept({ view, chosen }: StepProps) {
  const [ref, { width }] = useSize<HTMLDivElement>();
  const [all, setAll] = useState(false);
  const isNarrow = width > 0 && width < NARROW_REM * remPixels() && view.size > FEW_PRODUCTS;
  const column = chosen.of === 'q' ? view.row : (columnOf(chosen) ?? view.row);
  const kept: Kept = isNarrow && !all ? largestProducts(view, column, indexOf(chosen)) : null;
  return { ref, isNarrow, kept, column, toggle: () => setAll(!all) };
}

/** What the strips leave out, in one line. */
function LeftOut({
  view,
  column,
  kept,
  toggle,
}: { view: View } & Pick<ReturnType<typeof useKept>, 'column' | 'kept' | 'toggle'>) {
  const [q, k] = [ofHead(view, 'q', view.row), ofHead(view, 'k', column)];
  const product = (i: number) => (q[i] as number) * (k[i] as number);
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, i) => total + product(i), 0);
  const [all, shown] = [sum(q.keys()), sum(kept ?? [])];
  return (
    <p className={parts.note}>
      {kept &&
        `${kept.length} of ${view.size} products, of ${view.names[column]} the largest: ${fixed(shown, 2)}; the ${view.size - kept.length} others together ${fixed(all - shown, 2)}. `}
      <Button kind="link" onClick={toggle}>
        {kept ? `Show all ${view.size}` : `Show the ${FEW_PRODUCTS} largest`}
      </Button>
    </p>
  );
}

export function ScoreStep(props: StepProps) {
  const { view } = props;
  const { row } = view;
  const { shown, others } = shownColumns(view);
  const { ref, isNarrow, ...few } = useKept(props);
  const { kept } = few;
  const most = largest([ofHead(view, 'q', row), ...shown.map((column) => ofHead(view, 'k', column))]);
  const largestScore = largest([scoresOf(view).subarray(0, row + 1)]);
  return (
    <div className={styles.rows} ref={ref}>
      <QueryRow {...props} most={most} kept={kept} />
      {shown.map((column) => (
        <KeyRow key={column} props={props} column={column} most={most} largestScore={largestScore} kept={kept} />
      ))}
      {isNarrow && <LeftOut view={view} {...few} />}
      <Others view={view} columns={others} />
    </div>
  );
}
