import { useState } from 'react';
import { cellName, GRID_PRESETS, type GridPreset } from '../../../contract/gridworld';
import { Card } from '../../primitives/Card';
import { Segments } from '../../primitives/Segments';
import { Stage } from '../../primitives/Stage';
import { cellWords } from './cellWords';
import { GridPicture } from './GridPicture';
import styles from './GridWorld.module.css';

const PRESETS: readonly { value: GridPreset; label: string }[] = [
  { value: 'cliff', label: 'Cliff' },
  { value: 'twoFishes', label: 'Two fishes' },
  { value: 'windyCorridor', label: 'Windy corridor' },
];

/** The Markov decision process behind it all, small enough to be seen whole: a cat, a fish, a dog. */
export function GridWorld() {
  const [preset, setPreset] = useState<GridPreset>('twoFishes');
  const [cursor, setCursor] = useState({ row: 0, column: 0 });
  const world = GRID_PRESETS[preset];
  const choose = (next: GridPreset) => {
    setPreset(next);
    setCursor({ row: 0, column: 0 });
  };
  return (
    <Stage heading="Grid world" showHeading className={styles.page}>
      <Segments label="World" value={preset} onChange={choose} options={PRESETS} />
      <Card title="Where the cat can be" note="every cell that is no wall is a state">
        <GridPicture world={world} cursor={cursor} onCursor={setCursor} />
        <p className={styles.say} aria-live="polite">
          <b>{cellName(cursor)}</b>: {cellWords(world, cursor)}
        </p>
      </Card>
    </Stage>
  );
}
