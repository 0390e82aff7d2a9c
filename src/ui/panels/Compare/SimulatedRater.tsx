import { useState } from 'react';
import type { CompareConfig } from '../../../contract/config';
import { RATERS, type Rater, type RaterName } from '../../../contract/preferences';
import { useLab } from '../../../store/lab';
import { hasGold } from '../../../store/opinions/raterInUse';
import { raterLabel } from '../../../store/opinions/raterLabel';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { formatShare } from '../../primitives/format';
import { NumberField } from '../../primitives/NumberField';
import { Select } from '../../primitives/Select';
import { Slider } from '../../primitives/Slider';
import { OwnRater } from '../OwnRater/OwnRater';
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

/**
 * Votes or rankings by a rater whose taste can be computed: by the grammar of the stories, or by what the visitor said
 * of any text. Many at once, with as many slips as asked for, never mixed with the visitor's.
 */
export function SimulatedRater({ task, animals, ownText }: SimulatedRaterProps) {
  const { simulating, simulate } = useLab((state) => state.opinions);
  const [counts, setCounts] = useState(USUAL_COUNTS);
  const what = task === 'pairs' ? 'votes' : 'rankings';
  const count = counts[task];
  return (
    <Card title="Simulated rater" actions={<Explanation ownText={ownText} />}>
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

function Explanation({ ownText }: { ownText: boolean }) {
  return (
    <Explain title="Simulated rater">
      {!ownText && (
        <p>
          The grammar can compute how happy, long or polite its stories are, so it can vote like somebody with a known
          taste. Real projects have no such rater; here it shows what a reward model gets right and wrong.
        </p>
      )}
      <p>
        A rater of your own reads any text: it counts the phrases that you like and dislike, looks at length,
        repetition, the end and a regular expression, and adds the points up.
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
  const ownText = useLab((state) => state.corpus.summary?.kind === 'text');
  const { rater: chosen, noise, setRater, setNoise } = useLab((state) => state.opinions);
  const canVote = useLab(hasGold);
  const rater: Rater = ownText ? { name: 'own' } : chosen;
  return (
    <>
      <div className={styles.pairOfFields}>
        <Select
          label="Rater"
          value={rater.name}
          onChange={(name) => setRater(raterOf(name, animals))}
          options={namesFor(ownText, animals, rater.name).map((value) => ({
            value,
            label: raterLabel({ name: value }),
          }))}
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
      {rater.name === 'own' && <OwnRater disabled={simulating} />}
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
        <Button onClick={simulate} disabled={simulating || !canVote} aria-busy={simulating}>
          {simulating ? `Adding ${what}…` : `Add simulated ${what}`}
        </Button>
      </div>
    </>
  );
}

const noiseText = (noise: number): string => (noise === 0 ? 'none' : formatShare(noise));

/** raters that can tell what a text here is worth */
const namesFor = (ownText: boolean, animals: readonly string[], chosen: RaterName): RaterName[] =>
  ownText ? ['own'] : [...RATERS.filter((one) => one !== 'animal' || animals.length > 0 || chosen === one), 'own'];

const raterOf = (name: RaterName, animals: readonly string[]): Rater =>
  name === 'animal' ? { name, animal: animals[0] ?? 'fox' } : { name };
