import { type CheckpointInfo, RUN_KINDS, type RunKind } from '../../contract/domain';
import type { Calls, RunState } from '../../contract/protocol';
import { type Context, toReport } from '../context';
import { checkpointById } from '../models/inUse';
import { withCheckpoint, withoutCheckpoint } from '../models/slots';
import { longWork } from '../page/longWork';
import { takeRunState, upTo } from '../runs/runEvents';
import { hasEnded, patchRun } from '../runs/runView';
import type { CorpusOrigin } from '../state';
import { takeCorpus } from '../text/corpus';
import type { RunRecord, StoredLab } from './storage';

/**
 * Gives a thread what the page and the storage hold: checkpoints, corpus, runs. Used when the page opens and after a
 * crash.
 * @throws LabError engine/crashed when the thread dies meanwhile: nothing is given up for that, a restart brings it
 * back
 */
export async function bringBack(context: Context, found: StoredLab): Promise<void> {
  await importCheckpoints(context, found.checkpointIds);
  const { origin } = context.get().corpus;
  const wanted = origin ?? found.settings.corpus ?? null;
  if (wanted) await restoreCorpus(context, wanted);
  for (const record of found.runs) await bringRunBack(context, record);
}

const damaged = (context: Context, message: string) =>
  context.get().notices.report({ code: 'storage/corrupt', message, stack: undefined });

/** only a damaged file is given up; one that finds no memory or no text today may be read tomorrow */
const isDamage = (error: unknown): boolean => {
  const { code } = toReport(error);
  return code === 'storage/corrupt' || code === 'file/checkpoint';
};

const isCancelled = (error: unknown): boolean => toReport(error).code === 'work/cancelled';

function passCrash(error: unknown): void {
  if (toReport(error).code === 'engine/crashed') throw error;
}

/**
 * Runs, roles and the corpus stand on the models, so this cannot be cancelled: without one of them the page would not
 * be as it was left.
 */
const importCheckpoints = (context: Context, checkpointIds: readonly string[]): Promise<void> =>
  longWork(context, 'bringBack', async ({ commit, tell }) => {
    const label = 'bringing models back';
    commit(label);
    for (const [done, checkpointId] of checkpointIds.entries()) {
      tell({ done, total: checkpointIds.length, label });
      await importCheckpoint(context, checkpointId);
    }
  });

async function importCheckpoint(context: Context, checkpointId: string): Promise<void> {
  const stored = await context.vault.read((storage) => storage.checkpoint(checkpointId), null);
  if (!stored) return;
  const { info, bytes } = stored;
  let found: CheckpointInfo;
  try {
    // older records are silent
    const known = { madeAt: info.madeAt ?? null, importedFrom: info.importedFrom ?? null, shipped: info.shipped };
    found = await context.client().call('shelf/import', { bytes, name: info.name, checkpointId, known });
  } catch (error) {
    passCrash(error);
    const { slots } = context.get().shelf;
    context.patch('shelf', { slots: withoutCheckpoint(slots, checkpointId) });
    if (!isDamage(error)) return context.get().notices.report(toReport(error));
    await context.vault.write('removeCheckpoint', checkpointId);
    return damaged(context, `The stored checkpoint "${info.name}" could not be read and was left out.`);
  }
  const { checkpoints, removed } = context.get().shelf;
  if (removed.some(({ info: gone }) => gone.checkpointId === checkpointId)) return; // it can still be put back
  context.patch('shelf', { checkpoints: withCheckpoint(checkpoints, found) });
}

async function restoreCorpus(context: Context, origin: CorpusOrigin): Promise<void> {
  const client = context.client();
  // it went with the last model made from it
  if (origin.kind === 'checkpoint' && checkpointById(context.get(), origin.checkpointId) === null) return;
  const remade = async (call: Context['call']) => {
    if (origin.kind === 'stories') return call('corpus/stories', { config: origin.config, seed: origin.seed });
    if (origin.kind === 'checkpoint') return call('corpus/checkpoint', { checkpointId: origin.checkpointId });
    const bytes = await context.vault.text(origin.textId);
    const { config, contextLength, seed, tokensOf } = origin;
    const reader = tokensOf === undefined ? {} : { tokensOf };
    return bytes ? call('corpus/text', { bytes, config, contextLength, seed, ...reader }) : null;
  };
  context.patch('corpus', { busy: true });
  try {
    const thread: Context = { ...context, call: (...asked) => client.call(...asked) }; // other calls wait for this one
    const summary = await longWork(thread, 'corpus', (course) => remade(course.context.call));
    if (summary) takeCorpus(context, summary, origin);
    else damaged(context, 'The stored text is gone: open it again in Data.');
  } catch (error) {
    passCrash(error);
    context.get().notices.report(toReport(error));
  } finally {
    context.patch('corpus', { busy: false });
  }
}

/** another run of this kind was begun on this page before the stored one was read */
const isReplaced = (context: Context, { kind, runId }: RunRecord): boolean => {
  const here = context.get().runs[kind].runId;
  return here !== null && here !== runId;
};

/**
 * Stored runs stand on the page as they were before anyone can press anything; until each is back, nothing can be done
 * with it.
 */
