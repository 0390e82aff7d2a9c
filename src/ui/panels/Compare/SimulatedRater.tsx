import { useState } from 'react';
import type { CompareConfig } from '../../../contract/config';
import { RATERS, type Rater, type RaterName } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { raterLabel } from '../../../store/opinions/raterLabel';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { formatShare } from '../../primitives/format';
import { NumberField } from '../../primitives/NumberField';
import { Select } from '../../primitives/Select';
import { Slider } from '../../primitives/Slider';
import { WorkProgress } from '../WorkProgress';
import styles from './side.module.css';

/** Enough for a reward model of these sizes to rank most unseen pairs rightly. */
const USUAL_COUNTS: Record<CompareConfig['task'], number> = { pairs: 300, rankings: 50 };
const MOST: Record<CompareConfig['task'], number> = { pairs: 2000, rankings: 500 };

interface SimulatedRaterProps {
  task: CompareConfig['task'];
  animals: readonly string[];
  ownText: boolean;
}

/** Where nobody can compute what a text is worth, there is nothing to fill in. */
export function SimulatedRater(props: SimulatedRaterProps) {
  if (!props.ownText) return <RaterForm {...props} />;
  return (
    <Card title="Simulated rater">
      <p className={styles.hint}>
        A program cannot tell what your own text is worth, so it cannot vote for you: the votes here are yours.
      </p>
    </Card>
  );
}

/**
 * Votes or rankings by a rater whose taste the grammar can compute: many at once, with as many slips as asked for,
 * never mixed with the visitor's.
 */
function RaterForm({ task, animals }: SimulatedRaterProps) {
  const { simulating, simulate } = useLab((state) => state.opinions);
  const [counts, setCounts] = useState(USUAL_COUNTS);
  const what = task === 'pairs' ? 'votes' : 'rankings';
  const count = counts[task];
  return (
    <Card title="Simulated rater" actions={<Explanation />}>
      <RaterFields
        what={what}
        animals={animals}
        count={count}
        setCount={(wanted) => setCounts({ ...counts, [task]: wanted })}
        most={MOST[task]}
        simulating={simulating}
        simulate={() => void simulate(count, what)}
      />
      <WorkProgress atOnce kind="votes" label="Writing and judging pairs" />
      <WorkProgress atOnce kind="rankings" label="Writing and judging groups" />
    </Card>
  );
}

function Explanation() {
  return (
    <Explain title="Simulated rater">
      <p>
        The grammar can compute how happy, long or polite its stories are, so it can vote like somebody with a known
        taste. Real projects have no such rater; here it shows what a reward model gets right and wrong.
      </p>
    </Explain>
  );
}

interface RaterFieldsProps {
  what: 'votes' | 'rankings';
  animals: readonly string[];
  count: number;
  setCount: (count: number) => void;
  most: number;
  simulating: boolean;
  simulate: () => void;
}

/** Who votes, how often, with how many slips; the rater is the same one wherever it is asked. */
export function RaterFields({ what, animals, count, setCount, most, simulating, simulate }: RaterFieldsProps) {
  const { rater, noise, setRater, setNoise } = useLab((state) => state.opinions);
  return (
    <>
      <div className={styles.pairOfFields}>
        <Select
          label="Rater"
          value={rater.name}
          onChange={(name) => setRater(raterOf(name, animals))}
          options={RATERS.filter((one) => one !== 'animal' || animals.length > 0 || rater.name === one).map(
            (value) => ({
              value,
              label: raterLabel({ name: value }),
            }),
          )}
          disabled={simulating}
        />
        <NumberField
          label={what === 'votes' ? 'Votes' : 'Rankings'}
          value={count}
          onChange={setCount}
          min={1}
          max={most}
          integer
          disabled={simulating}
        />
      </div>
      {rater.name === 'animal' && (
        <Select
          label="Animal"
          value={rater.animal ?? animals[0] ?? ''}
          onChange={(animal) => setRater({ name: 'animal', animal })}
          options={animals.map((animal) => ({ value: animal, label: `the ${animal}` }))}
          disabled={simulating}
        />
      )}
      <div className={styles.noiseAndGo}>
        <Slider
          label="Noise"
          value={noise}
          onChange={setNoise}
          min={0}
          max={0.5}
          step={0.05}
          format={noiseText}
          disabled={simulating}
        />
        <Button onClick={simulate} disabled={simulating} aria-busy={simulating}>
          {simulating ? `Adding ${what}…` : `Add simulated ${what}`}
        </Button>
      </div>
    </>
  );
}

const noiseText = (noise: number): string => (noise === 0 ? 'none' : formatShare(noise));

const raterOf = (name: RaterName, animals: readonly string[]): Rater =>
  name === 'animal' ? { name, animal: animals[0] ?? 'fox' } : { name };
