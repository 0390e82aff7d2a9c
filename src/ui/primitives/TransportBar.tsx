import { Button } from './Button';
import { Confirm } from './Dialog';
import { formatDuration, formatInteger } from './format';
import { Progress } from './Progress';
import styles from './TransportBar.module.css';
import { type TransportBarProps, useTransport } from './useTransport';

function Times({ elapsedMs, step, totalSteps }: Pick<TransportBarProps, 'elapsedMs' | 'step' | 'totalSteps'>) {
  if (step === 0) return null;
  const left = totalSteps > step ? ` · ${formatDuration((elapsedMs / step) * (totalSteps - step))} left` : '';
  return (
    <span className={styles.fact}>
      {formatDuration(elapsedMs)} {left ? `gone${left}` : ''}
    </span>
  );
}

/**
 * Reset · Step · Train, how far it is and how fast: the same bar at the same place on every training stage, with its
 * keys.
 */
export function TransportBar(props: TransportBarProps) {
  const { noun = 'step', step, totalSteps, elapsedMs, rate, seed, waiting = null, blocked, onInspect } = props;
  const { running, canTrain, canReset, toggle, stepOn, reset, dialog, words } = useTransport(props);
  return (
    <div className={styles.bar} role="toolbar" aria-label="Transport">
      <Button onClick={reset} disabled={!canReset} title="R" aria-keyshortcuts="R">
        <span aria-hidden="true">⟲</span>
        <span className={styles.resetWord}>Reset</span>
      </Button>
      <Button keyCap="." onClick={stepOn} disabled={!canTrain || running}>
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
      <Confirm {...dialog}>{words}</Confirm>
    </div>
  );
}
