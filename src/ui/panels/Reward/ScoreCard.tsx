import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { formatSigned } from '../../primitives/format';
import { TextField } from '../../primitives/TextField';
import { TokenStrip } from '../../primitives/TokenStrip';
import { Measure } from '../Compare/Measure';
import styles from './ScoreCard.module.css';

interface ScoreCardProps {
  /** there is a reward model on the shelf */
  ready: boolean;
  /** texts worth trying, with what they are */
  suggestions: readonly { label: string; text: string }[];
}

/** Any sentence, scored as it is typed, each word shaded by what it adds. */
export function ScoreCard({ ready, suggestions }: ScoreCardProps) {
  const { text, result, busy, error, setText } = useLab((state) => state.scoring);
  const shown = ready && text.trim() !== '' ? result : null;
  return (
    <Card
      title="Score a text"
      value={
        <Measure id="reward/score" value={shown ? shown.score : null}>
          {shown ? formatSigned(shown.score) : '–'}
        </Measure>
      }
      valueTone="reward"
    >
      <div className={styles.body} aria-busy={busy}>
        <TextField
          className={styles.unlabelled}
          label="Score a text"
          rows={2}
          story
          value={text}
          onChange={setText}
          placeholder="the fox shared the bread . they laughed all evening ."
        />
        {shown && shown.tokens.length > 0 && (
          <TokenStrip
            tokens={shown.tokens.map((token) => ({ text: token.text, value: token.contribution }))}
            tone="reward"
            meaning="adds"
          />
        )}
        {shown && shown.unknownWords.length > 0 && <p className={styles.unknown}>{unknownSentence(shown.unknownWords)}</p>}
        {ready && error && <p className={styles.unknown}>{error.message}</p>}
        <p className={styles.hint}>{hint(ready, shown !== null)}</p>
        {ready && !shown && suggestions.length > 0 && (
          <p className={styles.tries}>
            {suggestions.map((suggestion) => (
              <Button key={suggestion.label} kind="link" onClick={() => setText(suggestion.text)}>
                {suggestion.label}
              </Button>
            ))}
          </p>
        )}
      </div>
    </Card>
  );
}

function hint(ready: boolean, scored: boolean): string {
  if (!ready) return 'There is no reward model yet: train it, then type here and watch the score follow every key.';
  return scored
    ? 'Each word is shaded by what it adds: the score with it minus the score without it. Underlined words cost.'
    : 'Type a story. 0 is the average text of the base model, 1 is one standard deviation better.';
}

const unknownSentence = (words: readonly string[]): string =>
  `Not in the vocabulary, so not read: ${words.map((word) => `“${word}”`).join(', ')}.`;
