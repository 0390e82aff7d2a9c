import type { VoteSource } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import type { VoteCounts } from '../../../store/state';
import { Button } from '../../primitives/Button';
import { Dialog } from '../../primitives/Dialog';
import styles from './VoteHistory.module.css';

const WHOSE: Record<VoteSource, string> = { human: 'of yours', simulated: 'simulated', imported: 'imported' };

/** Asks which votes go, one button for each kind there is: nothing is removed by a single slip. */
export function ClearVotes({ open, counts, onClose }: { open: boolean; counts: VoteCounts; onClose: () => void }) {
  const clear = useLab((state) => state.votes.clear);
  const remove = (source?: VoteSource) => {
    onClose();
    void clear(source);
  };
  const present = (['simulated', 'imported', 'human'] as const).filter((source) => counts[source] > 0);
  const total = counts.human + counts.simulated + counts.imported;
  return (
    <Dialog title="Clear votes" open={open} onClose={onClose}>
      <p>Votes that go cannot be brought back. Export them first if they may be needed again.</p>
      <div className={styles.choices}>
        <Button onClick={onClose}>Keep everything</Button>
        {present.map((source) => (
          <Button key={source} onClick={() => remove(source)}>{`Remove ${counts[source]} ${WHOSE[source]}`}</Button>
        ))}
        {present.length > 1 && <Button onClick={() => remove()}>{`Remove all ${total}`}</Button>}
      </div>
    </Dialog>
  );
}
