import { useEffect } from 'react';
import { countOf, fixed, plural } from '../../../contract/numbers';
import type { RowToken } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { keyed } from '../../primitives/keyed';
import { shaded } from '../../theme/tone';
import { InNumbersButton } from '../InNumbersButton';
import styles from './TrainingRow.module.css';

/** The mean surprise over the tokens that are asked for: this row's part of the loss. */
export const rowLoss = (tokens: readonly RowToken[]): number => {
  const asked = tokens.flatMap(({ logprob }) => (logprob === null ? [] : [-logprob]));
  return asked.reduce((sum, surprise) => sum + surprise, 0) / Math.max(1, asked.length);
};

/** A demonstration as it is trained on: the prompt is read but masked, so only the completion can be learned. */
export function TrainingRow({
  demonstrationId,
  className = '',
}: {
  demonstrationId: string | null;
  className?: string | undefined;
}) {
  const row = useLab((state) => state.demonstrations.row);
  const showRow = useLab((state) => state.demonstrations.showRow);
  const baseId = useLab((state) => state.shelf.slots.baseId);
  const tunedId = useLab((state) => state.shelf.slots.fineTunedId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other models see the row in another way
  useEffect(() => {
    if (demonstrationId !== null) void showRow(demonstrationId);
  }, [demonstrationId, baseId, tunedId, showRow]);
  const shown = row !== null && row.demonstrationId === demonstrationId ? row : null;
  return (
    <Card
      title="One row as it is trained on"
      note={shown ? 'grey is masked, blue counts' : undefined}
      className={className}
      actions={
        <Explain title="The mask" formula="mask">
          <p>
            Every token predicts the next one, but the loss asks only about those with mask 1: the completion and the
            end of the text. Were the prompt counted too, the model would learn to write prompts.
          </p>
          <p>The colour is the surprise −log p of the token: pale was expected, strong was not.</p>
        </Explain>
      }
    >
      {shown ? (
        <>
          <Strip tokens={shown.tuned ?? shown.base} />
          <p className={styles.sums}>{sentence(shown.base, shown.tuned)}</p>
        </>
      ) : (
        <p className={styles.sums}>Choose a demonstration to see which of its tokens count.</p>
      )}
      <InNumbersButton kind="finetune" />
    </Card>
  );
}

function sentence(base: readonly RowToken[], tuned: readonly RowToken[] | null): string {
  const counted = base.filter(({ logprob }) => logprob !== null).length;
  const prompt = base.filter(({ part }) => part === 'prompt').length;
  const was = `${fixed(rowLoss(base), 2)} nats a token to the base model`;
  const surprise = tuned
    ? `a surprise of ${was}, ${fixed(rowLoss(tuned), 2)} to the fine-tuned one`
    : `a surprise of ${was}`;
  return `${countOf(counted, 'token counts', 'tokens count')}, ${surprise}; the ${prompt} of the prompt ${plural(prompt, 'is', 'are')} read and masked.`;
}

/** nats with full colour: one chance in a hundred */
const STRONG = 4.6;
/** percent of colour at least and at most: counted tokens stay blue, words stay readable */
const [PALE, DEEP] = [12, 52];
const shade = (logprob: number) => {
  const share = Math.min(1, -logprob / STRONG);
  return shaded('var(--policy)', PALE + share * (DEEP - PALE), share);
};

/** Neighbouring columns of padding are one thing to look at. */
interface Shown extends RowToken {
  times: number;
}
export function withoutRepeats(tokens: readonly RowToken[]): Shown[] {
  const shown: Shown[] = [];
  for (const token of tokens) {
    const last = shown.at(-1);
    if (token.part === 'padding' && last?.part === 'padding') last.times++;
    else shown.push({ ...token, times: 1 });
  }
  return shown;
}

function Strip({ tokens }: { tokens: readonly RowToken[] }) {
  const items = keyed(withoutRepeats(tokens), ({ text, part }) => `${part} ${text}`);
  return (
    <ol className={styles.strip} aria-label="Tokens of the row">
      {items.map(({ key, item }) => (
        <li key={key} className={styles[item.part]} title={titleOf(item)}>
          <span className={styles.text} {...(item.logprob !== null && shade(item.logprob))}>
            {item.times > 1 ? `${item.text} × ${item.times}` : item.text}
          </span>
          <span className={styles.bit}>
            <span className="visually-hidden">mask </span>
            {item.logprob === null ? 0 : 1}
          </span>
        </li>
      ))}
    </ol>
  );
}

const titleOf = ({ text, part, logprob }: RowToken): string =>
  logprob === null ? `${text}: ${part}, masked` : `${text}: counts, surprise ${fixed(-logprob, 2)} nats`;
