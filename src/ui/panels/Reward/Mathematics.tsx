import type { ReactNode } from 'react';
import { FORMULAS } from '../../../contract/formulas';
import { fixed } from '../../../contract/numbers';
import type { RewardReview } from '../../../contract/observations';
import { citation } from '../../../contract/papers';
import { formatNumber } from '../../primitives/format';
import styles from './Mathematics.module.css';
import { timesInTen } from './readiness';

/** The loss of Bradley and Terry, and under it the same line with the numbers of the last batch's first pair. */
export function Formula({ example }: { example: RewardReview['example'] }) {
  return (
    <div className={styles.formulas}>
      <p className={styles.formula}>
        L = −log σ( <Score of="chosen" /> − <Score of="rejected" /> )
      </p>
      {example ? <Filled example={example} /> : <Unfilled />}
    </div>
  );
}

/** Before the first step: how to read it. */
function Unfilled() {
  return (
    <>
      <p className={styles.hint}>
        r is the score of a text, σ squeezes any number in between 0 and 1. Equal scores give −log σ(0) = ln 2 ≈ 0.69:
        guessing. The further the chosen text is ahead, the smaller the loss.
      </p>
      <p className={styles.hint}>
        With the first step the numbers of a real pair appear here. {FORMULAS.pair.papers.map(citation).join('; ')}.
      </p>
    </>
  );
}

function Score({ of }: { of: 'chosen' | 'rejected' }) {
  return (
    <span className={styles[of]}>
      r<sub>{of}</sub>
    </span>
  );
}

function Filled({ example }: { example: NonNullable<RewardReview['example']> }) {
  const { chosenScore, rejectedScore, loss } = example;
  const margin = chosenScore - rejectedScore;
  const probability = 1 / (1 + Math.exp(-margin));
  return (
    <>
      <p className={styles.formula}>
        = −log σ( <Value tone="chosen">{formatNumber(chosenScore)}</Value> −{' '}
        <Value tone="rejected">{bracketed(rejectedScore)}</Value> ) ={' '}
        <Value>{loss < 0.001 ? formatNumber(loss) : fixed(loss, 3)}</Value>
      </p>
      <p className={styles.hint}>
        {`σ(${formatNumber(margin)}) = ${fixed(probability, 2)}: the model believes the chosen text would win ${timesInTen(probability)}.`}
      </p>
    </>
  );
}

function Value({ tone, children }: { tone?: 'chosen' | 'rejected'; children: ReactNode }) {
  return <b className={tone && styles[tone]}>{children}</b>;
}

/** a − (−0.3) keeps its brackets */
const bracketed = (value: number): string => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));
