import { fixed } from '../../../../contract/numbers';
import styles from './Arithmetic.module.css';
import { scoresOf, type View, weightsOf } from './view';

/** Token, score, masked score, exp and weight: the first three steps for whoever reads tables. */
export function NumbersTable({ view, caption }: { view: View; caption: string }) {
  const { options, row } = view;
  const [scores, weights] = [scoresOf(view), weightsOf(view)];
  const max = scores.subarray(0, row + 1).reduce((m, score) => Math.max(m, score), Number.NEGATIVE_INFINITY);
  return (
    <table className={styles.table}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {['token', 'score', 'masked', 'exp', 'weight'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {options.map((name, j) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{fixed(scores[j] as number, 2)}</td>
            <td>{j > row ? '−∞' : fixed(scores[j] as number, 2)}</td>
            <td>{j > row ? '0' : fixed(Math.exp((scores[j] as number) - max), 3)}</td>
            <td>{j > row ? '0' : fixed(weights[j] as number, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
