import type { StoredLab } from '../persistence/storage';
import type { ResumeInfo, Stage } from '../state';
import { stageOf } from './stageStatus';

/** @returns what was found in storage when the page opened; null when there is nothing to resume */
export function resumeInfo({ settings, votes, rankings, runs, checkpointIds }: StoredLab): ResumeInfo | null {
  if (votes.length === 0 && rankings.length === 0 && runs.length === 0 && checkpointIds.length === 0) return null;
  const newest = runs.reduce<StoredLab['runs'][number] | null>((best, run) => (best && best.savedAt >= run.savedAt ? best : run), null);
  const opinions = [...votes, ...rankings];
  const lastVote = opinions.reduce((latest, { source, at }) => (source === 'imported' ? latest : Math.max(latest, at)), 0);
  const stage: Stage = newest && newest.savedAt > lastVote ? stageOf(newest.kind) : 'compare';
  const savedAt = Math.max(newest?.savedAt ?? 0, lastVote, settings.savedAt ?? 0);
  const standing = runs.map(({ kind, state }) => ({ kind, step: state?.step ?? 0, totalSteps: state?.totalSteps ?? 0 }));
  return { votes: votes.length, rankings: rankings.length, checkpoints: checkpointIds.length, runs: standing, savedAt, stage };
}
