import { useState } from 'react';
import { fixed } from '../../../contract/numbers';
import type { TranslateReading } from '../../../contract/translate';
import { useTranslation } from '../../../store/translate/translation';
import { Card } from '../../primitives/Card';
import { Disclosure } from '../../primitives/Disclosure';
import { EmptyState } from '../../primitives/EmptyState';
import { formatInteger } from '../../primitives/format';
import { keyed } from '../../primitives/keyed';
import { Say } from '../../primitives/Say';
import { AttentionGrid } from './AttentionGrid';
import { AttentionThumb } from './AttentionThumb';
import { Curves } from './Curves';
import { Ribbons } from './Ribbons';
import { SentenceCard } from './SentenceCard';
import styles from './Translate.module.css';
import { type MapKind, readRows, verdictOf, viewOf } from './words';

const MAPS: Readonly<Record<MapKind, { title: string; note: string }>> = {
  cross: { title: 'Cross-attention', note: 'sees the sentence' },
  encoder: { title: 'Encoder', note: 'sees it whole' },
  decoder: { title: 'Decoder', note: 'sees what it wrote' },
};
const KINDS: readonly MapKind[] = ['cross', 'encoder', 'decoder'];

const headWords = ({ strongest: { layer, head } }: TranslateReading): string => `block ${layer + 1}, head ${head + 1}`;

/** The first tab: ribbons, what they say, the three kinds of attention, the sentence and the curves. */
export function Translator() {
  const reading = useTranslation((state) => state.reading);
  return (
    <div className={styles.grid}>
      <div className={styles.pictures}>{reading ? <Pictures reading={reading} /> : <Opening />}</div>
      <div className={styles.side}>
        <SentenceCard />
        <Curves />
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
  const [chosen, setLarge] = useState<MapKind>('cross');
  const cross = viewOf(reading, 'cross');
  const large: MapKind = viewOf(reading, chosen) ? chosen : 'encoder';
  const { tone, lead, text } = verdictOf(reading);
  return (
    <>
      <Card
        title="What each new word reads in the sentence"
        note={`cross-attention, ${headWords(reading)} · step ${formatInteger(reading.step)} · thicker: more`}
        actions={<Legend />}
      >
        {cross ? (
          <Ribbons view={cross} written={reading.written} label={`${lead} ${text}`} />
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
      </Card>
      <div className={styles.maps}>
        <LargeMap reading={reading} kind={large} />
        <div className={styles.thumbs}>
          {KINDS.filter((kind) => kind !== large).map((kind) => (
            <AttentionThumb key={kind} view={viewOf(reading, kind)} {...MAPS[kind]} onEnlarge={() => setLarge(kind)} />
          ))}
        </div>
      </div>
    </>
  );
}

function Legend() {
  return (
    <span className={styles.legend}>
      <span data-class="noun">noun</span>
      <span data-class="adjective">adjective</span>
      <span data-class="verb">verb</span>
      <span data-class="other">other words; pale: not the true partner</span>
    </span>
  );
}

function LargeMap({ reading, kind }: { reading: TranslateReading; kind: MapKind }) {
  const view = viewOf(reading, kind);
  const { title, note } = MAPS[kind];
  if (!view) return null;
  return (
    <Card
      title={title}
      note={`${note} · ${headWords(reading)}`}
      actions={kind === 'cross' && <span className={styles.ring}>true partner, from the grammar</span>}
    >
      <AttentionGrid key={kind} view={view} label={title} />
      {kind === 'cross' && (
        <>
          <p className={styles.fact}>
            This head finds the true partner most often: of {fixed(100 * reading.strongest.agreement, 0)} % of the
            content words of held-out sentences. It shows what is read, not why.
          </p>
          <Disclosure summary="As a table">
            <ReadTable reading={reading} />
          </Disclosure>
        </>
      )}
    </Card>
  );
}

function ReadTable({ reading }: { reading: TranslateReading }) {
  const { lead, text } = verdictOf(reading);
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption>
          {lead} {text}
        </caption>
        <thead>
          <tr>
            {['new word', 'strongest word read', 'weight', 'true partner', 'same'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keyed(readRows(reading), ({ word }) => word).map(({ key, item: { word, strongest, weight, partner } }) => (
            <tr key={key}>
              <th scope="row">{word}</th>
              <td>{strongest}</td>
              <td>{fixed(weight, 2)}</td>
              <td>{partner ?? 'none'}</td>
              <td>{partner === strongest ? 'yes' : 'no'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
