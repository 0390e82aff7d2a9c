import { type CSSProperties, type KeyboardEvent, useMemo } from 'react';
import type { HeadAt } from '../../../contract/inside';
import type { AttentionMaps } from '../../../contract/observations';
import { Heatmap } from '../../charts/Heatmap';
import { HeatmapThumb } from '../../charts/HeatmapThumb';
import { codeOf, type KeyMap } from '../../primitives/useKeys';
import styles from './AttentionView.module.css';
import { allHeads, cellSentence, clampHead, headName, headTitle, headWeights, sameHead, tokenNames } from './attention';
import { HeadNames } from './HeadGrid';

interface AttentionViewProps {
  maps: AttentionMaps;
  at: HeadAt;
  onHead: (at: HeadAt) => void;
}

/** Every head small, one head large: choose one, then walk its cells with the mouse or the arrow keys. */
export function AttentionView({ maps, at, onHead }: AttentionViewProps) {
  const head = clampHead(maps, at);
  const tokens = useMemo(() => tokenNames(maps.tokens), [maps.tokens]);
  const all = useMemo(() => allHeads(maps).map((one) => ({ at: one, weights: headWeights(maps, one) })), [maps]);
  return (
    <div className={styles.view}>
      <div className={styles.enlarged}>
        <Heatmap
          label={`Attention, ${headName(head)}`}
          tokens={tokens}
          weights={all[head.layer * maps.heads + head.head]!.weights}
          reading={({ row, column }) => cellSentence(maps, head, row, column)}
        />
      </div>
      <Heads maps={maps} all={all} head={head} onHead={onHead} />
    </div>
  );
}

interface HeadsProps {
  maps: AttentionMaps;
  all: readonly { at: HeadAt; weights: Float32Array }[];
  head: HeadAt;
  onHead: (at: HeadAt) => void;
}

/** So many heads fit below each other, and leave the enlarged one more room. */
const FEW = 4;

/** Layers down, heads across: one stop for Tab, arrow keys from head to head. */
function Heads({ maps, all, head, onHead }: HeadsProps) {
  const columns = all.length <= FEW ? 1 : maps.heads;
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const steps: KeyMap<'Inspect, heads', number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
    };
    const index = head.layer * maps.heads + head.head + (steps[codeOf<'Inspect, heads'>(event)] ?? Number.NaN);
    const next = all[index];
    if (!next) return;
    event.preventDefault();
    onHead(next.at);
    event.currentTarget.querySelectorAll('button')[index]?.focus();
  };
  return (
    <fieldset
      className={styles.heads}
      aria-label="Heads"
      data-arrow-keys
      onKeyDown={move}
      style={{ '--columns': columns } as CSSProperties}
    >
      {columns > 1 && <HeadNames heads={columns} className={styles.name} />}
      {all.map(({ at, weights }) => (
        <span key={headName(at)} className={styles.slot}>
          {(columns === 1 || at.head === 0) && (
            <span className={styles.name} aria-hidden="true">
              {columns === 1 ? headName(at) : `layer ${at.layer + 1}`}
            </span>
          )}
          <HeatmapThumb
            weights={weights}
            count={maps.tokens.length}
            label={headTitle(at)}
            selected={sameHead(at, head)}
            tabIndex={sameHead(at, head) ? 0 : -1}
            onSelect={() => onHead(at)}
          />
        </span>
      ))}
    </fieldset>
  );
}
