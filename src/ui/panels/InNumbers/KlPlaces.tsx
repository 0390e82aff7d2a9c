import type { PpoBatch } from '../../../contract/ppoBatch';
import { Card } from '../../primitives/Card';
import styles from './Kl.module.css';
import { bothPlaces, byHand, slopesOf } from './klRows';
import { Sideways } from './Sideways';
import { asSet, behind, digits, type TokenAt, tokenIndex } from './tokenLines';

const POLICY = [0.9, 0.1] as const;
const REFERENCE = [0.5, 0.5] as const;
const HAND = byHand(POLICY, REFERENCE);

/** d of a token as the update of an epoch saw it */
function distance(batch: PpoBatch, at: TokenAt): number {
  const i = tokenIndex(batch, at);
  return (batch.epochs[at.epoch]?.newLogprobs ?? batch.tokens.logprobs)[i]! - batch.tokens.refLogprobs[i]!;
}

const LOSSES = [
  { kind: 'k1', slope: () => 'β', goes: 'nowhere: what it pulls at one token it lets go at the others' },
  { kind: 'k2', slope: (d: string) => `β × ${d}`, goes: 'as KL(π ‖ π_ref) does' },
  {
    kind: 'k3',
    slope: (d: string) => `β × (1 − exp(−d)), d = ${d}`,
    goes: 'as KL(π_ref ‖ π) does, the other direction',
  },
] as const;

const BATCH = 'on this batch';
const MEAN = 'by hand, mean';
const PULL = 'by hand, pull';
const GOES = 'on average it pulls';

/** @param of its column, which a phone writes beside it */
function Value({ of, children }: { of: string; children: number }) {
  return (
    <td data-of={of} data-value={String(children)}>
      {digits(children)}
    </td>
  );
}

/**
 * The same distance on the same batch, as a price in the reward and as three terms of the loss, with what each pulls
 * at.
 */
export function KlPlaces({ batch, at }: { batch: PpoBatch; at: TokenAt }) {
  const { inReward, inLoss } = bothPlaces(batch, at.epoch);
  const { klPlacement, klEstimator, klCoef } = batch.config;
  const d = distance(batch, at);
  const slopes = slopesOf(d);
  const here = (is: boolean) => (is ? ', as here' : '');
  const slopeAt = `slope at “${batch.rollouts[at.row]!.tokens[at.token]!}”`;
  return (
    <Card
      title="KL in the reward and in the loss"
      note={`the same batch, epoch ${at.epoch + 1}; β ${asSet(klCoef)}`}
      className={styles.places}
    >
      <Sideways label="KL in both places">
        <table className={styles.kl}>
          <caption>
            By hand: π ({POLICY.join(', ')}) against π_ref ({REFERENCE.join(', ')}), where KL is {digits(HAND.k1.mean)}.
          </caption>
          <thead>
            <tr>
              <th scope="col">where it is paid</th>
              {[BATCH, slopeAt, MEAN, PULL, GOES].map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">reward: −β × k1 a text{here(klPlacement === 'reward')}</th>
              <Value of={BATCH}>{inReward}</Value>
              <td data-of={slopeAt}>none: a number</td>
              <td />
              <td />
              <td data-of={GOES}>through the advantages, as KL(π ‖ π_ref) does</td>
            </tr>
            {LOSSES.map(({ kind, slope, goes }) => (
              <tr key={kind}>
                <th scope="row">
                  loss: β × {kind} a token{here(klPlacement === 'loss' && klEstimator === kind)}
                </th>
                <Value of={BATCH}>{inLoss[kind]}</Value>
                <td data-of={slopeAt} data-value={String(klCoef * slopes[kind])}>
                  <span className={styles.how}>{slope(behind(d))} =</span> {digits(klCoef * slopes[kind])}
                </td>
                <Value of={MEAN}>{HAND[kind].mean}</Value>
                <Value of={PULL}>{HAND[kind].pull}</Value>
                <td data-of={GOES}>{goes}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </Card>
  );
}
