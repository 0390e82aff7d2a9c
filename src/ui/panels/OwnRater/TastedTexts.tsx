import { useEffect } from 'react';
import { fixed } from '../../../contract/numbers';
import { asksAnything, type TastedText } from '../../../contract/ownTaste';
import { useLab } from '../../../store/lab';
import { writerId } from '../../../store/rounds/rounds';
import { useTasting } from '../../../store/taste/tasting';
import { Button } from '../../primitives/Button';
import { formatSigned } from '../../primitives/format';
import { keyed } from '../../primitives/keyed';
import { StoryText } from '../../primitives/StoryText';
import styles from './OwnRater.module.css';
import { PART_LABELS } from './words';

/** "liked +2.00 · length −0.25" */
const pointsOf = ({ parts }: TastedText): string =>
  parts.map(({ part, points }) => `${PART_LABELS[part]} ${formatSigned(points)}`).join(' · ');

/** A few texts of the model that writes, with what the rater makes of each, as it is changed. */
export function TastedTexts() {
  const hasWriter = useLab((state) => writerId(state) !== null);
  const isText = useLab((state) => state.corpus.summary?.kind === 'text');
  const own = useLab((state) => state.opinions.own);
  const { texts, tasted, writing, write, score } = useTasting((state) => state);
  useEffect(() => {
    if (hasWriter) void write();
  }, [hasWriter, write]);
  useEffect(() => void score(own), [own, score]);
  if (!hasWriter) return <p className={styles.lead}>There is no model yet whose texts could be scored here.</p>;
  const asks = asksAnything(own);
  return (
    <section className={styles.texts} aria-label="Texts of the model, scored" aria-busy={writing}>
      <div className={styles.head}>
        <h3>What it makes of the model’s texts</h3>
        <Button onClick={() => void write()} disabled={writing}>
          {writing ? 'Writing…' : 'Other texts'}
        </Button>
      </div>
      {!asks && <p className={styles.lead}>Nothing is liked or disliked yet, so every text is worth the same.</p>}
      <ul>
        {keyed(texts ?? [], ({ prompt, completion }) => `${prompt}|${completion}`).map(({ key, item }, i) => {
          const one = asks ? tasted?.[i] : undefined;
          return (
            <li key={key}>
              <span className={styles.score}>
                <b>{one ? fixed(one.score, 2) : '–'}</b>
                {one && <span>{pointsOf(one)}</span>}
              </span>
              <span className={styles.text}>
                <StoryText text={item.prompt} size="small" tone="ink-3" />
                {isText ? '' : ' '}
                <StoryText text={item.completion} size="small" />
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
