import { useEffect, useState } from 'react';
import type { HeadAt } from '../../../contract/inside';
import type { AttentionMaps } from '../../../contract/observations';
import { useLab } from '../../../store/lab';
import type { RunView } from '../../../store/state';
import { Heatmap } from '../../charts/Heatmap';
import { EmptyState } from '../../primitives/EmptyState';
import { glued } from '../../primitives/glued';
import { AttentionView } from '../Inspect/AttentionView';
import {
  cellSentence,
  clampHead,
  headName,
  headWeights,
  strongestColumn,
  tellingRow,
  tokenNames,
} from '../Inspect/attention';
import { useWatchedAttention } from '../Inspect/useWatchedAttention';
import styles from './LiveAttention.module.css';

/** Maps of the run as it stands, and the head that is looked at. */
function useAttention() {
  const attention = useLab((state) => state.runs.pretrain.attention);
  const layer = useLab((state) => state.inspect.layer);
  const head = useLab((state) => state.inspect.head);
  const setHead = useLab((state) => state.inspect.setHead);
  useWatchedAttention('pretrain');
  const standing = useRestingAttention();
  return { attention, layer, head, setHead, standing };
}

/** One head, and the cell that tells most of it: to be looked at from afar. */
export function PlainAttention() {
  const { attention, layer, head, standing } = useAttention();
  if (!attention) return <NoAttention standing={standing} />;
  const { maps } = attention;
  const at = clampHead(maps, { layer, head });
  const row = tellingRow(maps);
  return (
    <Heatmap
      label={`Attention, ${headName(at)}`}
      tokens={tokenNames(maps.tokens)}
      weights={headWeights(maps, at)}
      cell={{ row, column: strongestColumn(maps, at, row) }}
      reading={({ row, column }) => glued(cellSentence(maps, at, row, column))}
      tools={false}
    />
  );
}

/** The attention of one head on the fixed prompt, redrawn while the weights change. */
export function LiveAttention() {
  const { attention, layer, head, setHead, standing } = useAttention();
  if (!attention) return <NoAttention standing={standing} />;
  return (
    <>
      <p className={styles.hint}>
        Row: the token that looks. Column: what it looks at. Right of the diagonal lies the future, which is masked.
      </p>
      <AttentionView maps={attention.maps} at={{ layer, head }} onHead={(at) => setHead(at.layer, at.head)} />
      <p className={styles.caveat}>
        <b>Step {attention.step.toLocaleString('en-US')}.</b> {tellingSentence(attention.maps, { layer, head })}{' '}
        Attention shows where information was read, not why.
      </p>
    </>
  );
}

type Standing = 'none' | 'reading' | 'gone';

const NO_ATTENTION: Record<Standing, readonly [title: string, text: string]> = {
  none: [
    'No attention yet',
    'Which token looks at which, redrawn as the weights change: it appears with the first steps.',
  ],
  reading: ['Reading…', 'Which token looks at which, in the model as it stands.'],
  gone: [
    'No model to look into',
    'The weights of this run are not here any more: attention comes with the first steps of the next one.',
  ],
};

function NoAttention({ standing }: { standing: Standing }) {
  const [title, text] = NO_ATTENTION[standing];
  return <EmptyState title={title}>{text}</EmptyState>;
}

/**
 * A run at rest sends nothing by itself: what it shows is asked for where it is of another step, or not there after a
 * reload.
 */
function useRestingAttention(): Standing {
  const due = useLab(({ runs: { pretrain } }) => restingAt(pretrain));
  const read = useLab((state) => state.runs.readAttention);
  const [gone, setGone] = useState<string | null>(null);
  useEffect(() => {
    if (due !== null) void read().then((found) => setGone(found ? null : due));
  }, [due, read]);
  return due === null ? 'none' : due === gone ? 'gone' : 'reading';
}

/** @returns where a run at rest stands that is not what its picture shows; null when it is, or moves */
function restingAt({ runId, state, busy, attention }: RunView): string | null {
  if (state === null || state.step === 0 || state.status === 'running' || busy !== null) return null;
  return attention?.step === state.step ? null : `${runId}, ${state.status} at ${state.step}`;
}

function tellingSentence(maps: AttentionMaps, at: HeadAt): string {
  const head = clampHead(maps, at);
  const row = tellingRow(maps);
  return cellSentence(maps, head, row, strongestColumn(maps, head, row));
}
