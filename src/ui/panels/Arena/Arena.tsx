import { useEffect, useState } from 'react';
import { useArena } from '../../../store/arena/game';
import { useLab } from '../../../store/lab';
import { Stage } from '../../primitives/Stage';
import { Tabs } from '../../primitives/Tabs';
import styles from './Arena.module.css';
import { DuelPane } from './DuelPane';
import { Ratings } from './Ratings';

type Pane = 'duel' | 'ratings';

/** Blind duels between models on one prompt, and what they say of how good the models are. */
export function Arena() {
  const [pane, choose] = useState<Pane>('duel');
  useKeptUp();
  return (
    <Stage heading="Arena" showHeading className={styles.page}>
      <Tabs<Pane>
        allStay
        label="Views of the arena"
        className={styles.panes}
        value={pane}
        onChange={choose}
        tabs={[
          { id: 'duel', label: 'Duel', content: <DuelPane /> },
          { id: 'ratings', label: 'Ratings', content: <Ratings /> },
        ]}
      />
    </Stage>
  );
}

/** Deals and rates anew whenever the ring or the duels are others. */
function useKeptUp(): void {
  const open = useArena((state) => state.open);
  const rate = useArena((state) => state.rate);
  const duels = useLab((state) => state.arena.duels);
  const out = useLab((state) => state.arena.out);
  const checkpoints = useLab((state) => state.shelf.checkpoints);
  // biome-ignore lint/correctness/useExhaustiveDependencies: both read the ring from the lab
  useEffect(() => void open(), [open, out, checkpoints]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it reads ring and duels from the lab
  useEffect(() => void rate(), [rate, duels, out, checkpoints]);
}
