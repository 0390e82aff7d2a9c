import { tokenName } from '../attention';
import styles from './WordsTab.module.css';

/** A word of the visitor's text may be longer than its line: then it is shortened, and whole in its tooltip. */
export function WordName({ word, isFirst = false }: { word: string; isFirst?: boolean }) {
  const name = tokenName(word);
  return (
    <span className={isFirst ? styles.first : styles.word} title={name} data-shortened>
      {name}
    </span>
  );
}
