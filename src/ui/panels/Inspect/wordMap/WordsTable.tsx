import type { WordMap } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { keyed } from '../../../primitives/keyed';
import { tokenName } from '../attention';
import { lookOf } from './looks';
import styles from './WordsTab.module.css';

const NEIGHBOURS = 5;

/** The same for whoever reads tables: each word, its kind and its five nearest. */
export function WordsTable({ id, map, caption }: { id: string; map: WordMap; caption: string }) {
  return (
    <table id={id} className={styles.table}>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">word</th>
          <th scope="col">kind</th>
          <th scope="col">five nearest, with their cosine</th>
        </tr>
      </thead>
      <tbody>
        {keyed(map.words, (word) => word).map(({ key, item }, row) => (
          <tr key={key}>
            <th scope="row">{tokenName(item)}</th>
            <td>{lookOf(map.kinds[row] ?? null).label}</td>
            <td>
              {map.near[row]
                ?.slice(0, NEIGHBOURS)
                .map(({ word, cosine }) => `${tokenName(word)} ${fixed(cosine, 2)}`)
                .join(', ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
