import type { LabClient } from '../../client/client';
import { type CheckpointKind, RUN_KINDS, type RunKind } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import type { EventKind, Events, RunState } from '../../contract/protocol';
import type { Context } from '../context';
import { toReport } from '../context';
import { isOfLesson } from '../lessons/lessonState';
import { putOnShelf, showOnShelf } from '../models/shelfFiles';
import { SLOT_OF, withSlot } from '../models/slots';
import { stageOf } from '../page/stageStatus';
import { saveEnd, saveRecord } from '../persistence/records';
import type { StoredCheckpoint } from '../persistence/storage';
import type { LabState, NoticeAction, RunView, SamplesAt } from '../state';

/** what kind of checkpoint a run makes */
export const RESULT_OF: Record<RunKind, CheckpointKind> = {
  pretrain: 'base',
  finetune: 'finetuned',
  reward: 'reward',
  ppo: 'policy',
  dpo: 'policy',
  bestOf: 'policy',
};

/** changes the run that an event belongs to; events of runs that are gone change nothing */
function changeRun(state: LabState, runId: string, change: (run: RunView) => Partial<RunView>): LabState {
  const kind = RUN_KINDS.find((one) => state.runs[one].runId === runId);
  if (!kind) return state;
  const run = state.runs[kind];
  return { ...state, runs: { ...state.runs, [kind]: { ...run, ...change(run) } } };
}

/** @returns the list with everything from this step on replaced: a run that went back writes its steps again */
export const upTo = <T extends { step: number }>(list: readonly T[], step: number): T[] => {
  if ((list.at(-1)?.step ?? -1) < step) return [...list];
  return list.slice(
    0,
    list.findIndex((item) => item.step >= step),
  );
};

/** looks at a fixed prompt that are kept of one run: a hand on the slider tells no more apart */
const MOST_SAMPLES = 200;

/** @returns the looks with a new one; once there are too many, every second of the older ones goes, the first stays */
export function withSample(kept: readonly SamplesAt[], next: SamplesAt): SamplesAt[] {
  const before = upTo(kept, next.step);
  return [...(before.length < MOST_SAMPLES ? before : before.filter((_, i) => i % 2 === 0)), next];
}

/** Puts the thread's answer or event about a run's state into the page, and its result into its slot. */
export function takeRunState(state: LabState, next: RunState): LabState {
  const changed = changeRun(state, next.runId, () => ({ state: next }));
  if (changed === state || next.checkpointId === null) return changed;
  return takeResult(changed, next.kind, next.checkpointId);
}

/** an answer must not overtake the events before it */
export function takeAnswer(context: Context, state: RunState): void {
  context.batch.flush();
  context.set((lab) => takeRunState(lab, state));
}

/** a run's result plays its role at once */
function takeResult(state: LabState, kind: RunKind, checkpointId: string): LabState {
  const slot = SLOT_OF[RESULT_OF[kind]];
  const { slots, provenance } = state.shelf;
  if (slots[slot] === checkpointId) return state;
  const madeFrom = state.runs[kind].madeFrom ?? '';
  return {
    ...state,
    shelf: {
      ...state.shelf,
      slots: withSlot(slots, slot, checkpointId),
      provenance: { ...provenance, [checkpointId]: madeFrom },
    },
  };
}

type On = <K extends EventKind>(event: K, listener: (data: Events[K]) => void) => void;
type Later = (runId: string, change: (run: RunView) => Partial<RunView>) => void;

/** What a run shows while it goes on. Its numbers are stored, too. */
function listenToShown(context: Context, on: On, later: Later): void {
  on('run/metrics', ({ runId, points }) => {
    const first = points[0]?.step ?? 0;
    later(runId, ({ history }) => ({ history: [...upTo(history, first), ...points] }));
    if (owns(context, runId)) void context.vault.write('putPoints', runId, points);
  });
  on('run/samples', ({ runId, step, samples }) =>
    later(runId, (run) => ({ samples: withSample(run.samples, { step, samples }) })),
  );
  on('run/attention', ({ runId, step, maps }) => later(runId, () => ({ attention: { step, maps } })));
  on('run/rollouts', ({ runId, step, rows }) => later(runId, () => ({ rollouts: { step, rows } })));
  on('run/review', ({ runId, step, review }) => later(runId, () => ({ review: { step, review } })));
  on('run/bestOf', ({ runId, step, result }) => later(runId, () => ({ bestOf: { step, result } })));
  on('run/beforeAfter', ({ runId, step, rows }) => later(runId, () => ({ beforeAfter: { step, rows } })));
}

