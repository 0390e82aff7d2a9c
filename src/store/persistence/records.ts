import type { RunKind } from '../../contract/domain';
import type { Context } from '../context';
import { storedSlots } from '../models/putBack';
import { patchRun } from '../runs/runView';
import type { LabState } from '../state';
import type { RunRecord, StoredCheckpoint } from './storage';

/**
 * What storage needs to show a run again: its settings, where it stands and what it wrote. Numbers and weights have
 * their own places.
 */
function recordOf({ runs }: LabState, kind: RunKind, savedAt: number): RunRecord | null {
  const { runId, spec, labels, state, marks, live, samples, review, rollouts, beforeAfter, bestOf, madeFrom } =
    runs[kind];
  return runId === null
    ? null
    : {
        kind,
        runId,
        spec,
        labels,
        state,
        marks,
        live,
        samples,
        review,
        rollouts,
        beforeAfter,
        bestOf,
        madeFrom,
        savedAt,
      };
}

/** the page knows when it was */
function noted(context: Context, record: RunRecord): RunRecord {
  patchRun(context, record.kind, { savedAt: record.savedAt });
  return record;
}

/** What was told and waits for a frame belongs to it: an older state would take the place of a run's stored end. */
export async function saveRecord(context: Context, kind: RunKind): Promise<void> {
  context.batch.flush();
  const record = recordOf(context.get(), kind, context.today());
  if (record) await context.vault.write('putRun', noted(context, record));
}

/**
 * Writes what a run leaves in one change, so that a tab that is killed leaves all of it or the run before its end.
 * @param done the page with the end on it
 */
export async function saveEnd(
  context: Context,
  done: LabState,
  kind: RunKind,
  checkpoint: StoredCheckpoint,
): Promise<void> {
  const savedAt = context.today();
  const record = recordOf(done, kind, savedAt);
  const settings = { slots: storedSlots(done), provenance: done.shelf.provenance, savedAt };
  if (record) await context.vault.write('putEnd', { record: noted(context, record), checkpoint, settings });
}
