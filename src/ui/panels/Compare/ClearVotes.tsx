import type { VoteSource } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { rankingWords } from '../../../store/opinions/counts';
import type { OpinionCounts } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Dialog } from '../../primitives/Dialog';
import styles from './VoteHistory.module.css';

const WHOSE: Record<VoteSource, string> = { human: 'of yours', simulated: 'simulated', imported: 'imported' };

/** Asks which votes go, one button for each kind there is: nothing is removed by a single slip. */
export function ClearVotes({ open, counts, onClose }: { open: boolean; counts: OpinionCounts; onClose: () => void }) {
  const clear = useLab((state) => state.opinions.clear);
  const remove = (source?: VoteSource) => {
    onClose();
    void clear(source);
  };
  const sources = ['simulated', 'imported', 'human'] as const;
  const present = sources.filter((source) => counts[source] + counts.ranked[source].rankings > 0);
  const sum = (of: (source: VoteSource) => number): number => sources.reduce((total, source) => total + of(source), 0);
  /** "5 simulated", "3 and 2 rankings of yours" */
  const words = (votes: number, rankings: number, whose: string): string =>
    [votes > 0 || rankings === 0 ? `${votes}` : '', rankings > 0 ? rankingWords(rankings) : '']
      .filter(Boolean)
      .join(' and ') + whose;
  return (
    <Dialog title="Clear votes" open={open} onClose={onClose}>
      <p>Votes and rankings that go cannot be brought back. Export them first if they may be needed again.</p>
      <div className={styles.choices}>
        <Button onClick={onClose}>Keep everything</Button>
        {present.map((source) => (
          <Button
            key={source}
            onClick={() => remove(source)}
          >{`Remove ${words(counts[source], counts.ranked[source].rankings, ` ${WHOSE[source]}`)}`}</Button>
        ))}
        {present.length > 1 && (
          <Button onClick={() => remove()}>{`Remove all ${words(
            sum((source) => counts[source]),
            sum((source) => counts.ranked[source].rankings),
            '',
          )}`}</Button>
        )}
      </div>
    </Dialog>
  );
}
