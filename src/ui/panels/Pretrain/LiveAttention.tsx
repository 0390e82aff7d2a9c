import type { AttentionMaps } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import { EmptyState } from '../../primitives/EmptyState';
import { AttentionView } from '../Inspect/AttentionView';
import { cellSentence, clampHead, type HeadAt, strongestColumn, tellingRow } from '../Inspect/attention';
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
        Row: the token that looks. Column: what it looks at. Right of the diagonal lies the future, which is masked.
      </p>
      <AttentionView maps={attention.maps} at={{ layer, head }} onHead={(at) => setHead(at.layer, at.head)} />
      <p className={styles.caveat}>
        <b>Step {attention.step.toLocaleString('en-US')}.</b> {tellingSentence(attention.maps, { layer, head })} Attention shows where
        information was read, not why.
      </p>
    </>
  );
}

function tellingSentence(maps: AttentionMaps, at: HeadAt): string {
  const head = clampHead(maps, at);
  const row = tellingRow(maps);
  return cellSentence(maps, head, row, strongestColumn(maps, head, row));
}