export function showRuns(context: Context, records: readonly RunRecord[]): void {
  for (const record of records) {
    if (isReplaced(context, record)) continue;
    const {
      kind,
      runId,
      spec,
      labels = [],
      marks,
      live = [],
      samples,
      review,
      rollouts,
      beforeAfter,
      bestOf = null,
      madeFrom,
      savedAt,
    } = record; // older records lack some
    // nothing runs yet
    const state = record.state?.status === 'running' ? { ...record.state, status: 'paused' as const } : record.state;
    const made = { runId, spec, labels, state, madeFrom, savedAt };
    const shown = { marks, live, samples, review, rollouts, beforeAfter, bestOf };
    patchRun(context, kind, { ...made, ...shown, busy: 'restoring' });
  }
}

/** The curves of the stored runs; those that are on the page already are newer. */
export async function showCurves(context: Context, records: readonly RunRecord[]): Promise<void> {
  for (const { kind, runId } of records) {
    if (context.get().runs[kind].history.length > 0) continue;
    const history = await context.vault.read((storage) => storage.points(runId), []);
    if (context.get().runs[kind].runId === runId) patchRun(context, kind, { history });
  }
}

/** What could not be brought back is not waited for any longer. */
export function standStill(context: Context): void {
  for (const kind of RUN_KINDS)
    if (context.get().runs[kind].busy === 'restoring') patchRun(context, kind, { busy: null });
}

async function bringRunBack(context: Context, record: RunRecord): Promise<void> {
  if (isReplaced(context, record)) return;
  const { kind, runId } = record;
  if (!hasEnded(context.get().runs[kind])) await comeBack(context, kind, runId);
  patchRun(context, kind, { busy: null });
}

/**
 * What is stored and cannot be rebuilt at the moment, for want of memory say, is not begun again: its first snapshot
 * would replace it.
 */
async function comeBack(context: Context, kind: RunKind, runId: string): Promise<void> {
  const outcome = await restoreRun(context, kind, runId).catch((error) => {
    if (isCancelled(error)) return 'cancelled';
    throw error;
  });
  if (outcome === 'cancelled')
    return stop(context, kind, 'This run is stored. Reload to bring it back; Train starts it afresh.');
  if (outcome === 'failed')
    return stop(
      context,
      kind,
      'This run is stored and could not be rebuilt. Reload to try again; Train starts it afresh.',
    );
  if (outcome === 'restored' || (await beginAgain(context, kind))) return;
  const message = 'This run could not be brought back. Train starts it afresh.';
  stop(context, kind, message);
  damaged(context, message);
}

/** a run that ended before its first snapshot is made again from what it was made from: the same numbers from step 0 */
async function beginAgain(context: Context, kind: RunKind): Promise<boolean> {
  const { runId, spec, labels } = context.get().runs[kind];
  if (runId === null || spec === null) return false;
  try {
    takeFrom(context, kind, await context.client().call('run/create', { runId, spec, labels }));
    patchRun(context, kind, { live: [] });
    return true;
  } catch (error) {
    passCrash(error);
    return false;
  }
}

/** its curves stay to be seen until the next Train */
function stop(context: Context, kind: RunKind, message: string): void {
  const { state } = context.get().runs[kind];
  patchRun(context, kind, { state: state && { ...state, status: 'stopped', message } });
}

/** cuts the curves back to where a run stands: the same numbers follow again */
function takeFrom(context: Context, kind: RunKind, state: RunState): void {
  context.batch.flush();
  const run = context.get().runs[kind];
  const after = state.step + 1;
  const cut = <T extends { step: number }>(list: readonly T[]): T[] => upTo(list, after);
  const lists = { history: cut(run.history), samples: cut(run.samples), marks: cut(run.marks), live: cut(run.live) };
  const known = <T extends { step: number }>(view: T | null): T | null => (view && view.step < after ? view : null);
  const views = {
    attention: known(run.attention),
    rollouts: known(run.rollouts),
    review: known(run.review),
    beforeAfter: known(run.beforeAfter),
    bestOf: known(run.bestOf),
  };
  patchRun(context, kind, { ...lists, ...views, error: null });
  context.set((lab) => takeRunState(lab, state));
}

/** asks the thread itself: other calls wait for what is brought back when the page opens */
const rebuilt = (context: Context, kind: RunKind, asked: Calls['run/restore']['params']): Promise<RunState> => {
  const client = context.client();
  const thread: Context = { ...context, call: (...call) => client.call(...call) };
  return longWork(thread, `run/${kind}`, (course) => course.context.call('run/restore', asked));
};

/**
 * Rebuilds a run from its newest readable snapshot, paused.
 * @returns 'none' when none can be read, 'failed' when one can and the thread could not build it: it stays stored, and
 * why is told
 * @throws LabError('work/cancelled'): then it stays stored, and the page as it was
 */
export async function restoreRun(
  context: Context,
  kind: RunKind,
  runId: string,
): Promise<'restored' | 'none' | 'failed'> {
  const snapshots = await context.vault.read((storage) => storage.snapshots(runId), []);
  const { spec: madeFrom, labels } = context.get().runs[kind];
  for (const { step, bytes } of snapshots) {
    try {
      const asked = { runId, snapshot: bytes, labels, ...(madeFrom && { madeFrom }) };
      takeFrom(context, kind, await rebuilt(context, kind, asked));
      return 'restored';
    } catch (error) {
      passCrash(error);
      if (isCancelled(error)) throw error;
      if (!isDamage(error)) {
        context.get().notices.report(toReport(error));
        return 'failed';
      }
      await context.vault.write('removeSnapshot', runId, step);
      damaged(context, `The state stored at step ${step} could not be read.`);
    }
  }
  return 'none';
}
