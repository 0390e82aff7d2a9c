import { type Ranking, votesIn } from '../../contract/preferences';
import type { RunRecord, StoredLab } from '../persistence/storage';
import type { ResumeInfo, Stage } from '../state';
import { stageOf } from './stageStatus';

export type Standing = Pick<RunRecord, 'kind' | 'state' | 'savedAt'>;

/** @param settingsAt when roles or the corpus were stored last, milliseconds since 1970 */
export function infoOf(
  opinions: readonly Ranking[],
  runs: readonly Standing[],
  checkpoints: number,
  settingsAt: number,
): ResumeInfo {
  const newest = runs.reduce<Standing | null>((best, run) => (best && best.savedAt >= run.savedAt ? best : run), null);
  const lastVote = opinions.reduce(
    (latest, { source, at }) => (source === 'imported' ? latest : Math.max(latest, at)),
    0,
  );
  const stage: Stage = newest && newest.savedAt > lastVote ? stageOf(newest.kind) : 'compare';
  const savedAt = Math.max(newest?.savedAt ?? 0, lastVote, settingsAt);
  const standing = runs.map(({ kind, state }) => ({
    kind,
    step: state?.step ?? 0,
    totalSteps: state?.totalSteps ?? 0,
  }));
  const votes = votesIn(opinions).length;
  return { votes, rankings: opinions.length - votes, checkpoints, runs: standing, savedAt, stage };
}

/** @returns what was found in storage when the page opened; null when there is nothing to resume */
export function resumeInfo({ settings, opinions, runs, checkpointIds }: StoredLab): ResumeInfo | null {
  if (opinions.length === 0 && runs.length === 0 && checkpointIds.length === 0) return null;
  return infoOf(opinions, runs, checkpointIds.length, settings.savedAt ?? 0);
}
