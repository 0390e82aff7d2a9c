import { useState } from 'react';
import { LIMITS } from '../../../contract/limits';
import { countOf } from '../../../contract/numbers';
import { gameOf, useArena } from '../../../store/arena/game';
import { useLab, useLabStore } from '../../../store/lab';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Confirm } from '../../primitives/Dialog';
import { Disclosure } from '../../primitives/Disclosure';
import { FileDrop } from '../../primitives/FileDrop';
import { Progress } from '../../primitives/Progress';
import { RaterFields } from '../Compare/SimulatedRater';
import styles from './Arena.module.css';
import { ByClass } from './ByClass';

/** Duels that are not voted one by one: of a rater with a known taste, or from a file. */
export function More({ canDuel }: { canDuel: boolean }) {
  const outcome = useArena((state) => state.outcome);
  return (
    <Card>
      {canDuel && (
        <Disclosure summary="Simulated raters">
          <Simulated />
        </Disclosure>
      )}
      <ByClass canDuel={canDuel} />
      <Files />
      <p className={styles.note} role="status">
        {outcome}
      </p>
    </Card>
  );
}

function Simulated() {
  const game = gameOf(useLabStore()).getState();
  const simulating = useArena((state) => state.simulating);
  const animals = useLab((state) => state.corpus.summary?.animals);
  const [count, setCount] = useState(100);
  return (
    <div className={styles.simulated}>
      <RaterFields
        what="votes"
        animals={animals ?? []}
        count={count}
        setCount={setCount}
        most={2000}
        simulating={simulating !== null}
        simulate={() => void game.simulate(count)}
      />
      {simulating && (
        <>
          <Progress label="Writing and judging pairs" value={simulating.done} max={simulating.of} />
          <Button onClick={game.cancelSimulating}>Cancel</Button>
        </>
      )}
    </div>
  );
}

function Files() {
  const game = gameOf(useLabStore()).getState();
  const pending = useArena((state) => state.pending);
  const count = useLab((state) => state.arena.duels.length);
  const [clearing, clear] = useState(false);
  return (
    <>
      <div className={styles.buttons}>
        <Button disabled={count === 0} onClick={game.save}>
          Export duels
        </Button>
        <FileDrop
          label="Import duels"
          accept=".jsonl,.ndjson,.json,application/jsonl"
          limit={LIMITS.linesBytes}
          onFile={(bytes, name) => void game.openFile(bytes, name)}
        />
        <Button disabled={count === 0} onClick={() => clear(true)}>
          Clear duels…
        </Button>
      </div>
      {pending && (
        <div className={styles.note} role="alert">
          <p>{pending.complaint}</p>
          <span className={styles.buttons}>
            <Button onClick={() => void game.decide(true)}>Keep {countOf(pending.found.length, 'good line')}</Button>
            <Button onClick={() => void game.decide(false)}>Keep none</Button>
          </span>
        </div>
      )}
      <Confirm
        open={clearing}
        title={`Delete ${countOf(count, 'duel')}?`}
        confirm="Delete"
        onConfirm={() => void game.clear()}
        onClose={() => clear(false)}
      >
        Yours, those of a class, simulated ones and those from files. The models stay.
      </Confirm>
    </>
  );
}
