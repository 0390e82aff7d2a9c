import type { RunKind } from '../../contract/domain';
import type { Context } from '../context';

/** Writes what storage needs to show a run again: its settings, where it stands and what it wrote. Numbers and weights have their own places. */
export async function saveRecord(context: Context, kind: RunKind): Promise<void> {
  const { runId, spec, state, marks, samples, review, rollouts, beforeAfter, bestOf, madeFrom } = context.get().runs[kind];
  if (runId === null) return;
  const record = { kind, runId, spec, state, marks, samples, review, rollouts, beforeAfter, bestOf, madeFrom, savedAt: context.today() };
  await context.vault.write('putRun', record);
}
