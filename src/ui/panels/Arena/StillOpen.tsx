import type { ArenaBoard } from '../../../contract/arena';
import { inWords } from '../../../contract/limits';
import { countOf } from '../../../contract/numbers';
import { useArena } from '../../../store/arena/game';
import { isSamePairing, pairingsOf, ringOf } from '../../../store/arena/ring';
import { useLab } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import styles from './Arena.module.css';
import { points } from './words';

interface StillOpenProps {
  board: ArenaBoard;
  models: readonly string[];
  name: (model: number) => string;
}

/** How many more votes would tell two neighbours apart. */
export function StillOpen({ board: { open, rows }, models, name }: StillOpenProps) {
  const wanted = useArena((state) => state.wanted);
  const askFor = useArena((state) => state.askFor);
  const canMeet = useLab(
    (state) =>
      open !== null &&
      pairingsOf(ringOf(state)).some((one) => isSamePairing(one, [models[open.first]!, models[open.second]!])),
  );
  const isAny = rows.some(({ rating }) => rating !== null);
  return (
    <Card title="Still open">
      {open ? (
        <>
          <p className={styles.need}>
            <b data-metric="arena/votesNeeded" data-value={open.votes}>
              about {inWords(open.votes)}
            </b>
            more {open.votes === 1 ? 'vote' : 'votes'} of <strong>{name(open.first)}</strong> against{' '}
            <strong>{name(open.second)}</strong> would tell them apart, if the gap of {points(open.difference)} is real.
          </p>
          {canMeet ? (
            <Button onClick={() => void askFor([models[open.first]!, models[open.second]!])}>
              Ask for that pair next
            </Button>
          ) : (
            <p className={styles.note}>They can be asked for when both stand in the ring.</p>
          )}
        </>
      ) : (
        <p className={styles.note}>
          {isAny
            ? 'Every model is told apart from the next one, or is its equal so far.'
            : `Nothing can be said yet of ${countOf(rows.length, 'model')}.`}
        </p>
      )}
      {wanted && (
        <p className={styles.note}>
          One pair is asked for again and again.{' '}
          <Button kind="link" onClick={() => void askFor(null)}>
            Let chance decide
          </Button>
        </p>
      )}
    </Card>
  );
}
