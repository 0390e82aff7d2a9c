import { useMemo } from 'react';
import type { GridMethod, GridPoint } from '../../../contract/gridworld';
import { countOf, fixed } from '../../../contract/numbers';
import { GRADIENT_WALKS, type GridRun } from '../../../store/gridworld/gridState';
import type { LineSeries } from '../../charts/chartTypes';
import { LineChart } from '../../charts/LineChart';
import { Button } from '../../primitives/Button';
import { Card } from '../../primitives/Card';
import { Checkbox } from '../../primitives/Checkbox';
import { Explain } from '../../primitives/Explain';
import { formatShare } from '../../primitives/format';
import { Say } from '../../primitives/Say';
import { Segments } from '../../primitives/Segments';
import { Slider } from '../../primitives/Slider';
import { ClipPicture } from './ClipPicture';
import styles from './GridWorld.module.css';
import { useGridLesson } from './useGridLesson';
import { NO_VALUE, stateName, valueWords } from './words';

const METHODS: readonly { value: GridMethod; label: string }[] = [
  { value: 'reinforce', label: 'REINFORCE' },
  { value: 'baseline', label: 'with baseline' },
  { value: 'a2c', label: 'A2C' },
  { value: 'ppo', label: 'PPO' },
];
const METHOD_WORDS: Record<GridMethod, string> = {
  reinforce: 'REINFORCE makes every step of a walk likelier by what came after it, good or bad.',
  baseline: 'With a baseline a step counts by how much more came than the critic expects there: less noise, same aim.',
  a2c: 'A2C looks at the surprise of the next state instead of waiting for the end of the walk.',
  ppo: 'PPO takes several steps on the same walks, and clips what has already gone far enough.',
};
/** so many steps on the same walks are one step that is too large */
const TOO_FAR = 40;
const NO_CLIP_RANGE = 0.2;

/** (V − V of the uniform policy) ÷ (V* − that), at the start */
const shareOf = (value: number, uniform: number, best: number): number =>
  best === uniform ? 1 : (value - uniform) / (best - uniform);

function seriesOf(run: GridRun | null, twin: GridRun | null, method: string): LineSeries[] {
  const points = (from: readonly GridPoint[]) =>
    from.map(({ update, value }) => ({ step: update, elapsedMs: 0, value }));
  return [
    { id: 'run', label: method, tone: 'policy', points: points(run?.points ?? []), raw: true },
    ...(twin
      ? [
          {
            id: 'twin',
            label: 'without clip',
            tone: 'bad' as const,
            points: points(twin.points),
            raw: true,
            dashed: true,
          },
        ]
      : []),
  ];
}

function Knobs() {
  const { learning, withTwin, changeLearning, chooseMethod, setTwin } = useGridLesson(
    ({ learning, withTwin, changeLearning, chooseMethod, setTwin }) => ({
      ...{ learning, withTwin, changeLearning, chooseMethod, setTwin },
    }),
  );
  const ppo = learning.method === 'ppo';
  return (
    <div className={styles.knobs}>
      <Segments label="Method" value={learning.method} onChange={chooseMethod} options={METHODS} />
      <Slider
        label="Step size"
        value={learning.stepSize}
        min={1}
        max={200}
        step={0.05}
        scale="log"
        onChange={(stepSize) => changeLearning({ stepSize })}
      />
      {ppo && (
        <Slider
          label="Epochs"
          value={learning.epochs}
          min={1}
          max={TOO_FAR}
          step={1}
          format={String}
          onChange={(epochs) => changeLearning({ epochs })}
        />
      )}
      {ppo && <Checkbox label="also without clip" checked={withTwin} onChange={setTwin} />}
      {ppo && (
        <Button
          aria-pressed={learning.epochs === TOO_FAR}
          onClick={() => changeLearning({ epochs: learning.epochs === TOO_FAR ? 4 : TOO_FAR })}
        >
          A step too large
        </Button>
      )}
      {(learning.method === 'reinforce' || learning.method === 'baseline') && (
        <Checkbox
          label="weigh step t by γᵗ"
          checked={learning.byTime}
          onChange={(byTime) => changeLearning({ byTime })}
        />
      )}
    </div>
  );
}

