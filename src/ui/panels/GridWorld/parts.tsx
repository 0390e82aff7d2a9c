/** The right side of each part: what the large picture is made of, and the sentence that says it. */

import { cellName } from '../../../contract/gridworld';
import { maxOf } from '../../../contract/many';
import { fixed } from '../../../contract/numbers';
import { type GridLessonState, type PolicyName, shownCell, sweepsOf } from '../../../store/gridworld/gridState';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Explain } from '../../primitives/Explain';
import { Say } from '../../primitives/Say';
import { Segments } from '../../primitives/Segments';
import { Slider } from '../../primitives/Slider';
import { ActionTable } from './ActionTable';
import styles from './GridWorld.module.css';
import { useGridLesson } from './useGridLesson';
import { WalkTable } from './WalkTable';
import {
  behindSign,
  chance,
  differenceWords,
  NO_VALUE,
  slipWords,
  stateAt,
  stateName,
  tinyChance,
  valueWords,
} from './words';

/** the policy that walks, solved; null without a value */
export const policyValuesOf = ({ solution, policy, run }: Pick<GridLessonState, 'solution' | 'policy' | 'run'>) =>
  policy === 'learned' ? (run?.learned ?? null) : (solution?.[policy] ?? null);

const POLICIES: readonly { value: PolicyName; label: string }[] = [
  { value: 'uniform', label: 'Random' },
  { value: 'learned', label: 'Learned' },
  { value: 'best', label: 'Best' },
];

/** Who walks: a learned policy is offered once there is one. */
export function PolicyChoice() {
  const { policy, run, solution, choosePolicy } = useGridLesson(({ policy, run, solution, choosePolicy }) => ({
    ...{ policy, run, solution, choosePolicy },
  }));
  const options = POLICIES.filter(({ value }) => (value !== 'learned' || run) && (value !== 'best' || solution?.best));
  return <Segments label="Policy" value={policy} onChange={choosePolicy} options={options} />;
}

export function CellsPart() {
  const { world, solution } = useGridLesson(({ world, solution }) => ({ world, solution }));
  const shown = useGridLesson(shownCell);
  if (!solution) return null;
  const states = solution.cells.length;
  const ends = solution.isEnd.filter(Boolean).length;
  return (
    <>
      <Card title={`From ${cellName(shown)}`} note={slipWords(world)}>
        <ActionTable solution={solution} cell={shown} gamma={world.gamma} values={null} />
      </Card>
      <Say lead={`${states} states, 4 actions.`}>
        Every cell that is no wall is a state; {ends} of them {ends === 1 ? 'is an end' : 'are ends'}. An action says
        where the cat means to go; the transition says where it lands: {slipWords(world)}. Into a wall it stays. Each
        step pays {chance(world.stepReward)}, an end what is written on it. A policy says how likely each action is in
        each state.
      </Say>
    </>
  );
}

function WalkAgain() {
  const walkAgain = useGridLesson((lesson) => lesson.walkAgain);
  return (
    <Button keyCap="W" onClick={walkAgain}>
      Walk again
    </Button>
  );
}

export function WalkPart() {
  const light = useGridLesson((lesson) => lesson.light);
  const { world, solution, walk } = useGridLesson(({ world, solution, walk }) => ({ world, solution, walk }));
  if (!solution || !walk) return null;
  const factors = walk.steps.map(({ chosen, landed }) => `${fixed(chosen, 2)}·${chance(landed)}`);
  const shown = factors.length > 3 ? [...factors.slice(0, 2), '…', factors.at(-1)] : factors;
  return (
    <>
      <Card title="One walk, in numbers" note={slipWords(world)}>
        <div className={styles.tools}>
          <PolicyChoice />
          <WalkAgain />
        </div>
        <WalkTable {...{ world, solution, walk }} shows="probability" rest={null} onLight={light} />
        <p className={styles.sum}>
          p(walk) = {shown.join(' × ')} = <b>{tinyChance(Math.exp(walk.logProbability))}</b>
          <Explain title="The probability of a walk" formula="walkProbability" />
        </p>
      </Card>
      <Say lead="A walk is a trajectory.">
        Its probability is the product of {2 * walk.steps.length} factors: what the policy chose, times where the cat
        landed. Only the first kind can be learned; the second belongs to the world.{' '}
        {walk.cut && 'This one was cut after 40 steps: it could have gone on.'}
      </Say>
    </>
  );
}

