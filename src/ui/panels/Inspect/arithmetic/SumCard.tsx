import { useId } from 'react';
import { fixed } from '../../../../contract/numbers';
import { keyed } from '../../../primitives/keyed';
import { largest, Strip } from './Strip';
import styles from './SumCard.module.css';
import type { Sum } from './sum';

function Head({ columns }: { columns: string[] }) {
  if (columns.length === 0) return null;
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col">
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Every product at its place; the five largest are in the table below. */
function Products({ products, tableId }: { products: Float32Array; tableId: string }) {
  return (
    <figure className={styles.products} aria-label={`${products.length} products`} aria-details={tableId}>
      <Strip values={products} most={largest([products])} />
      <figcaption className={styles.about}>Up: positive. Down: negative. Height: square root of the size.</figcaption>
    </figure>
  );
}

/** What the number under the ring was summed from; digits that are printed add up, or the card says "rounded". */
export function SumCard({ sum }: { sum: Sum }) {
  const span = Math.max(1, sum.columns.length - 1);
  const last = sum.lines.length - 1;
  const tableId = useId();
  return (
    <section aria-label="What it was summed from">
      <h4 className={styles.sumTitle}>What {fixed(sum.value, sum.digits)} was summed from</h4>
      <p className={styles.about}>{sum.about}</p>
      {sum.products && <Products products={sum.products} tableId={tableId} />}
      <table id={tableId} className={styles.parts}>
        <Head columns={sum.columns} />
        <tbody>
          {keyed(sum.parts, ({ label, factors }) => `${label} ${factors.join(' ')}`).map(({ key, item }) => (
            <tr key={key}>
              <th scope="row" colSpan={Math.max(1, span - item.factors.length)}>
                {item.label}
              </th>
              {keyed(item.factors, (factor) => factor).map((factor) => (
                <td key={factor.key}>{factor.item}</td>
              ))}
              <td className={styles.value}>{fixed(item.value, sum.digits)}</td>
            </tr>
          ))}
          {sum.others && (
            <tr>
              <th scope="row" colSpan={span}>
                {sum.others.count} {sum.others.count === 1 ? 'other' : 'others together'}
              </th>
              <td className={styles.value}>{fixed(sum.others.value, sum.digits)}</td>
            </tr>
          )}
          {sum.lines.map((line, i) => (
            <tr key={line.label} className={i === last ? styles.result : styles.line}>
              <th scope="row" colSpan={span}>
                {line.label}
              </th>
              <td className={styles.value}>{fixed(line.value, line.digits ?? sum.digits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sum.isRounded && <p className={styles.about}>rounded: the printed digits do not quite add up</p>}
    </section>
  );
}