/** How the walks' gradient stands to the exact one, with γ^t and without. */
function GradientCheck() {
  const { gradient, measureGradient, world } = useGridLesson(({ gradient, measureGradient, world }) => ({
    ...{ gradient, measureGradient, world },
  }));
  return (
    <Card
      title="The walks’ gradient against the exact one"
      actions={<Explain title="The policy gradient" formula="policyGradient" />}
    >
      <div className={styles.tools}>
        <Button onClick={() => void measureGradient()}>Take {GRADIENT_WALKS} walks</Button>
        <Explain title="REINFORCE" formula="reinforce" />
      </div>
      {gradient && (
        <p className={styles.note} aria-live="polite">
          Cosine with the exact gradient: weighed by γᵗ <b>{fixed(gradient.byTime, 3)}</b>, as REINFORCE is usually
          written <b>{fixed(gradient.usual, 3)}</b>.{' '}
          {world.gamma === 1
            ? 'At γ = 1 both are the same.'
            : 'Only the first is the gradient of V(start) on average; without γᵗ late steps count too much.'}
        </p>
      )}
    </Card>
  );
}

export function LearningPart() {
  const { solution, run, twin, learning } = useGridLesson(({ solution, run, twin, learning }) => ({
    ...{ solution, run, twin, learning },
  }));
  const method = METHODS.find(({ value }) => value === learning.method)!.label;
  const series = useMemo(() => seriesOf(run, twin, method), [run, twin, method]);
  const start = solution ? stateName(solution, solution.start) : '';
  const [best, uniform] = [solution?.best?.values[solution.start] ?? 0, solution?.uniform?.values[solution.start] ?? 0];
  const levels = useMemo(
    () => [
      { value: best, label: `best possible ${valueWords(best)}` },
      { value: uniform, label: `random ${valueWords(uniform)}` },
    ],
    [best, uniform],
  );
  if (!solution) return null;
  if (!solution.best)
    return (
      <Say tone="warn" lead="No finite value.">
        {NO_VALUE}
      </Say>
    );
  return (
    <>
      <Card>
        <Knobs />
        <div className={styles.pair}>
          <section className={styles.chart} aria-label={`Expected return from ${start}`}>
            <h2 className={styles.title}>
              Expected return from {start} <small>exact, not sampled</small>
            </h2>
            <div className={styles.plot}>
              <LineChart
                label={`Expected return from ${start}`}
                series={series}
                levels={levels}
                totalSteps={80}
                noun="update"
                legend
              />
            </div>
          </section>
          <section aria-label="What one decision may pull">
            <h2 className={styles.title}>
              What one decision may pull <Explain title="The clipped objective" formula="clippedObjective" />
            </h2>
            <ClipPicture solution={solution} widest={run?.widest ?? null} range={learning.clipRange ?? NO_CLIP_RANGE} />
          </section>
        </div>
      </Card>
      <Outcome best={best} uniform={uniform} />
      {(learning.method === 'reinforce' || learning.method === 'baseline') && <GradientCheck />}
    </>
  );
}

const last = (run: GridRun | null): number | null => run?.points.at(-1)?.value ?? null;

function Outcome({ best, uniform }: { best: number; uniform: number }) {
  const { run, twin, learning } = useGridLesson(({ run, twin, learning }) => ({ run, twin, learning }));
  const [value, free] = [last(run), last(twin)];
  if (value === null) return <Say lead="Nothing learned yet.">{METHOD_WORDS[learning.method]} Press Train.</Say>;
  const share = (of: number) => formatShare(shareOf(of, uniform, best));
  const updates = countOf(run?.learner.update ?? 0, 'update');
  const reached = (
    <>
      After {updates} it is worth{' '}
      <b data-metric="grid/value" data-value={value}>
        {valueWords(value)}
      </b>
      , {share(value)} of the way from random to the best.
    </>
  );
  if (free === null)
    return (
      <Say tone={shareOf(value, uniform, best) > 0.9 ? 'good' : 'neutral'} lead={METHOD_WORDS[learning.method]}>
        {reached}
      </Say>
    );
  const far = learning.epochs === TOO_FAR;
  return (
    <Say
      tone={shareOf(value, uniform, best) > 0.9 ? 'good' : 'warn'}
      lead={far ? 'A step too large.' : 'With the clip and without.'}
    >
      Without the clip the same steps come to <b>{valueWords(free)}</b>, {share(free)}; with it to{' '}
      <b data-metric="grid/value" data-value={value}>
        {valueWords(value)}
      </b>
      , {share(value)} of the way from random to the best, after {updates}.
      {far && free > value && ' The large steps are ahead so far: train on, and see where they end.'}
    </Say>
  );
}
