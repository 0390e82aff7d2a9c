import type { Analogy, WordMap } from '../../../../contract/inside';
import { fixed } from '../../../../contract/numbers';
import { useLab } from '../../../../store/lab';
import { Button } from '../../../primitives/Button';
import { barLength, longest } from '../../../primitives/bars';
import { Select } from '../../../primitives/Select';
import { tokenName } from '../attention';
import parts from '../parts.module.css';
import { capital, useUnit } from '../useUnit';
import { answerSentence, questionText } from './sentences';
import { WordName } from './WordName';
import styles from './WordsTab.module.css';

const isSame = (a: Analogy, b: Analogy): boolean => a.from === b.from && a.to === b.to && a.base === b.base;

/** A sum of three words, and what it comes nearest to. */
export function WordSum({ map, question }: { map: WordMap; question: Analogy | null }) {
  const ask = useLab((lab) => lab.words.ask);
  const { unit, units } = useUnit();
  const answers = useLab((lab) => lab.words.answers);
  const unanswered = useLab((lab) => lab.words.unanswered);
  const near = question && answers && isSame(answers.question, question) ? answers.near : null;
  const asked = question ?? { from: map.words[0] ?? '', to: map.words[1] ?? '', base: map.words[2] ?? '' };
  const words = [...new Set([...map.words, asked.from, asked.to, asked.base])];
  const options = words.map((value) => ({ value, label: tokenName(value) }));
  const most = longest((near ?? []).map(({ cosine }) => cosine));
  const best = near?.[0] ? tokenName(near[0].word) : '?';
  const choice = (label: string, part: keyof Analogy) => (
    <Select label={label} value={asked[part]} options={options} onChange={(word) => ask({ ...asked, [part]: word })} />
  );
  return (
    <div className={parts.card}>
      <h3 className={styles.title}>
        {capital(unit)} sums <small>cosine; the {units} asked with are left out</small>
      </h3>
      <div className={styles.sum}>
        {choice(`${capital(unit)} a`, 'to')}
        <span aria-hidden="true">−</span>
        {choice('minus b', 'from')}
        <span aria-hidden="true">+</span>
        {choice('plus c', 'base')}
        <span className={styles.result} aria-hidden="true">
          ={' '}
          <b className={styles.first} title={best} data-shortened>
            {best}
          </b>
        </span>
      </div>
      <fieldset className={styles.questions} aria-label="Ready questions">
        {map.questions.map((ready) => (
          <Button
            key={questionText(ready)}
            aria-pressed={question !== null && isSame(ready, question)}
            onClick={() => ask(ready)}
          >
            {questionText(ready)}
          </Button>
        ))}
      </fieldset>
      <ol className={styles.answers} aria-label="Answers">
        {(near ?? []).map(({ word, cosine }, i) => (
          <li key={word} className={styles.answer}>
            <WordName word={word} isFirst={i === 0} />
            <span className={styles.track} aria-hidden="true">
              <span className={i === 0 ? styles.best : styles.filled} style={{ width: barLength(cosine, most) }} />
            </span>
            <span>{fixed(cosine, 2)}</span>
          </li>
        ))}
      </ol>
      <p className={styles.note} aria-live="polite">
        {unanswered ?? answerSentence(question, near, units)}
      </p>
    </div>
  );
}