export function ReturnPart() {
  const light = useGridLesson((lesson) => lesson.light);
  const lesson = useGridLesson(({ world, solution, walk, policy, run }) => ({ world, solution, walk, policy, run }));
  const { world, solution, walk } = lesson;
  if (!solution || !walk) return null;
  const values = policyValuesOf(lesson)?.values ?? null;
  const last = walk.steps.at(-1)?.next ?? solution.start;
  const rest = walk.cut ? (values?.[last] ?? null) : null;
  const total = (walk.returns[0] ?? 0) + (rest === null ? 0 : world.gamma ** walk.steps.length * rest);
  const start = stateName(solution, solution.start);
  const expected = values?.[solution.start] ?? null;
  const [from, less, difference] = differenceWords(total, expected ?? 0);
  return (
    <>
      <Card
        title="The return of this walk"
        note={`γ ${chance(world.gamma)}: a reward one step later counts that much less`}
      >
        <div className={styles.tools}>
          <PolicyChoice />
          <WalkAgain />
        </div>
        <WalkTable {...{ world, solution, walk, rest }} shows="return" onLight={light} />
        <p className={styles.sum}>
          return G = <b className={styles.reward}>{expected === null ? valueWords(total) : from}</b>
          {expected !== null && (
            <>
              {' '}
              − V({start}) {less} = <b>{difference}</b>
            </>
          )}
          <Explain title="Return and value" formula="return" />
        </p>
      </Card>
      <Say
        lead={expected === null ? 'No value.' : total >= expected ? 'Better than expected.' : 'Worse than expected.'}
      >
        {expected === null
          ? NO_VALUE
          : `G is what this one walk brought; V(${start}) is what all walks of this policy bring on average. The difference is what learning follows: make likelier what brought more than expected.`}
      </Say>
    </>
  );
}

export function ValuesPart() {
  const lesson = useGridLesson(({ world, solution, policy, run }) => ({ world, solution, policy, run }));
  const { world, solution } = lesson;
  const shown = useGridLesson(shownCell);
  if (!solution) return null;
  const values = policyValuesOf(lesson);
  const state = stateAt(solution, shown);
  const name = cellName(shown);
  return (
    <>
      <Card title={`Q, V and A at ${name}`} note="exact: one system of linear equations, not sampled">
        <div className={styles.tools}>
          <PolicyChoice />
          <Explain title="The value of a state" formula="policyValue" />
        </div>
        {values ? (
          <ActionTable solution={solution} cell={shown} gamma={world.gamma} values={values} />
        ) : (
          <p className={styles.note}>{NO_VALUE}</p>
        )}
      </Card>
      {values && state >= 0 && !solution.isEnd[state] && (
        <Say lead={`V(${name}) = ${valueWords(values.values[state]!)}.`}>
          It is the mean of the four Q, each as likely as π says:{' '}
          {values.policy[state]!.map((p, a) => `${fixed(p, 2)} · ${behindSign(values.q[state]![a]!)}`).join(' + ')}. The
          advantage A says how much better one action is than that mean. No walk was taken for this.
        </Say>
      )}
    </>
  );
}

export function SweepsPart() {
  const { world, solution, swept, sweepTo } = useGridLesson(({ world, solution, swept, sweepTo }) => ({
    ...{ world, solution, swept, sweepTo },
  }));
  const shown = useGridLesson(shownCell);
  const preset = useGridLesson((lesson) => lesson.preset);
  if (!solution) return null;
  const { sweeps } = solution;
  const [now, before] = [sweeps[swept], sweeps[swept - 1]];
  if (!now)
    return (
      <Say tone="warn" lead="No finite value.">
        {NO_VALUE}
      </Say>
    );
  const change = before ? maxOf(now.values.map((value, i) => Math.abs(value - before.values[i]!))) : null;
  return (
    <>
      <Card
        title={`What the next sweep makes of ${cellName(shown)}`}
        note="every cell looks one step ahead and takes the best"
      >
        <div className={styles.tools}>
          <div className={styles.grow}>
            <Slider
              label="Sweep"
              value={swept}
              min={0}
              max={sweepsOf(solution)}
              step={1}
              onChange={sweepTo}
              format={String}
            />
          </div>
          <Explain title="Value iteration" formula="valueIteration" />
        </div>
        <ActionTable solution={solution} cell={shown} gamma={world.gamma} values={now} />
      </Card>
      <Say
        tone={swept === sweepsOf(solution) ? 'good' : 'neutral'}
        lead={
          change === null
            ? 'Nothing is known.'
            : `Largest change: ${change < 1e-4 ? 'below 0.0001' : fixed(change, 4)}.`
        }
      >
        {sweepWords(swept, sweepsOf(solution))}
        {preset === 'twoFishes' && swept === sweepsOf(solution) && ' Now lower γ until the near fish wins.'}
      </Say>
    </>
  );
}

function sweepWords(swept: number, all: number): string {
  if (swept === 0)
    return 'Before the first sweep every cell is worth 0. Press S, and see who learns of the fish first.';
  if (swept === all)
    return 'Nothing moves any more: these are the values of the best policy, and the arrows follow them.';
  return swept === 1
    ? 'Sweep 1 knows only what one step pays, so only cells beside a fish or a dog stand out.'
    : `Every sweep carries the news one cell on: now a cell knows what is ${swept} steps away.`;
}
