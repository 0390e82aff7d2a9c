/** The large picture of each step. */
import type { ReactNode } from 'react';
import { fixed } from '../../../../contract/numbers';
import { ScoreStep } from './ScoreStep';
import { columnOf, indexOf, Others, Row, Signed, type StepProps } from './StepRow';
import styles from './Steps.module.css';
import { largest, Strip, StripSlider } from './Strip';
import type { Chosen } from './sums';
import { ofHead, ofStream, scoresOf, shownColumns, type View, weightsOf } from './view';

interface ColumnRowProps {
  of: 'mask' | 'weight';
  column: number;
  props: StepProps;
  children: ReactNode;
}

/** The row of a token that is read, or that comes later and is not. */
function ColumnRow({ of, column, props, children }: ColumnRowProps) {
  const { view, chosen } = props;
  return (
    <Row
      name={view.names[column]}
      ringed={columnOf(chosen) === column}
      later={column > view.row}
      choose={{ of, column }}
      props={props}
    >
      {children}
    </Row>
  );
}

function MaskStep(props: StepProps) {
  const { view } = props;
  const { row } = view;
  const scores = scoresOf(view);
  const { shown, others } = shownColumns(view);
  const most = largest([scores]);
  return (
    <div className={styles.rows}>
      {shown.map((j) => (
        <ColumnRow key={j} of="mask" column={j} props={props}>
          {j > row ? <span className={styles.hatched} /> : <Signed value={scores[j] as number} most={most} />}
          <span className={styles.number}>
            {j > row ? (
              <>
                <s>{fixed(scores[j] as number, 2)}</s> −∞
              </>
            ) : (
              fixed(scores[j] as number, 2)
            )}
          </span>
        </ColumnRow>
      ))}
      <Others view={view} columns={others} />
    </div>
  );
}

function SoftmaxStep(props: StepProps) {
  const { view } = props;
  const { row } = view;
  const [scores, weights] = [scoresOf(view), weightsOf(view)];
  const max = scores.subarray(0, row + 1).reduce((m, score) => Math.max(m, score), Number.NEGATIVE_INFINITY);
  const { shown, others } = shownColumns(view);
  return (
    <div className={`${styles.rows} ${styles.shares}`}>
      <div className={styles.heads} aria-hidden="true">
        <span />
        <span>score</span>
        <span>exp</span>
        <span className={styles.start}>weight</span>
        <span />
      </div>
      {shown.map((j) => (
        <ColumnRow key={j} of="weight" column={j} props={props}>
          <span className={styles.number}>{j > row ? '−∞' : fixed(scores[j] as number, 2)}</span>
          <span className={styles.number}>{j > row ? '0' : fixed(Math.exp((scores[j] as number) - max), 3)}</span>
          {j > row ? (
            <span className={styles.hatched} />
          ) : (
            <span className={styles.track}>
              <span className={styles.filled} style={{ width: `${100 * (weights[j] as number)}%` }} />
            </span>
          )}
          <span className={styles.number}>{j > row ? '0' : fixed(weights[j] as number, 3)}</span>
        </ColumnRow>
      ))}
      <Others view={view} columns={others} />
    </div>
  );
}

