import { useLab } from '../../../store/lab';
import { EmptyState } from '../../primitives/EmptyState';
import { AttentionView } from '../Inspect/AttentionView';
import { useWatchedAttention } from '../Inspect/useWatchedAttention';
import styles from './LiveAttention.module.css';

/** The attention of one head on the fixed prompt, redrawn while the weights change. */
export function LiveAttention() {
  const attention = useLab((state) => state.runs.pretrain.attention);
  const layer = useLab((state) => state.inspect.layer);
  const head = useLab((state) => state.inspect.head);
  const setHead = useLab((state) => state.inspect.setHead);
  useWatchedAttention('pretrain');
  if (!attention) {
    return (
      <EmptyState title="No attention yet">
        Which token looks at which, redrawn as the weights change: it appears with the first steps.
      </EmptyState>
    );
  }
  return (
    <>
      <p className={styles.hint}>
        Row: the token that looks. Column: what it looks at. Nothing right of the diagonal: the future is masked. Step{' '}
        {attention.step.toLocaleString('en-US')}.
      </p>
      <AttentionView maps={attention.maps} at={{ layer, head }} onHead={(at) => setHead(at.layer, at.head)} />
      <p className={styles.caveat}>Attention shows where information was read, not why.</p>
    </>
  );
}
