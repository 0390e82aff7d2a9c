import { votesIn } from '../../contract/preferences';
import type { StoredLab } from '../persistence/storage';
import type { ResumeInfo, Stage } from '../state';
import { stageOf } from './stageStatus';

/** @returns what was found in storage when the page opened; null when there is nothing to resume */
export function resumeInfo({ settings, opinions, runs, checkpointIds }: StoredLab): ResumeInfo | null {
  if (opinions.length === 0 && runs.length === 0 && checkpointIds.length === 0) return null;
  const newest = runs.reduce<StoredLab['runs'][number] | null>(
    (best, run) => (best && best.savedAt >= run.savedAt ? best : run),
    null,
  );
  const lastVote = opinions.reduce(
    (latest, { source, at }) => (source === 'imported' ? latest : Math.max(latest, at)),
    0,
  );
  const stage: Stage = newest && newest.savedAt > lastVote ? stageOf(newest.kind) : 'compare';
  const savedAt = Math.max(newest?.savedAt ?? 0, lastVote, settings.savedAt ?? 0);
  const standing = runs.map(({ kind, state }) => ({
    kind,
    step: state?.step ?? 0,
    totalSteps: state?.totalSteps ?? 0,
  }));
  const votes = votesIn(opinions).length;
  return {
    votes,
    rankings: opinions.length - votes,
    checkpoints: checkpointIds.length,
    runs: standing,
    savedAt,
    stage,
  };
}
