import type { ModelDifference } from '../../../../contract/inside';
import { fixed, signed } from '../../../../contract/numbers';
import { tokenNames } from '../attention';
import type { WordChange } from './changes';
import styles from './Difference.module.css';

interface DifferenceTableProps {
  difference: ModelDifference;
  words: readonly WordChange[];
  caption: string;
}

/** Word, log p before, after and the difference, for whoever reads tables. */
export function DifferenceTable({ difference, words, caption }: DifferenceTableProps) {
  const names = tokenNames(difference.tokens);
  return (
    <table className={styles.table}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {['word', 'log p before', 'after', 'difference'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {words.map(({ token, before, after, ratio }) => (
          <tr key={token}>
            <th scope="row">{names[token]}</th>
            <td>{fixed(before, 2)}</td>
            <td>{fixed(after, 2)}</td>
            <td>{signed(ratio)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
