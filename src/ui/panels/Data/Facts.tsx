import type { CorpusSummary } from '../../../contract/domain';
import { fixed } from '../../../contract/numbers';
import { useLab } from '../../../store/lab';
import { fileInUse } from '../../../store/text/corpus';
import { Card } from '../../primitives/Card';
import { EmptyState } from '../../primitives/EmptyState';
import { Explain } from '../../primitives/Explain';
import { formatCount, formatInteger, formatNumber, formatShare } from '../../primitives/format';
import { glued } from '../../primitives/glued';
import styles from './Data.module.css';

function Entropy({ entropy }: { entropy: NonNullable<CorpusSummary['entropy']> }) {
  const choices = Math.exp(entropy.natsPerToken);
  return (
    <p className={styles.meaning}>
      No model can get below a loss of{' '}
      <span className="whole">
        <b>{fixed(entropy.natsPerToken, 3)}</b> nats
      </span>{' '}
      per token: the grammar itself is that unpredictable, like a fair choice among {formatNumber(choices)} words each
      time, or {glued(`${formatNumber(entropy.natsPerStory)} nats`)} a story.
    </p>
  );
}

function Split({ train, heldOut, expected }: { train: number; heldOut: number; expected: boolean }) {
  const share = heldOut / Math.max(1, train + heldOut);
  const about = expected ? 'about ' : '';
  return (
    <div className={styles.split}>
      <div className={styles.splitBar} aria-hidden="true">
        <span style={{ flex: 1 - share, background: 'var(--policy)' }} />
        <span style={{ flex: share, background: 'var(--value)' }} />
      </div>
      <span>{`${about}${formatCount(train)} tokens to train on`}</span>
      <span className={styles.splitEnd}>{`${about}${formatCount(heldOut)} held out (${formatShare(share)})`}</span>
    </div>
  );
}

/** The corpus in numbers: its size, its split, and the floor under every loss curve. */
export function Facts() {
  const summary = useLab((state) => state.corpus.summary);
  const file = useLab(fileInUse);
  if (!summary) {
    return (
      <Card title="The corpus in numbers">
        <EmptyState title="No corpus yet">Its size, its split and its exact entropy appear here.</EmptyState>
      </Card>
    );
  }
  const { kind, size, vocabSize, entropy, trainTokens, heldOutTokens, tokensExpected = false } = summary;
  const explain = (
    <Explain title="Exact entropy" formula="entropy">
      <p>
        The corpus is drawn from a grammar with known probabilities, so its entropy is computed, not estimated. A
        perfect model reaches it.
      </p>
    </Explain>
  );
  return (
    <Card
      title={entropy ? 'Exact entropy' : 'Your text'}
      note={entropy ? 'nats per token' : undefined}
      value={entropy ? fixed(entropy.natsPerToken, 2) : undefined}
      actions={entropy ? explain : undefined}
    >
      {entropy ? (
        <Entropy entropy={entropy} />
      ) : (
        <p className={styles.meaning}>Nobody knows the entropy of a text like this: watch the held-out loss instead.</p>
      )}
      <p className={styles.quiet}>
        {file !== null && `“${file}”: `}
        {formatInteger(size)} {kind === 'stories' ? 'stories' : 'characters'} · {formatInteger(vocabSize)} different
        tokens
      </p>
      <Split train={trainTokens} heldOut={heldOutTokens} expected={tokensExpected} />
    </Card>
  );
}
