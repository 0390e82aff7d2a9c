/** The right column of the table of both worlds: every term, of one text that a model wrote. */
import type { ReactNode } from 'react';
import type { PpoConfig } from '../../../contract/config';
import { countOf, fixed, signed } from '../../../contract/numbers';
import type { RolloutToken } from '../../../contract/observations';
import type { Writing, WrittenWord } from '../../../store/gridworld/writing';
import { formatInteger } from '../../primitives/format';
import styles from './LanguagePart.module.css';
import type { Column } from './terms';
import { tinyChance } from './words';

export interface Written extends Writing {
  /** the word that the table speaks of */
  word: WrittenWord;
  /** what PPO made of it; null where nobody judged it */
  token: RolloutToken | null;
  /** of the run that wrote it */
  config: PpoConfig | null;
}

const UNJUDGED = 'no judge yet: train a reward model and run PPO';

const serif = (text: string): ReactNode => <span className={styles.story}>{text}</span>;

/** e to a power, and what that is */
function Power({ of: exponent, as }: { of: number; as: string }) {
  return (
    <>
      e<sup>{fixed(exponent, 3)}</sup> = <b>{as}</b>
    </>
  );
}

/** the sum of the logarithms of all words; null where one is not known */
function logProbabilityOf(words: readonly WrittenWord[]): number | null {
  if (words.some(({ probability }) => probability === null)) return null;
  return words.reduce((sum, { probability }) => sum + Math.log(probability!), 0);
}

const paidIn = ({ row }: NonNullable<Writing['rollout']>): number =>
  row.tokens.reduce((sum, { reward }) => sum + reward, 0);

export const LANGUAGE_COLUMN: Column<Written> = {
  state({ prompt, words, chosen }) {
    const before = [prompt, ...words.slice(0, chosen).map(({ text }) => text)].join(' ');
    return <>the prompt and all words so far: “{serif(before)}”</>;
  },
  action: ({ size, word }) => (
    <>
      one of {size.words ? <b>{formatInteger(size.words)}</b> : 'all'} words: <b>{serif(word.text)}</b>
    </>
  ),
  policy({ word: { text, probability }, token }) {
    if (probability !== null)
      return (
        <>
          π({serif(text)} | …) = <Power of={Math.log(probability)} as={fixed(probability, 3)} />, the model’s next-word
          bars
        </>
      );
    if (!token) return 'the model’s next-word bars';
    return (
      <>
        π ÷ π_ref of {serif(text)} = <Power of={token.logRatio} as={fixed(Math.exp(token.logRatio), 3)} />
      </>
    );
  },
  transition: () => (
    <>
      the word is appended, always: <b>P = 1</b>
    </>
  ),
  trajectory({ words }) {
    const logp = logProbabilityOf(words);
    if (logp === null) return <>{countOf(words.length, 'word')}, as many factors</>;
    return (
      <>
        {countOf(words.length, 'word')}, p = <Power of={logp} as={tinyChance(Math.exp(logp))} />,{' '}
        {countOf(words.length, 'factor')}
      </>
    );
  },
  reward: ({ rollout }) =>
    rollout ? (
      <>
        score at the end <b>{signed(rollout.row.score, 3)}</b>; at each word −β · kl, in all{' '}
        <b>{signed(paidIn(rollout) - rollout.row.score, 3)}</b>
      </>
    ) : (
      'score at the end − β · KL'
    ),
  return({ rollout, config }) {
    if (!rollout) return UNJUDGED;
    const [paid, score] = [paidIn(rollout), rollout.row.score];
    return (
      <>
        γ {config?.gamma ?? 1}: {fixed(score, 3)} {paid < score ? '−' : '+'} {fixed(Math.abs(paid - score), 3)} ={' '}
        <b>{fixed(paid, 3)}</b>
      </>
    );
  },
  value: ({ token, word }) =>
    token ? (
      <>
        V before {serif(word.text)} = <b>{fixed(token.value, 3)}</b>, learned by the critic
      </>
    ) : (
      UNJUDGED
    ),
  advantage: ({ token, word, config }) =>
    token ? (
      <>
        GAE{config ? `, λ ${config.lam}` : ''}: <b>{signed(token.advantage, 3)}</b> for {serif(word.text)}
      </>
    ) : (
      UNJUDGED
    ),
  update: ({ config, size }) => (
    <>
      PPO{config ? `, clip ${config.clipRange}` : ''}, a transformer
      {size.parameters ? ` of ${formatInteger(size.parameters)} numbers` : ''}
    </>
  ),
};
