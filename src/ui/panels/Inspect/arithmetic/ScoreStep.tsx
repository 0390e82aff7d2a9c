import { fixed } from '../../../../contract/numbers';
import { columnOf, indexOf, Others, Row, Signed, type StepProps } from './StepRow';
import styles from './Steps.module.css';
import { largest, Strip, StripSlider } from './Strip';
import { ofHead, scoresOf, shownColumns } from './view';

/** The query of the token that reads. */
function QueryRow({ view, chosen, onPoint, onHold, most }: StepProps & { most: number }) {
  const { names, row } = view;
  return (
    <Row
      name={
        <>
          <b className={styles.letter}>q</b> <span className={styles.of}>of {names[row]}</span>
        </>
      }
    >
      <Strip
        values={ofHead(view, 'q', row)}
        most={most}
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
}

/** The key of one token, walked by its slider when it is the chosen one, and its score. */
function KeyRow({ props, column, most, largestScore }: KeyRowProps) {
  const { view, chosen, onHold } = props;
  const name = view.names[column];
  const values = ofHead(view, 'k', column);
  const score = scoresOf(view)[column] as number;
  const isLater = column > view.row;
  const isChosen = chosen.of !== 'q' && columnOf(chosen) === column;
  const index = indexOf(chosen) ?? 0;
  const strip = { values, most, strength: isChosen ? 1 : 0.55, chosen: isChosen ? indexOf(chosen) : null };
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

export function ScoreStep(props: StepProps) {
  const { view } = props;
  const { row } = view;
  const { shown, others } = shownColumns(view);
  const most = largest([ofHead(view, 'q', row), ...shown.map((column) => ofHead(view, 'k', column))]);
  const largestScore = largest([scoresOf(view).subarray(0, row + 1)]);
  return (
    <div className={styles.rows}>
      <QueryRow {...props} most={most} />
      {shown.map((column) => (
        <KeyRow key={column} props={props} column={column} most={most} largestScore={largestScore} />
      ))}
      <Others view={view} columns={others} />
    </div>
  );
}
