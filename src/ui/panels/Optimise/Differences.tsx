import { useMemo } from 'react';
import { useLab } from '../../../store/lab';
import { describeDifference } from '../../../store/models/configDiff';
import { roundNumber } from '../../../store/rounds/rounds';
import { recipeAsLived } from '../../../store/runs/liveChanges';
import type { Method } from '../../../store/runs/methodTrail';
import styles from './Differences.module.css';
import { earlierName, useEarlier } from './others';

/**
 * What the run now has different from the earlier runs of its method that are on the chart: "PPO 1 → now: β 0.1 → 0;
 * else the same".
 */
export function Differences({ method }: { method: Method }) {
  const spec = useLab((lab) => lab.runs[method].spec);
  const live = useLab((lab) => lab.runs[method].live);
  const now = useMemo(() => spec && recipeAsLived(spec, live), [spec, live]);
  const rounds = useLab((lab) => roundNumber(lab) > 1);
  const earlier = useEarlier(method).filter(({ kind }) => kind === method);
  const checkpoints = useLab((lab) => lab.shelf.checkpoints);
  const nameOf = (id: string) => checkpoints.find(({ checkpointId }) => checkpointId === id)?.name ?? id;
  if (!now || earlier.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="What the runs have different">
      {earlier.map((run) => (
        <li key={run.runId}>
          <b>{earlierName(run, rounds)} → now</b> {describeDifference(run.spec, now, nameOf)}
        </li>
      ))}
    </ul>
  );
}
