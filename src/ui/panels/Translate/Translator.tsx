import { useId } from 'react';
import type { HeadAt } from '../../../contract/inside';
import type { TranslateReading } from '../../../contract/translate';
import { useTranslation } from '../../../store/translate/translation';
import { Card } from '../../primitives/Card';
import { Disclosure } from '../../primitives/Disclosure';
import { EmptyState } from '../../primitives/EmptyState';
import { formatInteger } from '../../primitives/format';
import { Say } from '../../primitives/Say';
import { Shown } from '../LessonView';
import legend from '../legend.module.css';
import { Curves } from './Curves';
import { Maps } from './Maps';
import { ReadTable } from './ReadTable';
import { Ribbons } from './Ribbons';
import { SentenceCard } from './SentenceCard';
import styles from './Translate.module.css';
import { headWords, verdictOf, viewOf } from './words';

/** The first tab: ribbons, what they say, the three kinds of attention, the sentence and the curves. */
export function Translator() {
  const reading = useTranslation((state) => state.reading);
  return (
    <div className={styles.grid} data-columns>
      <div className={styles.pictures}>{reading ? <Pictures reading={reading} /> : <Opening />}</div>
      <div className={styles.side}>
        <Shown part="sentence">
          <SentenceCard />
        </Shown>
        <Shown part="curves">
          <Curves />
        </Shown>
      </div>
    </div>
  );
}

function Opening() {
  const error = useTranslation((state) => state.error);
  return (
    <Card label="What each new word reads">
      <EmptyState title={error ? 'The translator is not here' : 'Making the translator…'}>
        {error ?? 'An encoder and a decoder, with weights as chance put them.'}
      </EmptyState>
    </Card>
  );
}

function Pictures({ reading }: { reading: TranslateReading }) {
  const at = useTranslation((state) => state.head) ?? reading.strongest;
  return (
    <>
      <Shown part="ribbons">
        <RibbonCard reading={reading} at={at} />
      </Shown>
      <Shown part="maps">
        <Maps reading={reading} at={at} />
      </Shown>
    </>
  );
}

function RibbonCard({ reading, at }: { reading: TranslateReading; at: HeadAt }) {
  const cross = viewOf(reading, 'cross', at);
  const { tone, lead, text } = verdictOf(reading, at);
  const tableId = useId();
  return (
    <Card
      title="What each new word reads in the sentence"
      note={`cross-attention, ${headWords(at)} · step ${formatInteger(reading.step)} · thicker: more`}
      actions={<Legend />}
    >
      {cross ? (
        <Ribbons view={cross} written={reading.written} label={`${lead} ${text}`} tableId={tableId} />
      ) : (
        <p className={styles.cut}>
          <span>{reading.source.join(' ')}</span>
          <small>no ribbon: cross-attention is cut</small>
          <b>{reading.candidates[0]?.words.join(' ')}</b>
        </p>
      )}
      <Say tone={tone} lead={lead}>
        {text}
      </Say>
      {cross && (
        <Disclosure summary="As a table">
          <ReadTable id={tableId} reading={reading} at={at} />
        </Disclosure>
      )}
    </Card>
  );
}

function Legend() {
  return (
    <span className={`${legend.legend} ${styles.legend}`}>
      <span data-class="noun">noun</span>
      <span data-class="adjective">adjective</span>
      <span data-class="verb">verb</span>
      <span data-class="other">other words; pale: not the true partner</span>
    </span>
  );
}
