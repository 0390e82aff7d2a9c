import { useShallow } from 'zustand/react/shallow';
import { fixed } from '../../../contract/numbers';
import type { Decoding, TranslateCandidate } from '../../../contract/translate';
import { BEAM_WIDTH } from '../../../contract/translate';
import { useTranslation } from '../../../store/translate/translation';
import { Card } from '../../primitives/Card';
import { Checkbox } from '../../primitives/Checkbox';
import { keyed } from '../../primitives/keyed';
import { Segments } from '../../primitives/Segments';
import { TextField } from '../../primitives/TextField';
import { useKeys } from '../../primitives/useKeys';
import { useDebounced } from '../useDebounced';
import styles from './SentenceCard.module.css';
import { unreadWords } from './words';

const DECODINGS: readonly { value: Decoding; label: string }[] = [
  { value: 'greedy', label: 'Greedy' },
  { value: 'beam', label: `Beam ${BEAM_WIDTH}` },
];

/** Type a sentence, read its translation. */
export function SentenceCard({ className }: { className?: string | undefined }) {
  const { sentence, decoding, crossAttention, unread, reading, ...act } = useTranslation(
    useShallow((state) => ({
      sentence: state.sentence,
      decoding: state.decoding,
      crossAttention: state.crossAttention,
      unread: state.unread,
      reading: state.reading,
      write: state.write,
      decode: state.decode,
      allowCrossAttention: state.allowCrossAttention,
    })),
  );
  const [draft, setDraft] = useDebounced(sentence, (next) => void act.write(next));
  const toggle = () => void act.allowCrossAttention(!crossAttention);
  useKeys<'Translate'>({ c: toggle });
  return (
    <Card title="Type a sentence" note="of the words of the stories" className={className ?? ''}>
      <TextField
        label="Sentence"
        story
        value={draft}
        onChange={setDraft}
        onEnter={() => void act.write(draft)}
        error={unreadWords(unread)}
      />
      <div className={styles.controls}>
        <Segments label="Search" value={decoding} onChange={(next) => void act.decode(next)} options={DECODINGS} />
        <Checkbox
          label={
            <>
              Cross-attention
              <span className={styles.key} aria-hidden="true">
                C
              </span>
            </>
          }
          checked={crossAttention}
          onChange={toggle}
        />
      </div>
      {reading && <Candidates candidates={reading.candidates} isBeam={reading.candidates.length > 1} />}
    </Card>
  );
}

function Candidates({ candidates, isBeam }: { candidates: readonly TranslateCandidate[]; isBeam: boolean }) {
  const underlined = candidates.some(({ disagrees }) => disagrees.includes(true));
  return (
    <table className={styles.found}>
      <thead>
        <tr>
          <th scope="col">{isBeam ? 'beam, the likeliest first' : 'greedy, the likeliest word every time'}</th>
          <th scope="col">log p</th>
        </tr>
      </thead>
      <tbody>
        {keyed(candidates, ({ words }) => words.join(' ')).map(({ key, item }) => (
          <tr key={key}>
            <td className={styles.text}>
              <Words {...item} />
            </td>
            <td>{fixed(item.logProbability, 2)}</td>
          </tr>
        ))}
      </tbody>
      {underlined && <caption className={styles.caption}>Underlined: an ending that does not agree.</caption>}
    </table>
  );
}

function Words({ words, disagrees, ended }: TranslateCandidate) {
  return (
    <>
      {words.length === 0 && <i>nothing</i>}
      {keyed(words, (word) => word).map(({ key, item }, i) => (
        <span key={key}>
          {i > 0 && ' '}
          {disagrees[i] ? <u title="does not agree">{item}</u> : item}
        </span>
      ))}
      {!ended && ' …'}
    </>
  );
}
