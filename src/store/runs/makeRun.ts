/** How a run comes to be: what the stages before can do without a click, they do, and the run before goes. */

import type { RunKind } from '../../contract/domain';
import { LabError } from '../../contract/errors';
import { type Context, toReport } from '../context';
import { isTasteOutdated } from '../opinions/tasteDue';
import { type Course, longWork } from '../page/longWork';
import { saveRecord } from '../persistence/records';
import type { RunView } from '../state';
import { rememberRun } from './earlier';
import { inputsKey, isBegun, isMadeFromOther } from './inputs';
import { takeAnswer } from './runEvents';
import { mayApplyRule, runSpec } from './runSpec';
import { EMPTY_RUN, hasEnded, patchRun } from './runView';

/**
 * the run goes from the page, its trail stays there; what comes in its place stands there at once, so that its models
 * are in use
 */
export function show(context: Context, kind: RunKind, next: RunView): void {
  rememberRun(context, kind);
  patchRun(context, kind, { ...next, busy: context.get().runs[kind].busy });
}

export async function disposeOf(context: Context, runId: string | null): Promise<void> {
  // a run of a thread that died is gone already
  if (runId !== null) await context.call('run/dispose', { runId }).catch(() => undefined);
}

/** there is one */
async function prepareCorpus({ get }: Context, { needing }: Course): Promise<void> {
  if (get().corpus.summary) return;
  await needing('corpus', get().corpus.generate());
  const { summary, error } = get().corpus;
  if (!summary)
    throw new LabError(
      error?.code ?? 'run/missingInput',
      error?.message ?? 'There is no corpus yet: generate one in Data.',
    );
}

/** it is fitted to the votes as they are */
async function prepareTaste({ get }: Context, { needing }: Course): Promise<void> {
  if (!isTasteOutdated(get())) return;
  await needing('taste', get().taste.infer());
  const { error } = get().taste;
  if (error?.code === 'work/cancelled') throw new LabError(error.code, error.message);
}

/** whoever cancels this begins nothing */
async function prepareInputs(context: Context, kind: RunKind, course: Course): Promise<void> {
  if (kind === 'pretrain') await prepareCorpus(context, course);
  if (mayApplyRule(context.get(), kind)) await prepareTaste(context, course);
}

/**
 * The run that is over goes from the thread first, so that there is room; on disk it stays until the new one is made.
 */
const create = (context: Context, kind: RunKind): Promise<void> =>
  longWork(context, `run/${kind}`, async (course) => {
    await prepareInputs(context, kind, course);
    const runId = context.newId(kind);
    const spec = runSpec(context.get(), kind);
    context.batch.flush();
    const { runs, earlier } = context.get();
    const run = () => context.get().runs[kind];
    show(context, kind, { ...EMPTY_RUN, runId, spec, madeFrom: inputsKey(context.get(), kind) });
    await disposeOf(context, runs[kind].runId);
    try {
      takeAnswer(context, await course.context.call('run/create', { runId, spec }));
    } catch (error) {
      if (run().runId === runId && toReport(error).code === 'work/cancelled') {
        patchRun(context, kind, { ...runs[kind], busy: run().busy });
        context.patch('earlier', { runs: earlier.runs });
        throw error;
      }
      patchRun(context, kind, { ...EMPTY_RUN, busy: run().busy });
      if (runs[kind].runId !== null) await context.vault.write('removeRun', kind);
      throw error;
    }
    course.commit('beginning');
    if (run().runId !== runId)
      throw new LabError('run/missingInput', 'Everything was forgotten while this run was made.');
    await saveRecord(context, kind); // in place of the run before, with all that belonged to it
  });

/**
 * The run that Train and Step are about: a new one where there is none, where the last one is over, and where it has
 * not begun and was made from other than what is here now.
 * @param isWatched whether someone looks at the attention of a new one
 */
export async function readyRun(context: Context, kind: RunKind, isWatched: boolean): Promise<string> {
  const run = () => context.get().runs[kind];
  const isIdleOnOther = !isBegun(run()) && isMadeFromOther(context.get(), kind);
  const isNew = run().runId === null || hasEnded(run()) || isIdleOnOther;
  if (isNew) await create(context, kind);
  const runId = run().runId as string;
  if (isNew && isWatched) await context.call('run/watch', { runId, attention: true });
  return runId;
}
