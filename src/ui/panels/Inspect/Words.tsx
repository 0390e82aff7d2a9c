import { tokenName } from './attention';
import styles from './Words.module.css';

interface WordsProps {
  tokens: readonly string[];
  chosen: number;
  /** what comes later is struck through: it cannot be read */
  strikes?: boolean;
  onToken: (token: number) => void;
}

/** The text as a row of words: a click chooses the token. Keys have the list beside it. */
export function Words({ tokens, chosen, strikes = false, onToken }: WordsProps) {
  return (
    <div className={styles.words}>
      {tokens.map((token, i) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: a token has no name but its place
          key={i}
          type="button"
          className={`${styles.word} ${strikes && i > chosen ? styles.later : ''}`}
          aria-pressed={i === chosen}
          tabIndex={-1}
          onClick={() => onToken(i)}
        >
          {tokenName(token)}
        </button>
      ))}
    </div>
  );
}
