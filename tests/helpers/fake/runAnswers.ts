/** Runs: they move when they are stepped or advanced. */

import type { Ancestor, CheckpointInfo, RunSpec } from '../../../src/contract/domain';
import { LabError } from '../../../src/contract/errors';
import { lineageOf } from '../../../src/contract/lineage';
import { countOf } from '../../../src/contract/numbers';
import type { CallKind, Handlers, RunState } from '../../../src/contract/protocol';
import { asksModel } from '../../../src/contract/settings/whichReward';
import { checkpoint, decode, type FakeLab, needCheckpoint, needRun, save } from './fakeLab';
import { FakeRun, type Saved } from './fakeRun';
import { batchOf } from './ppoBatch';

/** the checkpoints a spec names, the base first */
function parentsOf(spec: RunSpec): string[] {
  if (spec.kind === 'pretrain') return [];
  if (spec.kind === 'ppo')
    return [spec.baseId, spec.rewardId, spec.startId, spec.valueId].filter((id) => typeof id === 'string');
  return [spec.baseId, ...(spec.kind === 'dpo' && spec.startId !== undefined ? [spec.startId] : [])];
}

function ancestorsOf(lab: FakeLab, parents: readonly string[]): Ancestor[] {
  const found = parents.flatMap((id) => {
    const { checkpointId, name, kind, parents: own, ancestors } = needCheckpoint(lab, id);
    return [{ checkpointId, name, kind, parents: own }, ...ancestors];
  });
  return [...new Map(found.map((one) => [one.checkpointId, one])).values()];
}

function resultOf(lab: FakeLab, run: FakeRun): CheckpointInfo {
  const { spec, state } = run;
  const kinds = {
    pretrain: 'base',
    finetune: 'finetuned',
    reward: 'reward',
    ppo: 'policy',
    dpo: 'policy',
    bestOf: 'policy',
  } as const;
  const parents = parentsOf(spec);
  const id = `${kinds[spec.kind]}-${state.runId}`;
  const round = 'round' in spec ? ` of round ${spec.round}` : '';
  return checkpoint(id, kinds[spec.kind], {
    parents,
    ancestors: ancestorsOf(lab, parents),
    lineage: lineageOf(spec),
    madeAt: Date.UTC(2026, 0, 1),
    step: state.step,
    metrics: run.values(),
    name:
      spec.kind === 'finetune'
        ? `Fine-tuned on ${countOf(spec.demonstrations.length, 'demonstration')}`
        : `${kinds[spec.kind]}${round}, ${countOf(state.step, 'step')}`,
  });
}

function keep(lab: FakeLab, run: FakeRun, runId: string, isResult = false): CheckpointInfo {
  if (run.spec.kind === 'bestOf')
    throw new LabError('run/missingInput', 'This run trains no model, so there is nothing to keep.');
  const info = resultOf(lab, run);
  if (run.spec.kind === 'finetune')
    lab.shown.set(
      info.checkpointId,
      run.spec.demonstrations.map(({ completion }) => completion),
    );
  return save(lab, info, runId, isResult);
}

const isSaved = (value: unknown): value is Saved => typeof value === 'object' && value !== null && 'fake' in value;

function start(lab: FakeLab, runId: string, spec: RunSpec): FakeRun {
  if (spec.kind !== 'pretrain') needCheckpoint(lab, spec.baseId);
  if ((spec.kind === 'ppo' || spec.kind === 'bestOf') && asksModel(spec.config))
    needCheckpoint(lab, spec.rewardId ?? 'no reward model');
  const run = new FakeRun(runId, spec, lab.emit, (one) =>
    one.spec.kind === 'bestOf' ? null : keep(lab, one, runId, true),
  );
  lab.runs.set(runId, run);
  return run;
}

function step(run: FakeRun): RunState {
  run.step();
  return run.over ? run.state : run.set({ status: 'paused' });
}

function pause(run: FakeRun): RunState {
  if (run.state.status !== 'running') return run.state;
  run.emitSnapshot();
  return run.set({ status: 'paused', message: `Paused at step ${run.state.step}.` });
}

export const runAnswers = (lab: FakeLab): Pick<Handlers, Extract<CallKind, `run/${string}`>> => ({
  'run/create': async ({ runId, spec }) => start(lab, runId, spec).set({}),
  'run/restore': async ({ runId, snapshot }) => {
    let saved: unknown;
    try {
      saved = decode(snapshot);
    } catch {
      saved = null;
    }
    if (!isSaved(saved)) throw new LabError('storage/corrupt', 'The stored run cannot be read.');
    const run = start(lab, runId, saved.spec);
    run.restore(saved);
    return run.set({});
  },
  'run/play': async ({ runId, until }) => needRun(lab, runId).play(until),
  'run/pause': async ({ runId }) => pause(needRun(lab, runId)),
  'run/step': async ({ runId }) => step(needRun(lab, runId)),
  'run/adjust': async ({ runId, knobs }) => needRun(lab, runId).adjust(knobs),
  'run/snapshot': async ({ runId }) => needRun(lab, runId).snapshot(),
  'run/keep': async ({ runId }) => keep(lab, needRun(lab, runId), runId),
  'run/dispose': async ({ runId }) => {
    lab.runs.delete(runId);
  },
  'run/batch': async ({ runId }) => batchOf(needRun(lab, runId)),
  'run/watch': async () => undefined,
});
