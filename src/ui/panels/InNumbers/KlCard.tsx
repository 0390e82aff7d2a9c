import type { PpoBatch } from '../../../contract/ppoBatch';
import { Card } from '../../primitives/Card';
import { keyed } from '../../primitives/keyed';
import styles from './Kl.module.css';
import { batchKl, type FourKls, textKl, tokenKls } from './klRows';
import { Sideways } from './Sideways';
import { digits } from './tokenLines';

/** rows before the rest is put together */
const SHOWN = 4;

function Row({ name, kls, total = false }: { name: string; kls: FourKls; total?: boolean }) {
  return (
    <tr data-total={total || undefined}>
      <th scope="row">{name}</th>
      {[kls.k1, kls.k2, kls.k3, kls.exact].map((value, i) => (
        <td key={['k1', 'k2', 'k3', 'exact'][i]} data-value={String(value)}>
          {digits(value)}
        </td>
      ))}
    </tr>
  );
}

/** the tokens whose exact distance is largest, in their order, and all others together */
function rowsOf(batch: PpoBatch, row: number) {
  const all = keyed(batch.rollouts[row]!.tokens, (text) => text).map(({ key, item }, i) => ({
    key,
    text: item,
    kls: tokenKls(batch, row)[i]!,
  }));
  const order = [...all].sort((a, b) => b.kls.exact - a.kls.exact);
  const shown = new Set(all.length > SHOWN + 1 ? order.slice(0, SHOWN) : order);
  return { shown: all.filter((one) => shown.has(one)), others: all.length - shown.size };
}

/** k1, k2 and k3 of one text beside the exact distance, and what the batch says on average. */
export function KlCard({ batch, row }: { batch: PpoBatch; row: number }) {
  const { shown, others } = rowsOf(batch, row);
  const whole = textKl(batch, row);
  const rest = shown.reduce<FourKls>(
    (left, { kls }) => ({
      k1: left.k1 - kls.k1,
      k2: left.k2 - kls.k2,
      k3: left.k3 - kls.k3,
      exact: left.exact - kls.exact,
    }),
    whole,
  );
  return (
    <Card title="KL of this text, four ways" note="nats">
      <Sideways label="Four ways to tell the distance">
        <table className={styles.kl}>
          <caption className="visually-hidden">k1, k2, k3 and the exact KL of each token</caption>
          <thead>
            <tr>
              <th scope="col">token</th>
              <th scope="col">k1</th>
              <th scope="col">k2</th>
              <th scope="col">k3</th>
              <th scope="col">exact</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ key, text, kls }) => (
              <Row key={key} name={text} kls={kls} />
            ))}
            {others > 0 && <Row name={`${others} others`} kls={rest} />}
            <Row name="whole text" kls={whole} total />
            <Row name={`mean of ${batch.rollouts.length}`} kls={batchKl(batch)} total />
          </tbody>
        </table>
      </Sideways>
      <p className={styles.note}>
        d = log π − log π_ref; k1 = d, k2 = d²/2, k3 = exp(−d) − 1 + d. k1 may fall below 0 on one word. Over many texts
        k1 and k3 meet the exact value, k2 need not.
      </p>
    </Card>
  );
}
