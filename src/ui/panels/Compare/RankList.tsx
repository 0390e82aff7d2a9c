import { useId, useRef } from 'react';
import { type Arrangement, tierOf, withStrength } from '../../../store/opinions/arrangement';
import { Select } from '../../primitives/Select';
import legend from '../legend.module.css';
import { RankRow } from './RankRow';
import styles from './RankView.module.css';
import { letterOf } from './rankWords';
import { STRENGTH_OPTIONS } from './TaskSwitch';
import { RANK_KEYS } from './useRankKeys';
import { type Ranked, useRankMoves } from './useRankMoves';

interface RankListProps extends Ranked {
  verbatim: boolean;
  asksStrength: boolean;
}

/** Completions in order. Its rows are called by their letters throughout. */
export function RankList({ verbatim, asksStrength, ...ranked }: RankListProps) {
  const { completions, arrangement, onArrange } = ranked;
  const list = useRef<HTMLOListElement>(null);
  const helpId = useId();
  const { order, current, picked, drag, onControl, handlers } = useRankMoves(list, ranked);
  return (
    <>
      <ol ref={list} className={styles.list} aria-label="Completions in order, the best first" {...handlers}>
        {order.map((item) => (
          <RankRow
            key={letterOf(item)}
            item={item}
            text={completions[item] ?? ''}
            verbatim={verbatim}
            arrangement={arrangement}
            current={item === current}
            picked={item === picked}
            dragged={drag?.item === item}
            drop={drag?.target?.other === item ? drag.target.where : null}
            helpId={helpId}
            strength={asksStrength ? <StrengthOver {...{ item, arrangement, onArrange }} /> : null}
            onControl={(control) => onControl(item, control)}
          />
        ))}
      </ol>
      <p className={`${legend.legend} ${styles.keys}`} id={helpId}>
        {RANK_KEYS.map(([keys, does]) => (
          <span key={keys}>
            <kbd>{keys}</kbd> {does}
          </span>
        ))}
      </p>
    </>
  );
}

interface StrengthOverProps {
  item: number;
  arrangement: Arrangement;
  onArrange: (arrangement: Arrangement) => void;
}

/** How much better the place above is: asked once, at the top of each place but the first. */
function StrengthOver({ item, arrangement, onArrange }: StrengthOverProps) {
  const tier = tierOf(arrangement, item);
  if (tier === 0 || arrangement.tiers[tier]?.[0] !== item) return null;
  return (
    <Select
      label={`Place ${tier} over place ${tier + 1}`}
      className={styles.strength}
      value={String(arrangement.strengths[tier - 1] ?? 0)}
      onChange={(value) => onArrange(withStrength(arrangement, tier - 1, Number(value)))}
      options={STRENGTH_OPTIONS}
    />
  );
}
