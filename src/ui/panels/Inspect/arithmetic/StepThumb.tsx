import { barLength } from '../../../primitives/bars';
import styles from './StepThumb.module.css';
import { largest, Strip } from './Strip';
import { STEPS } from './sentences';
import { ofHead, ofStream, ranked, scoresOf, type View, weightsOf } from './view';

function Columns({ values, masked }: { values: Float32Array; masked: number }) {
  const most = largest([values]);
  return (
    <span className={styles.columns}>
      {Array.from(values, (value, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns have no name but their place
        <span key={i} style={{ height: barLength(value, most) }} />
      ))}
      {masked > 0 && <span className={styles.hatched} style={{ height: '100%' }} />}
    </span>
  );
}

const ofRow = (values: Float32Array, row: number): Float32Array => {
  const least = values.subarray(0, row + 1).reduce((m, value) => Math.min(m, value), 0);
  return values.slice(0, row + 1).map((value) => value - least);
};

function Miniature({ view, step }: { view: View; step: number }) {
  const { row, names } = view;
  const masked = names.length - 1 - row;
  if (step === 2) return <Columns values={ofRow(scoresOf(view), row)} masked={masked} />;
  if (step === 3) return <Columns values={weightsOf(view).slice(0, row + 1)} masked={0} />;
  const best = ranked(view, weightsOf(view)).slice(0, 2);
  const strips =
    step === 1
      ? [ofHead(view, 'q', row), ...best.map((j) => ofHead(view, 'k', j))]
      : step === 4
        ? [...best.map((j) => ofHead(view, 'v', j)), ofHead(view, 'mixed', row)]
        : [ofStream(view, 'attention'), ofStream(view, 'sum1')];
  return (
    <>
      {strips.map((values, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: strips have no name but their place
        <Strip key={i} values={values} most={largest(strips)} />
      ))}
    </>
  );
}

/** The five steps as live miniatures, each a button. */
export function StepThumbs({ view, step, onStep }: { view: View; step: number; onStep: (step: number) => void }) {
  return (
    <ol className={styles.thumbs} aria-label="Steps">
      {STEPS.map((name, i) => (
        <li key={name}>
          <button
            type="button"
            className={styles.thumb}
            aria-current={step === i + 1 ? 'step' : undefined}
            aria-label={`${i + 1} ${name}`}
            onClick={() => onStep(i + 1)}
          >
            <span className={styles.thumbName}>
              <b>{i + 1}</b> {name}
            </span>
            <span className={styles.mini}>
              <Miniature view={view} step={i + 1} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