function MixStep(props: StepProps) {
  const { view, chosen, onPoint, onHold } = props;
  const { names, row, head } = view;
  const weights = weightsOf(view);
  const { shown, others } = shownColumns(view);
  const columns = shown.filter((j) => j <= row);
  const strips = columns.map((j) => ofHead(view, 'v', j));
  const o = ofHead(view, 'mixed', row);
  const most = largest([...strips, o]);
  const strongest = columns.reduce((m, j) => Math.max(m, weights[j] as number), 1e-9);
  const index = indexOf(chosen);
  const isMixed = chosen.of === 'mixed';
  return (
    <div className={`${styles.rows} ${styles.mix}`}>
      {columns.map((j, i) => (
        <Row key={j} name={names[j]} ringed={chosen.of === 'v' && chosen.token === j}>
          <span className={styles.number}>{fixed(weights[j] as number, 3)}</span>
          <Strip
            values={strips[i] as Float32Array}
            most={most}
            strength={0.12 + 0.88 * ((weights[j] as number) / strongest)}
            chosen={isMixed || (chosen.of === 'v' && chosen.token === j) ? index : null}
            onPoint={(at) => onPoint(at === null ? null : { of: 'v', token: j, index: at })}
            onHold={(at) => onHold({ of: 'v', token: j, index: at })}
          />
        </Row>
      ))}
      <Row
        name={
          <>
            <b className={styles.letter}>o</b> <span className={styles.of}>sum</span>
          </>
        }
      >
        <span />
        <StripSlider
          label={`o of ${names[row]}`}
          values={o}
          most={most}
          index={index ?? 0}
          text={`number ${(index ?? 0) + 1}: ${fixed(o[index ?? 0] as number, 2)}`}
          chosen={isMixed ? index : null}
          onIndex={(at) => onHold({ of: 'mixed', head, index: at })}
          onPoint={(at) => onPoint(at === null ? null : { of: 'mixed', head, index: at })}
          onHold={(at) => onHold({ of: 'mixed', head, index: at })}
        />
      </Row>
      <Others view={view} columns={others} />
    </div>
  );
}

const STREAM = [
  ['attention', 'mixed'],
  ['before', '+ x before'],
  ['sum1', '= x after'],
] as const;

function HeadsStep({ view, chosen, onPoint, onHold }: StepProps) {
  const { heads } = view.arithmetic.model;
  const all = Array.from({ length: heads }, (_, head) => ofHead(view, 'mixed', view.row, head));
  const most = largest(all);
  const strips = STREAM.map(([part]) => ofStream(view, part));
  const mostOfStream = largest(strips);
  const index = indexOf(chosen);
  return (
    <div className={styles.together}>
      <div className={styles.sideBySide}>
        {all.map((values, head) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: heads have no name but their number
          <div key={head} className={styles.oneHead}>
            <span className={head === view.head ? styles.own : styles.of}>head {head + 1}</span>
            <Strip
              values={values}
              most={most}
              chosen={chosen.of === 'mixed' && chosen.head === head ? index : null}
              onPoint={(at) => onPoint(at === null ? null : { of: 'mixed', head, index: at })}
              onHold={(at) => onHold({ of: 'mixed', head, index: at })}
            />
          </div>
        ))}
      </div>
      <p className={styles.through}>
        {view.width} × {view.width} numbers of W_O, + b
      </p>
      {STREAM.map(([part, name], i) => {
        const values = strips[i] as Float32Array;
        const strip = {
          values,
          most: mostOfStream,
          chosen: chosen.of === 'mixed' ? null : index,
          onPoint: (at: number | null) => onPoint(at === null ? null : { of: part, index: at }),
          onHold: (at: number) => onHold({ of: part, index: at }),
        };
        return (
          <div key={part} className={styles.streamRow}>
            <span className={styles.name}>{name}</span>
            {part === 'attention' ? (
              <StripSlider
                {...strip}
                label="mixed"
                index={index ?? 0}
                text={`number ${(index ?? 0) + 1}: ${fixed(values[index ?? 0] as number, 2)}`}
                onIndex={(at) => onHold({ of: 'attention', index: at })}
              />
            ) : (
              <Strip {...strip} />
            )}
          </div>
        );
      })}
    </div>
  );
}

export const PICTURES = [ScoreStep, MaskStep, SoftmaxStep, MixStep, HeadsStep] as const;

/** @returns the number that is ringed when nobody has chosen one yet */
export function telling(view: View, step: number, column: number): Chosen {
  if (step === 1) return { of: 'score', column };
  if (step === 2) return { of: 'mask', column };
  if (step === 3) return { of: 'weight', column };
  const values = step === 4 ? ofHead(view, 'mixed', view.row) : ofStream(view, 'attention');
  const index = values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best] as number) ? i : best), 0);
  return step === 4 ? { of: 'mixed', head: view.head, index } : { of: 'attention', index };
}
