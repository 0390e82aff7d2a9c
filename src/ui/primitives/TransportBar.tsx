import { type ReactNode, useState } from 'react';
import { isOver, type RunStatus } from '../../contract/domain';
import { Button } from './Button';
import { Confirm } from './Dialog';
import { formatDuration, formatInteger } from './format';
import { Progress } from './Progress';
import styles from './TransportBar.module.css';
import { useKeys } from './useKeys';

interface TransportBarProps {
  /** what is counted: "step 420 of 1,000" */
  noun?: 'step' | 'iteration' | 'prompt';
  /** null before the run was made */
  status: RunStatus | null;
  step: number;
  /** 0 while it is not known */
  totalSteps: number;
  elapsedMs: number;
  /** "98k tok/s · 0.12 M parameters" */
  rate?: ReactNode;
  seed: number;
  /** what a reset leaves alone besides, in a sentence */
  kept?: string;
  /** waiting for the thread: everything that would race it is off */
  busy?: boolean;
  /** what is not known yet, in a sentence: nothing can be pressed before what it would act on is there */
  waiting?: string | null;
  /** why the stage cannot train yet, in a sentence; null when it can */
  blocked?: string | null;
  /** resolves to 'ask' where it would throw away a run that nobody had been asked about: then the bar asks */
  onTrain: () => unknown;
  onPause: () => void;
  /** as onTrain */
  onStep: () => unknown;
  onReset: () => void;
  onInspect?: () => void;
}

/** Training longer than this is not thrown away by one click. */
const WORTH_ASKING_MS = 30_000;

/** the key's code, as tinykeys wants it */
const TOGGLE = 'Space';

type Asked = 'reset' | 'train' | 'step';

const START_OVER = {
  title: 'Start over?',
  confirm: 'Start over',
  text: 'The run goes back to step 0 with the current settings. Models of it that are in Checkpoints stay there.',
};
const trainAgain = (noun: string, status: RunStatus | null) => ({
  title: `Train again from ${noun} 0?`,
  confirm: 'Train again',
  text:
    noun === 'prompt'
      ? 'What was drawn goes.'
      : status === 'done'
        ? 'The finished model stays in Checkpoints; its curves go.'
        : 'What this run put into Checkpoints stays there; its curves go.',
});

function Times({ elapsedMs, step, totalSteps }: Pick<TransportBarProps, 'elapsedMs' | 'step' | 'totalSteps'>) {
  if (step === 0) return null;
  const left = totalSteps > step ? ` · ${formatDuration((elapsedMs / step) * (totalSteps - step))} left` : '';
  return (
    <span className={styles.fact}>
      {formatDuration(elapsedMs)} {left ? `gone${left}` : ''}
    </span>
  );
}

/** Reset · Step · Train, how far it is and how fast: the same bar at the same place on every training stage, with its keys. */
export function TransportBar(props: TransportBarProps) {
  const {
    noun = 'step',
    status,
    step,
    totalSteps,
    elapsedMs,
    rate,
    seed,
    kept = '',
    busy,
    waiting = null,
    blocked,
    onTrain,
    onPause,
    onStep,
    onReset,
    onInspect,
  } = props;
  const [asked, setAsked] = useState<Asked | null>(null);
  /** a dialog that closes keeps its words until it is gone */
  const [open, setOpen] = useState(false);
  const running = status === 'running';
  const idle = !busy && waiting === null;
  const canTrain = idle && !blocked;
  /** the first phase of a first iteration is something to start over from, too */
  const canReset = idle && (step > 0 || (elapsedMs > 0 && !running));
  const acts: Record<Asked, () => unknown> = { reset: onReset, train: onTrain, step: onStep };
  const ask = (act: Asked) => {
    setAsked(act);
    setOpen(true);
  };
  /** a run that is over has to go before the next one starts */
  const over = isOver(status) && step > 0;
  const start = async (act: 'train' | 'step') => {
    if (over || (await acts[act]()) === 'ask') ask(act);
  };
  const toggle = () => (running ? onPause() : void start('train'));
  const reset = () => (elapsedMs > WORTH_ASKING_MS ? ask('reset') : onReset());
  const question = asked === 'train' || asked === 'step' ? trainAgain(noun, status) : START_OVER;
  useKeys({
    [TOGGLE]: () => canTrain && toggle(),
    '.': () => canTrain && !running && void start('step'),
    r: () => canReset && ask('reset'),
    ...(onInspect && { i: onInspect }),
  });
  return (
    <div className={styles.bar} role="toolbar" aria-label="Transport">
      <Button onClick={reset} disabled={!canReset} title="R" aria-keyshortcuts="R">
        <span aria-hidden="true">⟲</span>
        <span className={styles.resetWord}>Reset</span>
      </Button>
      <Button keyCap="." onClick={() => void start('step')} disabled={!canTrain || running}>
        Step
      </Button>
      <Button kind="primary" keyCap="Space" className={styles.train} onClick={toggle} disabled={!canTrain}>
        {running ? 'Pause' : 'Train'}
      </Button>
      <span className={styles.count}>
        {noun} <b>{formatInteger(step)}</b>
        {totalSteps > 0 && ` of ${formatInteger(totalSteps)}`}
      </span>
      <div className={styles.progress}>
        {(waiting ?? blocked) ? (
          <span className={styles.blocked}>{waiting ?? blocked}</span>
        ) : (
          <Progress label="Progress of the run" value={step} max={totalSteps || 1} />
        )}
      </div>
      <div className={styles.facts}>
        <Times elapsedMs={elapsedMs} step={step} totalSteps={totalSteps} />
        {rate !== undefined && <span className={styles.fact}>{rate}</span>}
        <span className={styles.fact}>seed {seed}</span>
      </div>
      {onInspect && (
        <Button onClick={onInspect} keyCap="I" className={styles.inspect}>
          Inspect
        </Button>
      )}
      <Confirm
        open={open}
        title={question.title}
        confirm={question.confirm}
        onConfirm={() => asked && acts[asked]()}
        onClose={() => setOpen(false)}
      >
        {question.text} {asked === 'reset' && kept}
      </Confirm>
    </div>
  );
}
