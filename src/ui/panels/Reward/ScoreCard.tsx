import { startOf } from '../../../contract/limits';
import type { ScoredText } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { type CorpusWords, corpusWords } from '../../../store/text/corpusWords';
import { wholeText } from '../../../store/text/wholeText';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { formatSigned } from '../../primitives/format';
import { TextField } from '../../primitives/TextField';
import { TokenStrip } from '../../primitives/TokenStrip';
import { unknownSentence } from '../../primitives/unknownWords';
import { Measure } from '../Compare/Measure';
import styles from './ScoreCard.module.css';

interface ScoreCardProps {
  /** there is a reward model on the shelf */
  ready: boolean;
  /** texts worth trying, with what they are */
  suggestions: readonly { label: string; text: string }[];
}

/** Every word of it is known to the built-in vocabulary. */
const EXAMPLE = 'the fox showed the lantern to the bear . they were really glad .';
const EXAMPLE_LENGTH = 120;

const UNSCORED = 'You cancelled this score. Change the text, and it is scored.';

/** Any text, scored as it is typed, each token shaded by what it adds. */
export function ScoreCard({ ready, suggestions }: ScoreCardProps) {
  const { text, result, busy, error, setText } = useLab((state) => state.scoring);
  const words = useLab((state) => corpusWords(state.corpus.summary));
  const sample = useLab((state) =>
    state.corpus.summary?.kind === 'text' ? state.corpus.summary.samples[0] : undefined,
  );
  const example = sample ? startOf(wholeText('text', sample), EXAMPLE_LENGTH) : EXAMPLE;
  const answer = ready && text.trim() !== '' ? result : null;
  const nothing = answer !== null && !knowsAny(answer);
  const shown = nothing ? null : answer;
  return (
    <Card
      title="Score a text"
      value={
        <Measure id="reward/score" value={shown ? shown.score : null}>
          {shown ? formatSigned(shown.score) : '–'}
        </Measure>
      }
      valueTone="reward"
      note={shown ? '0 = average, 1 = one standard deviation' : undefined}
    >
      <div className={styles.body} aria-busy={busy}>
        <TextField
          className={styles.unlabelled}
          label="Score a text"
          rows={2}
          story
          value={text}
          onChange={setText}
          placeholder={example}
        />
        {shown && shown.tokens.length > 0 && (
          <TokenStrip
            tokens={shown.tokens.map((token) => ({ text: token.text, value: token.contribution }))}
            tone="reward"
            meaning="adds"
          />
        )}
        {shown && shown.unknownWords.length > 0 && (
          <p className={styles.unknown}>{unknownSentence(shown.unknownWords)}</p>
        )}
        {ready && error && (
          <p className={styles.unknown}>{error.code === 'work/cancelled' ? UNSCORED : error.message}</p>
        )}
        {nothing && (
          <p className={styles.unknown}>{`None of these ${words.units} is in the vocabulary: nothing to score.`}</p>
        )}
        <p className={styles.hint}>{hint(ready, shown !== null, words)}</p>
        {ready && !answer && <Tries suggestions={suggestions} onTry={setText} />}
      </div>
    </Card>
  );
}

function Tries({ suggestions, onTry }: Pick<ScoreCardProps, 'suggestions'> & { onTry: (text: string) => void }) {
  if (suggestions.length === 0) return null;
  return (
    <p className={styles.tries}>
      {suggestions.map(({ label, text }) => (
        <Button key={label} kind="link" onClick={() => onTry(text)}>
          {label}
        </Button>
      ))}
    </p>
  );
}

function hint(ready: boolean, scored: boolean, { ownText, unit, units }: CorpusWords): string {
  if (!ready) return 'There is no reward model yet: train it, then type here and watch the score follow every key.';
  return scored
    ? `Each ${unit} is shaded by what it adds: the score with it minus the score without it. Underlined ${units} cost.`
    : `Type a ${ownText ? 'text' : 'story'}. 0 is the average text of the base model, 1 is one standard deviation better.`;
}

/** A text whose words are all unknown would be scored for its full stops. */
const knowsAny = ({ tokens, unknownWords }: ScoredText): boolean =>
  unknownWords.length === 0 ||
  tokens.some(({ text }) => /[\p{L}\p{N}]/u.test(text) && !unknownWords.includes(text.trim()));
