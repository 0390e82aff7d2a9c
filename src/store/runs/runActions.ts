/** What is done to a run that is there. */
import { LIVE_KNOBS, type LiveKnobs } from '../../contract/config';
import type { RunKind } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { PPO } from '../../contract/settings/ppo';
import { attempt, type Context } from '../context';
import { modelOfRun } from '../models/inspected';
import { SLOT_OF, withSlot } from '../models/slots';
import { saveRecord } from '../persistence/records';
import { restoreRun } from '../persistence/restore';
import { keptByReset } from '../rounds/roundsSlice';
import type { Mark } from '../state';
import type { LiveChange } from './liveChanges';
import { disposeOf, show } from './makeRun';
import { takeAnswer, upTo } from './runEvents';
import { EMPTY_RUN, hasEnded, patchRun } from './runView';

export async function reset(context: Context, kind: RunKind): Promise<void> {
  const { runId } = context.get().runs[kind];
  show(context, kind, EMPTY_RUN);
  if (runId !== null) await context.vault.write('removeRun', kind);
  await disposeOf(context, runId);
  const kept = keptByReset(context.get(), kind);
  if (kept !== '') context.get().notices.toast(kept);
}

export async function goBack(context: Context, kind: RunKind): Promise<void> {
  const { runId } = context.get().runs[kind];
  if (runId === null) return;
  await context.call('run/dispose', { runId });
  if ((await restoreRun(context, kind, runId)) === 'none')
    throw new LabError('storage/corrupt', 'There is no stored checkpoint of this run.');
}

export async function keep(context: Context, kind: RunKind): Promise<void> {
  const { runId, madeFrom } = context.get().runs[kind];
  if (runId === null) throw new LabError('run/missingInput', 'There is no model to use yet: press Train first.');
  const info = await context.call('run/keep', { runId });
  context.batch.flush();
  const { shelf } = context.get();
  const slots = withSlot(shelf.slots, SLOT_OF[info.kind], info.checkpointId);
  context.patch('shelf', { slots, provenance: { ...shelf.provenance, [info.checkpointId]: madeFrom ?? '' } });
  context.get().notices.toast(`${info.name} is in use now.`);
}

/** @returns all that was changed at this step, each knob as it was left */
function markOf(step: number, changes: readonly LiveChange[]): Mark {
  const here = changes.filter((one) => one.step === step);
  const words = LIVE_KNOBS.flatMap((knob) => {
    const value = here.findLast(({ knobs }) => knobs[knob] !== undefined)?.knobs[knob];
    return value === undefined ? [] : `${PPO[knob].live.mark} ${value}`;
  });
  return { step, label: words.join(', ') };
}

/** what a run is made from next, and the run itself, with a mark in its charts */
export async function adjust(context: Context, knobs: LiveKnobs, kind: 'ppo' | 'finetune'): Promise<void> {
  context.batch.flush(); // what is noted stands at the step that it was changed at
  const { change } = context.get().config;
  if (kind === 'ppo') change('ppo', knobs);
  else if (knobs.learningRate !== undefined) change('finetune', { learningRate: knobs.learningRate });
  const run = context.get().runs[kind];
  const { runId, state, marks, live } = run;
  if (runId === null || !state || hasEnded(run)) return;
  const changed = [...live, { step: state.step, knobs }];
  patchRun(context, kind, { live: changed });
  if (state.step > 0) patchRun(context, kind, { marks: [...upTo(marks, state.step), markOf(state.step, changed)] });
  await attempt(context, async () => takeAnswer(context, await context.call('run/adjust', { runId, knobs })));
  await saveRecord(context, kind);
}

/** @returns whether there is a model to read it from */
export async function readAttention(context: Context): Promise<boolean> {
  const { runId, spec, state } = context.get().runs.pretrain;
  const checkpointId = modelOfRun(context.get(), 'pretrain');
  if (spec?.kind !== 'pretrain' || state === null || checkpointId === null) return false;
  const asked = { checkpointId, text: spec.fixedPrompt };
  // what is read here is said elsewhere when it fails
  const maps = await context.call('inspect/attention', asked).catch(() => null);
  const { runId: here, state: now } = context.get().runs.pretrain;
  if (maps !== null && here === runId && now?.step === state.step)
    patchRun(context, 'pretrain', { attention: { step: state.step, maps } });
  return maps !== null;
}
