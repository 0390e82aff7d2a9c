import type { KeyboardEvent } from 'react';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import { tokenName } from './attention';
import { capital, useUnit } from './useUnit';
import styles from './Words.module.css';

interface WordsProps {
  tokens: readonly string[];
  chosen: number;
  /** what comes later is struck through: it cannot be read */
  strikes?: boolean;
  onToken: (token: number) => void;
}

type Group = 'Inspect, words of the text';
const STEPS: KeyMap<Group, number> = { ArrowLeft: -1, ArrowRight: 1 };

/** The text as a row of words: a click chooses the token. One stop for Tab, arrow keys from word to word. */
export function Words({ tokens, chosen, strikes = false, onToken }: WordsProps) {
  const { units } = useUnit();
  const last = tokens.length - 1;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const code = codeOf<Group>(event);
    const words = [...event.currentTarget.querySelectorAll('button')];
    const own = words.indexOf(event.target as HTMLButtonElement);
    const next = code === 'Home' ? 0 : code === 'End' ? last : own + (STEPS[code] ?? Number.NaN);
    if (Number.isNaN(next)) return;
    event.preventDefault();
    const inside = Math.max(0, Math.min(last, next));
    if (inside !== own) onToken(inside);
    words[inside]?.focus();
  };
  return (
    <fieldset
      className={styles.words}
      aria-label={`${capital(units)} of the text`}
      data-arrow-keys
      onKeyDown={onKeyDown}
    >
      {tokens.map((token, i) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: a token has no name but its place
          key={i}
          type="button"
          className={`${styles.word} ${strikes && i > chosen ? styles.later : ''}`}
          aria-pressed={i === chosen}
          tabIndex={i === chosen ? 0 : -1}
          onClick={() => onToken(i)}
        >
          {tokenName(token)}
        </button>
      ))}
    </fieldset>
  );
}
