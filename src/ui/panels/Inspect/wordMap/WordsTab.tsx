import { useId } from 'react';
import type { WordMap } from '../../../../contract/inside';
import { useLab } from '../../../../store/lab';
import { askedQuestion } from '../../../../store/models/wordsSlice';
import { Disclosure } from '../../../primitives/Disclosure';
import { EmptyState } from '../../../primitives/EmptyState';
import { formatInteger } from '../../../primitives/format';
import { Segments } from '../../../primitives/Segments';
import { Shown } from '../../LessonView';
import parts from '../parts.module.css';
import { useUnit } from '../useUnit';
import { Legend } from './Legend';
import { Neighbours } from './Neighbours';
import { Solved } from './Solved';
import { answerSentence, arrowsSentence, mapSentence, ownTextSentence } from './sentences';
import { WordPicture } from './WordPicture';
import { WordSum } from './WordSum';
import styles from './WordsTab.module.css';
import { WordsTable } from './WordsTable';

/** Words as vectors: a map, their neighbours, sums of them, and how often a sum is right. */
export function WordsTab() {
  const map = useLab((lab) => lab.words.view);
  const busy = useLab((lab) => lab.inspect.busy);
  const { unit } = useUnit();
  return (
    <section className={styles.words} aria-label="Words" aria-busy={busy}>
      {map && map.words.length > 0 ? (
        <Everything map={map} />
      ) : (
        <EmptyState title={busy || !map ? 'Reading…' : `No ${unit} to show`}>
          Every {unit} that the model knows is a row of numbers. They show up here as a map.
        </EmptyState>
      )}
    </section>
  );
}

function Everything({ map }: { map: WordMap }) {
  const asked = useLab((lab) => lab.words.question);
  const answers = useLab((lab) => lab.words.answers);
  const chosen = useLab((lab) => lab.words.word);
  const find = useLab((lab) => lab.words.find);
  const question = askedQuestion(asked, map);
  const { unit, units } = useUnit();
  const tableId = useId();
  const near = answers?.near ?? null;
  const onMap = chosen !== null && map.words.includes(chosen) ? chosen : null;
  return (
    <>
      <div className={styles.two} data-columns>
        <Shown part="map">
          <div className={`${parts.card} ${styles.picture}`}>
            <h3 className={styles.title}>
              Map of the {units} <small>every vector set to length 1 · two widest directions</small>
            </h3>
            <div className={styles.top}>
              <Legend map={map} />
              <WordsShown map={map} />
            </div>
            <WordPicture
              map={map}
              question={question}
              answer={near?.[0]?.word ?? null}
              chosen={onMap}
              onWord={find}
              tableId={tableId}
            />
            <p className={styles.note}>{mapSentence(map)}</p>
            {question && <p className={styles.note}>{arrowsSentence(question)}</p>}
          </div>
        </Shown>
        <div className={styles.column}>
          <Shown part="sums">
            <WordSum map={map} question={question} />
          </Shown>
          <Shown part="neighbours">
            <Neighbours map={map} word={onMap ?? question?.base ?? (map.words[0] as string)} />
          </Shown>
          <Shown part="analogies">
            {map.analogies ? (
              <Solved map={map} score={map.analogies} />
            ) : (
              <p className={styles.sentence}>{ownTextSentence(unit)}</p>
            )}
          </Shown>
        </div>
      </div>
      <Shown part="map">
        <Disclosure summary="As a table">
          <WordsTable id={tableId} map={map} caption={answerSentence(question, near, units)} />
        </Disclosure>
      </Shown>
    </>
  );
}

/** only words that the grammar knows something of, or all; on the visitor's own text there is no such choice */
function WordsShown({ map }: { map: WordMap }) {
  const all = useLab((lab) => lab.words.all);
  const showAll = useLab((lab) => lab.words.showAll);
  if (map.analogies === null) {
    const isPart = map.words.length < map.known;
    return isPart ? (
      <p className={styles.note}>
        {formatInteger(map.words.length)} of {formatInteger(map.known)} tokens
      </p>
    ) : null;
  }
  return (
    <Segments
      label="Words shown"
      value={all ? 'all' : 'kinds'}
      options={[
        { value: 'kinds', label: 'Words of a kind' },
        { value: 'all', label: `All ${formatInteger(map.known)}` },
      ]}
      onChange={(value) => showAll(value === 'all')}
    />
  );
}
