/** Everything in this browser, forgotten: on the page, in the thread and on disk. */

import { RUN_KINDS } from '../../contract/domain';
import { NO_TASTE } from '../../contract/ownTaste';
import { EMPTY_ARENA } from '../arena/arenaSlice';
import { attempt, type Context } from '../context';
import { clearLessonStorage } from '../guide/lessonStorage';
import { ALL_ON } from '../models/headsSlice';
import { CLOSED_SHELF } from '../models/shelf';
import { EMPTY_SLOTS } from '../models/slots';
import { NOTHING_SHOWN } from '../opinions/demonstrationsSlice';
import { NO_GROUPS } from '../opinions/groupsSlice';
import { NO_PAIRS } from '../opinions/pairsSlice';
import { NO_RUNS } from '../runs/runView';
import type { Work, WorkKind } from '../state';
import { type Course, longWork, nextChange } from './longWork';

async function freeThread(context: Context): Promise<void> {
  const { runs, shelf } = context.get();
  const runIds = RUN_KINDS.map((kind) => runs[kind].runId).filter((runId) => runId !== null);
  await Promise.allSettled(runIds.map((runId) => context.client().call('run/dispose', { runId })));
  const models = [...shelf.checkpoints, ...shelf.removed.map(({ info }) => info)];
  await Promise.allSettled(models.map(({ checkpointId }) => context.client().call('shelf/remove', { checkpointId })));
}

function clearPage(context: Context): void {
  context.batch.flush();
  context.patch('runs', { ...NO_RUNS, fixedPrompt: '' });
  context.patch('shelf', { checkpoints: [], slots: EMPTY_SLOTS, provenance: {}, error: null, ...CLOSED_SHELF });
  const { rater } = context.get().opinions;
  context.patch('opinions', {
    all: [],
    own: NO_TASTE,
    rater: rater.name === 'own' ? { name: 'happy' } : rater,
    pendingImport: null,
    error: null,
  });
  context.patch('pairs', { ...NO_PAIRS, turn: 0, drawn: 0, strength: 0 });
  context.patch('groups', { ...NO_GROUPS, drawn: 0 });
  context.patch('rounds', { ended: {}, pairing: 'newest' });
  context.patch('arena', EMPTY_ARENA);
  context.get().earlier.forget();
  context.get().placed.forget();
  context.patch('demonstrations', { ...NOTHING_SHOWN, all: [] });
  context.patch('taste', { result: null, fittedTo: null, vetoed: [], useRule: true, answered: false, error: null });
  context.patch('lesson', { records: {}, error: null });
  context.patch('guide', { progress: {}, own: {}, translations: {}, language: '' });
  context.patch('sweep', { records: {}, error: null });
  context.patch('classroom', { student: null, teacher: null });
  context.patch('notebook', { waiting: null, opened: null, error: null });
  context.patch('corpus', { summary: null, origin: null, samples: [], tokens: [], tokenText: '', error: null });
  context.patch('scoring', { result: null, error: null });
  context.patch('inspect', { checkpointId: null, maps: null, next: [], arithmetic: null, completion: '', error: null });
  context.patch('difference', { beforeId: null, afterId: null, result: null });
  context.patch('heads', { ...ALL_ON, view: null, ranking: null });
  context.patch('session', { resume: null, forgotten: context.get().session.forgotten + 1 });
}

/** Cancels all that is under way, and waits for it: what is being written as a whole ends by itself. */
async function endWork(context: Context): Promise<void> {
  const going = () => Object.entries(context.get().work.underway) as [WorkKind, Work][];
  while (going().length > 0) {
    for (const [kind, { cancelling }] of going()) if (!cancelling) context.get().work.cancel(kind);
    if (going().length > 0) await nextChange(context);
  }
}

async function forgetEverything(context: Context): Promise<void> {
  const forget = async ({ commit }: Course) => {
    commit('deleting'); // in one transaction
    const lessons = Object.keys(context.get().guide.progress);
    await freeThread(context);
    clearPage(context);
    context.get().notices.clear('storage/missing');
    await Promise.allSettled(lessons.map((lessonId) => clearLessonStorage(context, lessonId)));
    const isGone = await context.vault.clear();
    context.cards.forget();
    if (isGone) context.get().notices.toast('Everything that was stored in this browser is gone.');
  };
  await attempt(context, () => longWork(context, 'forget', forget));
}

/** After all that is being brought back, and with nothing under way that would come after it. */
export async function forgetAll(context: Context): Promise<void> {
  await context.get().lesson.cancel(); // it may be waiting for the restore itself
  await context.get().sweep.cancel();
  await endWork(context);
  await context.settle(() => forgetEverything(context));
}
