import type { CSSProperties } from 'react';
import { signed } from '../../../../contract/numbers';
import { barLength, longest } from '../../../primitives/bars';
import { tokenName } from '../attention';
import type { WordChange } from './changes';
import styles from './Difference.module.css';

interface WordBarsProps {
  tokens: readonly string[];
  words: readonly WordChange[];
  chosen: number | null;
  onChoose: (token: number) => void;
}

/**
 * A bar a word: up is likelier now, down is less likely; a click moves the next-word bars there. On a phone a list,
 * right and left.
 */
export function WordBars({ tokens, words, chosen, onChoose }: WordBarsProps) {
  const most = longest(words.map(({ ratio }) => Math.abs(ratio)));
  return (
    <ol className={styles.words} aria-label="Words">
      {words.map(({ token, ratio }) => {
        const share = barLength(Math.abs(ratio), most, 50);
        return (
          <li key={token}>
            <button
              type="button"
              className={styles.word}
              aria-pressed={token === chosen}
              onClick={() => onChoose(token)}
            >
              <span className={styles.column} aria-hidden="true">
                <span
                  className={ratio < 0 ? styles.lost : styles.gained}
                  style={{ '--share': share } as CSSProperties}
                />
              </span>
              <span className={styles.name} title={tokenName(tokens[token] as string)} data-shortened>
                {tokenName(tokens[token] as string)}
              </span>
              <span className={styles.ratio}>{signed(ratio)}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
