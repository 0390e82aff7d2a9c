import { useState } from 'react';
import type { WordMap } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { useLab } from '../../../../store/lab';
import { barLength } from '../../../primitives/bars';
import { TextField } from '../../../primitives/TextField';
import { toneColor } from '../../../theme/tone';
import { tokenName } from '../attention';
import parts from '../parts.module.css';
import { capital, useUnit } from '../useUnit';
import { Mark } from './Legend';
import { lookOf } from './looks';
import { WordName } from './WordName';
import styles from './WordsTab.module.css';

/** those that begin as it is typed, the word itself first; then those that contain it */
export function matching(words: readonly string[], typed: string, count: number): string[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return [];
  const name = (word: string) => tokenName(word).toLowerCase();
  const rank = (word: string) => (name(word) === wanted ? 0 : name(word).startsWith(wanted) ? 1 : 2);
  const found = words.filter((word) => name(word).includes(wanted));
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, count);
}

const SHOWN_MATCHES = 5;

/** Type to find: Enter takes the first. */
export function FindWord({ map }: { map: WordMap }) {
  const find = useLab((lab) => lab.words.find);
  const [typed, setTyped] = useState('');
  const { unit, units } = useUnit();
  const matches = matching(map.words, typed, SHOWN_MATCHES);
  const take = (word: string | undefined) => {
    if (word === undefined) return;
    find(word);
    setTyped('');
  };
  const isMissed = typed.trim() !== '' && matches.length === 0;
  return (
    <div className={styles.find}>
      <TextField
        label={`Find a ${unit}`}
        value={typed}
        onChange={setTyped}
        onEnter={() => take(matches[0])}
        error={isMissed ? `“${typed.trim()}” is not on the map.` : null}
      />
      {matches.length > 0 && (
        <ul className={styles.matches} aria-label={`${capital(units)} found`}>
          {matches.map((word) => (
            <li key={word}>
              <button
                type="button"
                className={styles.match}
                title={tokenName(word)}
                data-shortened
                onClick={() => take(word)}
              >
                {tokenName(word)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What points the same way as one word, in all numbers. */
export function Neighbours({ map, word }: { map: WordMap; word: string }) {
  const find = useLab((lab) => lab.words.find);
  const near = map.near[map.words.indexOf(word)] ?? [];
  return (
    <div className={parts.card}>
      <h3 className={styles.title}>
        Neighbours of <WordName word={word} /> <small>cosine in all {map.width} numbers</small>
      </h3>
      <ol className={styles.neighbours} aria-label={`Neighbours of ${tokenName(word)}`}>
        {near.map((other) => {
          const look = lookOf(map.kinds[map.words.indexOf(other.word)] ?? null);
          return (
            <li key={other.word} className={styles.neighbour}>
              <Mark look={look} />
              <button
                type="button"
                className={styles.match}
                title={tokenName(other.word)}
                data-shortened
                onClick={() => find(other.word)}
              >
                {tokenName(other.word)}
              </button>
              <span className={styles.track} aria-hidden="true">
                <span
                  className={styles.filled}
                  style={{ width: barLength(other.cosine, 1), background: toneColor(look.tone) }}
                />
              </span>
              <span>{fixed(other.cosine, 2)}</span>
            </li>
          );
        })}
      </ol>
      <FindWord map={map} />
    </div>
  );
}
