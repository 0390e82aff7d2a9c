import { useShallow } from 'zustand/react/shallow';
import { type PresetName, presetConfig, SHIPPED } from '../../../contract/config';
import type { CheckpointInfo } from '../../../contract/domain';
import { countOf } from '../../../contract/numbers';
import { ringOf, writersOf } from '../../../store/arena/ring';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Checkbox } from '../../primitives/Checkbox';
import { Disclosure } from '../../primitives/Disclosure';
import { WorkProgress } from '../WorkProgress';
import styles from './Arena.module.css';

const NAMES: Partial<Record<PresetName, string>> = { tiny: 'Tiny, trained', small: 'Small, trained' };

/** the one that comes with the page, whatever it is called now */
const isShipped = (preset: PresetName, { shipped, model }: CheckpointInfo): boolean =>
  shipped && model.width === presetConfig(preset).model.width;

/** Who takes part: models are taken out and put back one by one. Where no duel can be, others are offered above. */
export function Ring({ canDuel }: { canDuel: boolean }) {
  const writers = useLab(useShallow(writersOf));
  const out = useLab((state) => state.arena.out);
  const setOut = useLab((state) => state.arena.setOut);
  const count = useLab((state) => ringOf(state).length);
  if (writers.length === 0) return null;
  return (
    <Card>
      <Disclosure summary={`In the ring: ${countOf(count, 'model')}`}>
        <ul className={styles.ring} aria-label="Models in the ring">
          {writers.map(({ checkpointId, name }) => (
            <li key={checkpointId}>
              <Checkbox
                label={name}
                checked={!out.includes(checkpointId)}
                onChange={(isIn) => setOut(checkpointId, !isIn)}
              />
            </li>
          ))}
        </ul>
        {canDuel && <BringShipped />}
      </Disclosure>
    </Card>
  );
}

/** Models that come with the page and are not on the shelf yet. */
export function BringShipped() {
  const missing = useLab(
    useShallow((state) => SHIPPED.filter((preset) => !state.shelf.checkpoints.some((info) => isShipped(preset, info)))),
  );
  const busy = useLab((state) => state.shelf.busy !== null);
  const bring = useLab((state) => state.shelf.bring);
  if (missing.length === 0) return null;
  return (
    <div className={styles.bring}>
      {missing.map((preset) => (
        <Button key={preset} disabled={busy} onClick={() => void bring(preset)}>
          Bring in {NAMES[preset]}
        </Button>
      ))}
      <WorkProgress kind="shipped" label="Loading the trained model" />
    </div>
  );
}
