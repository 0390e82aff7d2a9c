import { Fragment } from 'react';
import type { PpoPhase, RunKind } from '../../contract/domain';
import { METRICS, type MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';
import { useLab } from '../../store/lab';
import { Explain } from '../primitives/Explain';
import { formatNumber } from '../primitives/format';
import { glued } from '../primitives/glued';
import { MetricValue } from '../primitives/MetricValue';
import { BACKEND_WORDS, EXECUTOR_WORDS } from '../shell/engineWords';
import { TimeShares } from './TimeShares';
import styles from './WhereTimeGoes.module.css';

/** so many points are looked at: a step that was evaluated takes longer and is no rule */
const WINDOW = 9;
/** a card with a clock has answered by then */
const CLOCK_PATIENCE = 5;

/** @returns the middle one of the last values that were measured; null before the first */
export function usual(history: readonly MetricPoint[], id: MetricId): number | null {
  const measured = history
    .map(({ values }) => values[id])
    .filter((value) => value !== undefined)
    .slice(-WINDOW);
  return [...measured].sort((a, b) => a - b)[measured.length >> 1] ?? null;
}

const PHASES: readonly { phase: PpoPhase; name: string }[] = [
  { phase: 'rollout', name: 'Rollout' },
  { phase: 'evaluation', name: 'Evaluation' },
  { phase: 'optimisation', name: 'Optimisation' },
];

const EVERYWHERE: readonly MetricId[] = ['perf/stepMs', 'perf/tokensPerSecond'];
const ON_CARD: readonly MetricId[] = [
  'perf/stepMs',
  'perf/dispatches',
  'perf/jsMs',
  'perf/gpuMs',
  'perf/tokensPerSecond',
];

const milliseconds = (value: number): string => `${formatNumber(value)} ms`;

/**
 * Of a step, or an iteration of PPO: how much is asked of the graphics card, and which part of the time is JavaScript.
 */
export function WhereTimeGoes({ kind }: { kind: RunKind }) {
  const history = useLab((lab) => lab.runs[kind].history);
  const info = useLab((lab) => lab.engine.info);
  const recent = history.slice(-200); // the clock of the card is read now and then
  const [stepMs, scriptMs] = [usual(recent, 'perf/stepMs'), usual(recent, 'perf/jsMs')];
  const gpuMs = usual(recent, 'perf/gpuMs');
  if (!info) return null;
  return (
    <div className={styles.card}>
      <p>
        <b data-executor={info.executor}>{EXECUTOR_WORDS[info.executor]}</b> executor on {BACKEND_WORDS[info.backend]}
        {info.adapter && `, ${info.adapter}`}{' '}
        <Explain title="Where the time goes" numbers={info.backend === 'webgpu' ? ON_CARD : EVERYWHERE} />
      </p>
      {stepMs !== null && scriptMs !== null && <Split stepMs={stepMs} scriptMs={scriptMs} />}
      <dl className={styles.list} aria-label="Where the time goes">
        <Line id="perf/stepMs" name={kind === 'ppo' ? 'Iteration' : 'Step'} value={stepMs} format={milliseconds} />
        {info.backend === 'webgpu' && (
          <>
            <Line id="perf/dispatches" value={usual(recent, 'perf/dispatches')} />
            <Line id="perf/jsMs" value={scriptMs} format={milliseconds} />
            <Line id="perf/gpuMs" value={gpuMs} format={milliseconds} missing={recent.length > CLOCK_PATIENCE} />
          </>
        )}
        <Line id="perf/tokensPerSecond" value={usual(recent, 'perf/tokensPerSecond')} />
        {kind === 'ppo' && <PhaseLines />}
      </dl>
      <p className={styles.note}>
        Medians of the last {WINDOW} {kind === 'ppo' ? 'iterations' : 'steps'}.
        {info.backend !== 'webgpu' &&
          info.executor === 'portable' &&
          ` On ${BACKEND_WORDS[info.backend]} no graphics card is asked for anything.`}
      </p>
      <TimeShares />
    </div>
  );
}

interface LineProps {
  id: MetricId;
  value: number | null;
  name?: string;
  format?: (value: number) => string;
  /** whether a value that is not there will not come */
  missing?: boolean;
}

function Line({ id, value, name = METRICS[id].label, format, missing = false }: LineProps) {
  const absent = value === null && missing;
  return (
    <>
      <dt title={METRICS[id].meaning}>{name}</dt>
      <dd className={absent ? styles.no : undefined}>
        {absent ? 'not available here' : <MetricValue id={id} value={value} {...(format && { format })} />}
      </dd>
    </>
  );
}

function PhaseLines() {
  const phaseMs = useLab((lab) => lab.runs.ppo.state?.phaseMs);
  return PHASES.map(({ phase, name }) => {
    const ms = phaseMs?.[phase];
    return (
      <Fragment key={phase}>
        <dt>{name}</dt>
        <dd data-metric={`phaseMs/${phase}`} data-value={ms ?? ''}>
          {ms === undefined ? '–' : milliseconds(ms)}
        </dd>
      </Fragment>
    );
  });
}

/** One step as a bar: JavaScript first, then what it waits for. */
function Split({ stepMs, scriptMs }: { stepMs: number; scriptMs: number }) {
  const share = stepMs > 0 ? Math.min(1, scriptMs / stepMs) : 0;
  const percent = Math.round(100 * share);
  return (
    <>
      <div
        className={styles.bar}
        role="img"
        aria-label={`JavaScript ${percent} %, waiting for the graphics card ${100 - percent} %`}
      >
        <div className={styles.script} style={{ width: `${percent}%` }} />
      </div>
      <p className={styles.note}>
        {glued(`${percent} % JavaScript, ${100 - percent} % waiting for the graphics card`)}
      </p>
    </>
  );
}