/** Listens to the thread. Changes of the state wait for the next frame; what must outlive the tab is stored at once. */
export function listen(context: Context, client: LabClient): void {
  const { batch, vault } = context;
  const on: On = (event, listener) => client.on(event, listener);
  /** files of runs, of which the next that is told is their end */
  const results = new Map<string, StoredCheckpoint>();
  const later: Later = (runId, change) => batch.add((state) => changeRun(state, runId, change));

  on('run/state', (next) => {
    const result = results.get(next.runId);
    results.delete(next.runId);
    if (result) storeResult(context, next, result);
    batch.add((state) => takeRunState(state, next));
    if (next.status === 'running') return;
    if (!result) batch.add((state) => afterwards(state, () => saveRecord(context, next.kind)));
    batch.flush(); // how far a run got may wait for the beat; that it stands may not
  });
  on('run/labelled', ({ runId, labels }) => {
    later(runId, () => ({ labels }));
    batch.flush();
    const kind = RUN_KINDS.find((one) => context.get().runs[one].runId === runId);
    if (kind && context.get().runs[kind].state) void saveRecord(context, kind); // one that is being made is stored once it is
  });
  listenToShown(context, on, later);
  on('run/snapshot', (snapshot) => {
    if (!owns(context, snapshot.runId)) return;
    batch.flush();
    void saveRecord(context, snapshot.kind); // first: what it shows beyond the snapshot is cut, what it lacks would be lost
    void vault.write('putSnapshot', snapshot);
  });
  on('run/failed', ({ runId, error }) => {
    later(runId, () => ({ error, busy: null }));
    batch.flush();
    const kind = RUN_KINDS.find((one) => context.get().runs[one].runId === runId);
    if (kind) context.get().notices.report(error, wayBack(error.code, kind));
  });
  on('shelf/saved', ({ runId, info, bytes, isResult }) => {
    if (isOfLesson(runId)) return; // a lesson keeps its own
    batch.flush();
    if (isResult) results.set(runId, { info, bytes });
    if (isResult) showOnShelf(context, info);
    else void putOnShelf(context, info, bytes, null);
  });
  on('engine/changed', ({ info, error }) => {
    context.patch('engine', { info, compiling: null });
    if (error) context.get().notices.report(error);
  });
  on('engine/tuned', (tuning) => context.cards.add(tuning));
  on('engine/compiling', ({ done }) => context.patch('engine', { compiling: done < 1 ? done : null }));
  client.onCrash(() => crashed(context));
}

/** asked for before the page takes the end: settings that name the model are written after it */
function storeResult(context: Context, end: RunState, checkpoint: StoredCheckpoint): void {
  context.batch.flush();
  if (owns(context, end.runId)) void saveEnd(context, takeRunState(context.get(), end), end.kind, checkpoint);
  else void context.vault.write('putCheckpoint', checkpoint);
}

const owns = (context: Context, runId: string): boolean =>
  RUN_KINDS.some((kind) => context.get().runs[kind].runId === runId);

/** an effect that belongs after the changes before it */
function afterwards(state: LabState, effect: () => void): LabState {
  queueMicrotask(effect);
  return state;
}

const wayBack = (code: string | undefined, kind: RunKind): NoticeAction[] =>
  code === 'run/nonFinite' || code === 'run/klCeiling'
    ? [{ kind: 'goBack', run: kind, label: 'Back to the last good checkpoint' }]
    : [{ kind: 'stage', stage: stageOf(kind), label: 'Show the run' }];

/** The thread is dead; the page stands as it is until Restart, with every run paused in its last stored state. */
function crashed(context: Context): void {
  context.batch.flush();
  const halt = (run: RunView): RunView => {
    const { state } = run;
    const halted =
      state?.status === 'running'
        ? { ...state, status: 'paused' as const, message: 'The computing thread stopped.' }
        : state;
    return { ...run, busy: null, state: halted };
  };
  const error = toReport(new LabError('engine/crashed', 'What was running stands at its last stored step.'));
  context.set((state) => {
    const halted = Object.fromEntries(RUN_KINDS.map((kind) => [kind, halt(state.runs[kind])])) as Record<
      RunKind,
      RunView
    >;
    return {
      ...state,
      engine: { ...state.engine, status: 'crashed', probing: false, error },
      runs: { ...state.runs, ...halted },
    };
  });
  context.get().notices.report(error);
}
