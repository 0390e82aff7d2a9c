import { RUN_KINDS } from '../../contract/domain';
import { attempt, type Context } from '../context';
import { CLOSED_SHELF } from '../models/shelf';
import { EMPTY_SLOTS } from '../models/slots';
import { NOTHING_SHOWN } from '../opinions/demonstrations';
import { NO_GROUPS } from '../opinions/rankings';
import { bringBack, showCurves, showRuns, standStill } from '../persistence/restore';
import { applySettings } from '../persistence/settings';
import { NOTHING_STORED, type StoredLab } from '../persistence/storage';
import { saveRun, storeAgain } from '../persistence/storeAgain';
import { NO_RUNS } from '../runs/runView';
import type { ResumeInfo, SessionSlice, Stage } from '../state';
import { type Course, longWork } from './longWork';
import { stageOf } from './stageStatus';
import { follow, type TabMove } from './tab';

function resumeInfo({ settings, votes, rankings, runs, checkpointIds }: StoredLab): ResumeInfo | null {
  if (votes.length === 0 && rankings.length === 0 && runs.length === 0 && checkpointIds.length === 0) return null;
  const newest = runs.reduce<StoredLab['runs'][number] | null>((best, run) => (best && best.savedAt >= run.savedAt ? best : run), null);
  const opinions = [...votes, ...rankings];
  const lastVote = opinions.reduce((latest, { source, at }) => (source === 'imported' ? latest : Math.max(latest, at)), 0);
  const stage: Stage = newest && newest.savedAt > lastVote ? stageOf(newest.kind) : 'compare';
  const savedAt = Math.max(newest?.savedAt ?? 0, lastVote, settings.savedAt ?? 0);
  const standing = runs.map(({ kind, state }) => ({ kind, step: state?.step ?? 0, totalSteps: state?.totalSteps ?? 0 }));
  return { votes: votes.length, rankings: rankings.length, checkpoints: checkpointIds.length, runs: standing, savedAt, stage };
}

export function sessionSlice(context: Context): SessionSlice {
  const patch = (fields: Partial<SessionSlice>) => context.patch('session', fields);

  /** @returns whether it led anywhere */
  const move = (move: TabMove, fields: Partial<SessionSlice> = {}): boolean => {
    const { tab } = context.get().session;
    const next = follow(tab, move);
    patch({ ...fields, tab: next });
    return next !== tab;
  };

  const lost = () => {
    context.vault.detach();
    move('lose', { storage: context.vault.storage.kind });
    for (const kind of RUN_KINDS) if (context.get().runs[kind].state?.status === 'running') void context.get().runs.pause(kind);
    context.get().notices.report({
      code: 'session/otherTab',
      message: 'Another tab took this lab over. This one goes on in memory only: what you do here is gone when you close it.',
      stack: undefined,
    });
  };

  const own = async () => {
    if (await context.lock.acquire(lost)) return;
    context.vault.detach();
    move('refuse');
    const message = 'It is being stored from the tab that was first. What is stored is not shown here, and what you do here is not stored.';
    context.get().notices.report({ code: 'session/otherTab', message, stack: undefined });
  };

  const restore = async () => {
    const stored = await context.vault.read((storage) => storage.load(), NOTHING_STORED);
    applySettings(context, stored);
    showRuns(context, stored.runs);
    move('read', { storage: context.vault.storage.kind, resume: resumeInfo(stored) });
    await Promise.all([context.get().engine.start(), showCurves(context, stored.runs)]);
    try {
      if (context.get().engine.status === 'ready') await bringBack(context, stored);
    } finally {
      standStill(context);
    }
  };

  let booting: Promise<void> | null = null;
  let taking: Promise<void> = Promise.resolve();
  const open = async () => {
    await attempt(context, async () => {
      await own();
      await restore();
    });
    move('settle');
  };

  const take = async () => {
    await attempt(context, async () => {
      await context.lock.takeOver(lost);
      const mine = context.vault.storage;
      context.vault.attach();
      move('own');
      context.get().notices.clear('session/otherTab');
      await storeAgain(context, mine);
      await restore();
    });
    move('giveUp'); // where the lock was not to be had
    move('settle');
  };

  /** nothing that is being brought back comes after it */
  const clear = async () => {
    const deleteAll = async ({ commit }: Course) => {
      commit('deleting'); // in one transaction
      const { runs, shelf } = context.get();
      const ids = RUN_KINDS.map((kind) => runs[kind].runId).filter((runId) => runId !== null);
      await Promise.allSettled(ids.map((runId) => context.client().call('run/dispose', { runId })));
      const models = [...shelf.checkpoints, ...shelf.removed.map(({ info }) => info)];
      await Promise.allSettled(models.map(({ checkpointId }) => context.client().call('shelf/remove', { checkpointId })));
      forget(context);
      await context.vault.clear();
      patch({ resume: null });
      context.get().notices.toast('Everything that was stored in this browser is gone.');
    };
    await attempt(context, () => longWork(context, 'forget', deleteAll));
  };

  return {
    tab: 'starting',
    resume: null,
    storage: 'opening',
    rest: 'waiting',

    boot() {
      booting ??= context.settle(open);
      return booting;
    },

    async fetchRest(fetchParts) {
      if (['loading', 'here'].includes(context.get().session.rest)) return;
      patch({ rest: 'loading' });
      const ends = await Promise.allSettled([fetchParts(), context.call('engine/fetchFiles', {})]);
      patch({ rest: ends.every(({ status }) => status === 'fulfilled') ? 'here' : 'missing' });
    },

    resumeWork() {
      const { resume } = context.get().session;
      if (resume) context.get().view.go(resume.stage);
    },

    takeOver() {
      if (move('take')) taking = context.settle(take);
      return taking;
    },

    async saveNow() {
      const running = RUN_KINDS.filter((kind) => context.get().runs[kind].state?.status === 'running');
      await Promise.allSettled(running.map((kind) => saveRun(context, kind))); // a thread that cannot answer now has stored a moment ago
    },

    async clearAll() {
      await context.get().lesson.cancel(); // it may be waiting for the restore itself
      await context.settle(clear);
    },
  };
}

function forget(context: Context): void {
  context.batch.flush();
  context.patch('runs', { ...NO_RUNS, fixedPrompt: '' });
  context.patch('shelf', { checkpoints: [], slots: EMPTY_SLOTS, provenance: {}, error: null, ...CLOSED_SHELF });
  context.patch('votes', { votes: [], shown: null, queue: [], turn: 0, drawn: 0, strength: 0, pendingImport: null, error: null });
  context.patch('rankings', { ...NO_GROUPS, drawn: 0 });
  context.patch('rounds', { ended: {}, pairing: 'newest' });
  context.get().earlier.forget();
  context.get().placed.forget();
  context.patch('examples', { demonstrations: [], rankings: [] });
  context.patch('demonstrations', NOTHING_SHOWN);
  context.patch('taste', { result: null, outdated: false, vetoed: [], useRule: true, answered: false, error: null });
  context.patch('lesson', { shown: null, records: {}, error: null });
  context.patch('corpus', { summary: null, origin: null, samples: [], tokens: [], tokenText: '', error: null });
  context.patch('scoring', { result: null, error: null });
  context.patch('inspect', { checkpointId: null, maps: null, next: [], completion: '', error: null });
}
