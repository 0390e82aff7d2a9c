/** How it stands with what the page found when it opened: the visitor has gone on with it since. */
import { RUN_KINDS } from '../../contract/domain';
import type { Ranking } from '../../contract/preferences';
import { rememberLast } from '../rememberLast';
import type { LabState, ResumeInfo, RunsSlice } from '../state';
import { infoOf, type Standing } from './resumeInfo';
import { howFar } from './tab';

const standingOf = (runs: RunsSlice): Standing[] =>
  RUN_KINDS.map((kind) => ({ kind, state: runs[kind].state, savedAt: runs[kind].savedAt ?? 0 })).filter(
    ({ state }) => state !== null,
  );

const infoNow = rememberLast((found: ResumeInfo, opinions: readonly Ranking[], runs: RunsSlice, models: number) =>
  infoOf(opinions, standingOf(runs), models, found.savedAt),
);

/** @returns what `Resume` leads back to; null where nothing was found */
export function resumeNow({ session, opinions, runs, shelf }: LabState): ResumeInfo | null {
  const found = session.resume;
  if (found === null || howFar(session.tab) !== 'ready') return found; // not all of it is here yet
  return infoNow(found, opinions.all, runs, shelf.checkpoints.length);
}
