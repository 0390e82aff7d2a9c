import { useState } from 'react';
import { type RunKind, stepNoun } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { runIsOutdated } from '../../../store/runs/inputs';
import { Button } from '../../primitives/Button';
import { Confirm } from '../../primitives/Dialog';
import { formatInteger } from '../../primitives/format';
import styles from './Settings.module.css';

/** Shown when the settings were changed in a way that the run in hand cannot follow; asks before that run goes. */
export function RestartHint({ kind }: { kind: RunKind }) {
  const step = useLab((state) => (runIsOutdated(state, kind) ? (state.runs[kind].state?.step ?? 0) : 0));
  const status = useLab((state) => state.runs[kind].state?.status);
  const reset = useLab((state) => state.runs.reset);
  const play = useLab((state) => state.runs.play);
  const [asking, setAsking] = useState(false);
  if (step === 0) return null;
  const restart = async () => {
    if ((await reset(kind)) === undefined) await play(kind);
  };
  return (
    <p className={styles.restart}>
      <span>Settings changed: they act from the next run on.</span>
      <Button onClick={() => setAsking(true)}>Apply and restart</Button>
      <Confirm
        open={asking}
        title="Apply and restart?"
        confirm="Apply and restart"
        onConfirm={() => void restart()}
        onClose={() => setAsking(false)}
      >
        {whatGoes(kind, step, status === 'done')}
      </Confirm>
    </p>
  );
}

function whatGoes(kind: RunKind, step: number, done: boolean): string {
  if (kind === 'bestOf') return 'What was drawn so far goes.';
  const where = `${stepNoun(kind)} ${formatInteger(step)}`;
  return done
    ? `The finished model stays in Checkpoints; the curves of this run go.`
    : `The run stands at ${where}. It starts over with the new settings: its curves go, and what it has learned since its last model in Checkpoints.`;
}
