import type { HeadAt } from '../../../contract/inside';
import { fixed } from '../../../contract/numbers';
import type { TranslateReading } from '../../../contract/translate';
import { keyed } from '../../primitives/keyed';
import styles from './Translate.module.css';
import { readRows, verdictOf } from './words';

/** What one head reads, for ears: a row a new word. */
export function ReadTable({ id, reading, at }: { id: string; reading: TranslateReading; at: HeadAt }) {
  const { lead, text } = verdictOf(reading, at);
  return (
    <div className={styles.scroll}>
      <table id={id} className={styles.table}>
        <caption>
          {lead} {text}
        </caption>
        <thead>
          <tr>
            {['new word', 'strongest word read', 'weight', 'true partner', 'same'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keyed(readRows(reading, at), ({ word }) => word).map(
            ({ key, item: { word, strongest, weight, partner } }) => (
              <tr key={key}>
                <th scope="row">{word}</th>
                <td>{strongest}</td>
                <td>{fixed(weight, 2)}</td>
                <td>{partner ?? 'none'}</td>
                <td>{partner === strongest ? 'yes' : 'no'}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
