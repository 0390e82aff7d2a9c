import { useEffect, useRef, useState } from 'react';
import { SWEEP_NAMES, type SweepName } from '../../contract/domain';
import { inWords } from '../../contract/limits';
import { SWEEPS, sweepOf } from '../../contract/sweeps';
import { isSteady } from '../../store/guide/readings';
import { useLab } from '../../store/lab';
import type { SweepRecord } from '../../store/sweep/sweepState';
import { Button } from '../../ui/primitives/Button';
import { Card } from '../../ui/primitives/Card';
import { Progress } from '../../ui/primitives/Progress';
import { Say } from '../../ui/primitives/Say';
import { Select } from '../../ui/primitives/Select';
import styles from './Sweep.module.css';
import { SweepCurves } from './SweepCurves';
import { measuresOf, nounOf, runLabel, sweepSentence } from './sweepSentence';

const OPTIONS = SWEEP_NAMES.map((value) => ({
  value,
  label: `${SWEEPS[value].label}: ${SWEEPS[value].values.join(', ')}`,
}));

/**
 * One setting at three values under one seed, one run after the other, the curves over each other; they come into view
 * when it begins.
 */
export function Sweep() {
  const live = useLab((lab) => lab.sweep.live);
  const records = useLab((lab) => lab.sweep.records);
  const error = useLab((lab) => lab.sweep.error);
  const [chosen, setChosen] = useState<SweepName>('ppoBeta');
  const name = live?.sweepId ?? chosen;
  const record = live ?? records[name];
  const running = live !== null;
  const isDrawn = live?.runs.some(({ history }) => history.length > 0) ?? false;
  const region = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first curves make room to come up
  useEffect(() => {
    // newer browsers return a promise here, which an effect must not
    if (running) void region.current?.scrollIntoView({ block: 'start' });
  }, [running, isDrawn]);
  return (
    <section ref={region} className={styles.region} aria-label="Sweep">
      <Card>
        <Strip name={name} onName={setChosen} />
        {live && <Underway live={live} />}
        {error && !live && (
          <Say tone="bad" lead="It did not come to its end.">
            {error.message}
          </Say>
        )}
      </Card>
      {record && record.runs.length > 0 && <SweepCurves record={record} />}
      {record && !live && <Outcome record={record} />}
    </section>
  );
}

const UNITS_CANCEL = 'GRPO divides by the spread of each group, which takes the units out again.';

function Strip({ name, onName }: { name: SweepName; onName: (name: SweepName) => void }) {
  const running = useLab((lab) => lab.sweep.live !== null);
  const seed = useLab((lab) => lab.config.value.seed);
  const start = useLab((lab) => lab.sweep.start);
  const cancel = useLab((lab) => lab.sweep.cancel);
  const cancels = useLab((lab) => name === 'rewardTimes' && lab.config.value.ppo.advantages === 'grpo');
  return (
    <div className={styles.strip}>
      <h2 className={styles.title}>Sweep</h2>
      <Select label="Setting" value={name} options={OPTIONS} disabled={running} onChange={onName} />
      {running ? (
        <Button onClick={() => void cancel()}>Cancel sweep</Button>
      ) : (
        <Button onClick={() => void start(name, sweepOf(name))}>Sweep</Button>
      )}
      <p className={styles.note}>
        {sweepOf(name).meaning} {cancels && UNITS_CANCEL} All else is as you set it, seed {seed}; what is yours stays.
      </p>
    </div>
  );
}

function Underway({ live }: { live: SweepRecord }) {
  const { values } = sweepOf(live.sweepId);
  const run = live.runs.at(-1);
  const step = run?.history.at(-1)?.step ?? 0;
  const label = run ? runLabel(live.sweepId, run.value) : 'Making ready';
  return (
    <div className={styles.progress}>
      <p role="status" className={styles.note}>
        {run ? `Run ${live.runs.length} of ${values.length}: ${label}` : label}
      </p>
      {run && run.totalSteps > 0 && (
        <>
          <Progress label={label} value={step} max={run.totalSteps} />
          <p className={styles.note}>{`${nounOf(live.sweepId)} ${inWords(step)} of ${inWords(run.totalSteps)}`}</p>
        </>
      )}
    </div>
  );
}

const LEADS = {
  running: '',
  done: 'What happened.',
  cancelled: 'Cancelled. What was done stays.',
  failed: 'It ended early. What was done stays.',
  cut: 'Cut short: the page was closed. What was done stays.',
} as const;

function Outcome({ record }: { record: SweepRecord }) {
  const last = measuresOf(record.sweepId).filter(({ id }) => isSteady(id));
  const except = last.map(({ title }) => `; ${title.toLowerCase()} as last measured`).join('');
  return (
    <Card title="What the sweep says" note={`seed ${record.seed}, means of the last three measurements${except}`}>
      <Say tone={record.status === 'done' ? 'good' : 'warn'} lead={LEADS[record.status]}>
        {sweepSentence(record)}
      </Say>
    </Card>
  );
}
