import type { RunKind } from '../../../contract/domain';
import { useLab } from '../../../store/lab';
import { runIsOutdated } from '../../../store/selectors';
import { Button } from '../../primitives/Button';
import styles from './Settings.module.css';

/** Shown when the settings were changed in a way that the run in hand cannot follow. */
export function RestartHint({ kind }: { kind: RunKind }) {
  const outdated = useLab((state) => runIsOutdated(state, kind) && (state.runs[kind].state?.step ?? 0) > 0);
  const reset = useLab((state) => state.runs.reset);
  const play = useLab((state) => state.runs.play);
  if (!outdated) return null;
  const restart = async () => {
    await reset(kind);
    await play(kind);
  };
  return (
    <p className={styles.restart}>
      <span>Settings changed: they act from the next run on.</span>
      <Button onClick={restart}>Apply and restart</Button>
    </p>
  );
}
