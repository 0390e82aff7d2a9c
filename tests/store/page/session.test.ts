import { beforeEach, describe, expect, it } from 'vitest';
import { LabError } from '../../../src/contract/errors';
import { type Vote, votesIn } from '../../../src/contract/preferences';
import { EMPTY_SLOTS } from '../../../src/store/models/slots';
import { habits } from '../../../src/store/opinions/habits';
import { outlivesWindow } from '../../../src/store/page/ready';
import { resumeNow } from '../../../src/store/page/resumeNow';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import type { LabStorage } from '../../../src/store/persistence/storage';
import type { TabLock } from '../../../src/store/persistence/tabLock';
import type { LabState } from '../../../src/store/state';
import { FakeClient } from '../../helpers/fakeClient';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from '../openLab';

const codes = ({ lab }: Page) => lab.getState().notices.notices.map(({ code }) => code);
const losses = (state: LabState) => state.runs.pretrain.history.map(({ step, values }) => [step, values['train/loss']]);

/** a page in the middle of pretraining, stored at step `at` */
async function openTraining(at: number, options: Parameters<typeof openPage>[0] = {}): Promise<Page> {
  const page = await openPage({ href: '?preset=tiny&seed=3&steps=60', ...options });
  await page.lab.getState().corpus.generate();
  await page.lab.getState().runs.play('pretrain');
  page.client.advance(at);
  await page.lab.getState().runs.pause('pretrain');
  await settle();
  return page;
}

describe('a tab that is killed and opened again', () => {
  beforeEach(freshDisk);

  it('finds its votes in their order, and shows the pair that had no vote yet', async () => {
    const first = await openVoting();
    for (const choice of ['a', 'b', 'tie'] as const) await vote(first, choice);
    const { shown } = first.lab.getState().pairs;
    const votes = votesIn(first.lab.getState().opinions.all);
    first.kill();
    const again = await openPage();
    expect(votesIn(again.lab.getState().opinions.all)).toEqual(votes);
    await again.lab.getState().pairs.prepare();
    const now = again.lab.getState().pairs.shown;
    expect([now?.a, now?.b]).toEqual([shown?.a, shown?.b]);
    expect(again.lab.getState().session.resume).toMatchObject({ votes: 3, checkpoints: 1 });
  });

  it('finds its checkpoints, slots, corpus and configuration', async () => {
    const first = await openVoting();
    first.lab.getState().config.change('ppo', { klCoef: 0.33 });
    first.lab.getState().view.setTheme('dark');
    first.lab.getState().opinions.setRater({ name: 'animal', animal: 'fox' });
    await settle();
    first.kill();
    const again = await openPage();
    const { shelf, corpus, config, view, opinions } = again.lab.getState();
    expect(shelf.slots.baseId).toBe('shipped-tiny');
    expect(shelf.checkpoints.map(({ checkpointId }) => checkpointId)).toEqual(['shipped-tiny']);
    expect(again.client.lab.shelf.has('shipped-tiny')).toBe(true);
    expect(corpus.summary?.kind).toBe('stories');
    expect(config.value.ppo.klCoef).toBe(0.33);
    expect(again.address.read().search).toContain('klCoef=0.33');
    expect(view.theme).toBe('dark');
    expect(opinions.rater).toEqual({ name: 'animal', animal: 'fox' });
  });

  it('lets the address win over the stored configuration', async () => {
    const first = await openPage();
    first.lab.getState().config.change('ppo', { klCoef: 0.33 });
    await settle();
    first.kill();
    const again = await openPage({ href: '?preset=tiny&seed=9' });
    expect(again.lab.getState().config.value).toMatchObject({ seed: 9, ppo: { klCoef: 0.1 } });
  });

  it('finds a run paused where it was stored and goes on to the numbers of an uninterrupted one', async () => {
    const whole = await openTraining(60);
    const expected = losses(whole.lab.getState());
    freshDisk();
    const first = await openTraining(20);
    first.kill();
    const again = await openPage({ href: '?preset=tiny&seed=3&steps=60' });
    const { state, spec, samples } = again.lab.getState().runs.pretrain;
    expect(state).toMatchObject({ status: 'paused', step: 20, totalSteps: 60 });
    expect(spec?.seed).toBe(3);
    expect(losses(again.lab.getState())).toEqual(expected.slice(0, 20));
    await again.lab.getState().runs.play('pretrain');
    again.client.advance(60);
    await settle();
    expect(losses(again.lab.getState())).toEqual(expected);
    expect(again.lab.getState().runs.pretrain.state?.status).toBe('done');
    expect(samples.every(({ step }) => step <= 20)).toBe(true);
  });

  it('cuts the curves back to the stored state when it died between two snapshots', async () => {
    const first = await openTraining(20);
    await first.lab.getState().runs.play('pretrain');
    first.client.advance(7); // numbers of steps 21 … 27 are on disk, their weights are not
    await settle();
    first.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.pretrain.history.at(-1)?.step).toBe(20);
    await again.lab.getState().runs.play('pretrain');
    again.client.advance(7);
    await settle();
    expect(again.lab.getState().runs.pretrain.history.map(({ step }) => step)).toEqual(
      Array.from({ length: 27 }, (_, i) => i + 1),
    );
  });

  it('begins a run again that died before its first snapshot, from the same configuration and seed', async () => {
    const first = await openPage({ href: '?preset=tiny&seed=3&steps=60' });
    await first.lab.getState().runs.play('pretrain');
    first.client.advance(5);
    await settle();
    first.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.pretrain).toMatchObject({ state: { step: 0 }, history: [], spec: { seed: 3 } });
    expect(codes(again)).toEqual([]);
  });

  it('keeps what is stored of a run that cannot be rebuilt at the moment, and does not begin it again', async () => {
    const first = await openTraining(20);
    const { runId } = first.lab.getState().runs.pretrain;
    first.kill();
    const client = new FakeClient();
    client.fail('run/restore', new LabError('engine/outOfMemory', 'No room.'));
    const again = await openPage({ client });
    expect(again.lab.getState().runs.pretrain).toMatchObject({ runId, state: { status: 'stopped', step: 20 } });
    expect(codes(again)).toContain('engine/outOfMemory');
    expect(client.calls.some(({ kind }) => kind === 'run/create')).toBe(false);
    expect((await idbStorage().snapshots(runId ?? '')).map(({ step }) => step)).toContain(20);
    again.kill();
    expect((await openPage()).lab.getState().runs.pretrain.state).toMatchObject({ status: 'paused', step: 20 });
  });

  it('finds a run that was stored soon after it began, without a pause', async () => {
    const waiting: (() => void)[] = [];
    const first = await openPage({
      href: '?preset=tiny&seed=3&steps=60',
      later: (task, ms) => ms < 5000 && waiting.push(task),
    });
    await first.lab.getState().runs.play('pretrain');
    first.client.advance(4);
    for (const task of waiting) task();
    await settle();
    first.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.pretrain).toMatchObject({ state: { step: 4, status: 'paused' } });
    expect(again.lab.getState().runs.pretrain.history).toHaveLength(4);
  });

  it('makes a finished run visible again without asking the thread for it', async () => {
    const first = await openTraining(60);
    expect(first.lab.getState().runs.pretrain.state?.status).toBe('done');
    first.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.pretrain.history).toHaveLength(60);
    expect(again.lab.getState().shelf.slots.baseId).toMatch(/^base-/);
    expect(again.client.calls.some(({ kind }) => kind === 'run/restore' || kind === 'run/create')).toBe(false);
  });

  it('waits with Train until the stored run is back', async () => {
    const first = await openTraining(20);
    first.kill();
    const again = await openPage({ boot: false });
    const booting = again.lab.getState().session.boot();
    await again.lab.getState().runs.play('pretrain'); // pressed while the page still opens
    await booting;
    expect(again.lab.getState().runs.pretrain.state).toMatchObject({ status: 'running', step: 20 });
    expect(again.client.calls.some(({ kind }) => kind === 'run/create')).toBe(false);
  });

  it('opens the stage where the work stopped', async () => {
    const first = await openTraining(20);
    first.kill();
    const again = await openPage();
    expect(again.lab.getState().session.resume?.runs).toEqual([{ kind: 'pretrain', step: 20, totalSteps: 60 }]);
    expect(resumeNow(again.lab.getState())).toEqual(again.lab.getState().session.resume);
    expect(resumeNow(again.lab.getState())?.stage).toBe('pretrain');
  });

  it('says how it stands now, not as it was found, once the visitor has gone on', async () => {
    const first = await openTraining(20);
    first.kill();
    const again = await openPage();
    again.wait(60_000);
    await again.lab.getState().runs.play('pretrain');
    again.client.advance(10);
    await again.lab.getState().runs.pause('pretrain');
    await settle();
    expect(resumeNow(again.lab.getState())).toMatchObject({
      runs: [{ kind: 'pretrain', step: 30, totalSteps: 60 }],
      savedAt: (again.lab.getState().session.resume?.savedAt ?? 0) + 60_000,
      stage: 'pretrain',
    });
    await again.lab.getState().shelf.loadShipped('tiny');
    again.wait(60_000);
    await again.lab.getState().opinions.simulate(3);
    expect(resumeNow(again.lab.getState())).toMatchObject({ votes: 3, checkpoints: 1, stage: 'compare' });
  });

  it('says when the work was stored, whatever kind of work it was', async () => {
    const first = await openVoting();
    first.wait(60_000);
    await first.lab.getState().opinions.simulate(3);
    await settle();
    first.kill();
    const again = await openPage();
    expect(again.lab.getState().session.resume).toMatchObject({
      votes: 3,
      stage: 'compare',
      savedAt: 1_700_000_060_000,
    });
    freshDisk();
    (await openVoting()).kill();
    expect((await openPage()).lab.getState().session.resume).toMatchObject({ votes: 0, savedAt: 1_700_000_000_000 });
  });

  it('stores a running run at once when the page is hidden', async () => {
    const first = await openTraining(20);
    await first.lab.getState().runs.play('pretrain');
    first.client.advance(9);
    await first.lab.getState().session.saveNow();
    first.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.pretrain.state?.step).toBe(29);
  });

  it('forgets everything when told to', async () => {
    const first = await openTraining(20);
    await first.lab.getState().session.clearAll();
    await settle();
    expect(first.lab.getState().shelf.checkpoints).toEqual([]);
    first.kill();
    const again = await openPage();
    expect(again.lab.getState().session.resume).toBeNull();
    expect(again.lab.getState().runs.pretrain.runId).toBeNull();
  });
});

describe('damaged storage', () => {
  beforeEach(freshDisk);

  it('falls back to the snapshot before a damaged one and says so', async () => {
    const first = await openTraining(10);
    await first.lab.getState().runs.play('pretrain');
    first.client.advance(10);
    await first.lab.getState().runs.pause('pretrain');
    await settle();
    const runId = first.lab.getState().runs.pretrain.runId as string;
    const storage = idbStorage();
    expect((await storage.snapshots(runId)).map(({ step }) => step)).toEqual([20, 10]);
    await storage.putSnapshot({ runId, kind: 'pretrain', step: 20, bytes: new Uint8Array([1, 2, 3]) });
    first.kill();
    const again = await openPage();
    expect(again.lab.getState().runs.pretrain.state).toMatchObject({ step: 10, status: 'paused' });
    expect(again.lab.getState().runs.pretrain.history.at(-1)?.step).toBe(10);
    expect(codes(again)).toEqual(['storage/corrupt']);
  });

  it('leaves a damaged checkpoint out and keeps the others', async () => {
    const first = await openVoting();
    await first.lab.getState().shelf.loadShipped('small');
    await settle();
    first.kill();
    const storage = idbStorage();
    const stored = await storage.checkpoint('shipped-small');
    if (stored) await storage.putCheckpoint({ ...stored, bytes: new Uint8Array([0]) });
    const again = await openPage();
    const { shelf } = again.lab.getState();
    expect(shelf.checkpoints.map(({ checkpointId }) => checkpointId)).toEqual(['shipped-tiny']);
    expect(shelf.slots.baseId).toBeNull();
    expect(codes(again)).toContain('storage/corrupt');
  });

  it('takes no nonsense from stored settings', async () => {
    const storage = idbStorage();
    const nonsense = storage.putSetting as (key: string, value: unknown) => Promise<void>;
    await nonsense('config', { preset: 'tiny', ppo: null });
    await nonsense('slots', { baseId: 'gone', rewardId: 7 });
    await nonsense('view', { theme: 'neon', presenter: 'yes', smoothing: 17 });
    await nonsense('dealt', { turn: -5, drawn: Number.NaN });
    const { lab } = await openPage();
    expect(lab.getState().config.value.preset).toBe('tiny');
    expect(lab.getState().config.value.ppo.klCoef).toBe(0.1);
    expect(lab.getState().shelf.slots).toEqual(EMPTY_SLOTS);
    expect(lab.getState().view.smoothing).toBe(0.6);
    expect(lab.getState().pairs.turn).toBe(0);
  });
});

describe('opinions that an earlier version stored', () => {
  beforeEach(freshDisk);

  it('are used as far as they can be read, and the rest is counted in words', async () => {
    const page = await openVoting();
    await vote(page);
    page.kill();
    const storage = idbStorage();
    const [good] = (await storage.load()).opinions as [Vote];
    const blank = { ...good, rankingId: 'blank', againstId: '', round: null } as unknown as Vote;
    await storage.putOpinions([blank, { ...good, rankingId: 'odd', ranks: [1, 3] }]);
    const wish = { happy: true, polite: false, short: false, animal: null };
    const demonstration = { demonstrationId: 'd', prompt: 'p', completion: 'c', source: 'human' as const };
    await storage.putSetting('examples', {
      demonstrations: [demonstration, { ...demonstration, prompt: 7 as unknown as string }],
      wish,
    });
    storage.close();
    const again = await openPage();
    const { opinions, demonstrations, notices } = again.lab.getState();
    expect(opinions.all).toEqual([good, { ...good, rankingId: 'blank' }]);
    expect(demonstrations).toMatchObject({ all: [demonstration], wish });
    expect(notices.notices.find(({ code }) => code === 'storage/repaired')?.message).toBe(
      'Of the stored votes, 1 could not be read. Of the stored demonstrations, 1 could not be read.',
    );
    again.kill();
  });
});

describe('a browser that cannot store', () => {
  beforeEach(freshDisk);
  const quota = () => Object.assign(new Error('The disk is full.'), { name: 'QuotaExceededError' });

  it('works on in a private window and says that nothing is stored', async () => {
    const forbidden = idbStorage();
    forbidden.load = () => Promise.reject(new DOMException('A mutation operation was attempted.', 'InvalidStateError'));
    const page = await openVoting({ storage: forbidden });
    await vote(page);
    expect(codes(page)).toEqual(['storage/unavailable']);
    expect(page.lab.getState().notices.notices[0]?.message).toBe('The browser did not open its storage.');
    expect(page.lab.getState().session.storage).toBe('memory');
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(1);
  });

  it('works on where there is no IndexedDB at all', async () => {
    const kept = globalThis.indexedDB;
    Reflect.deleteProperty(globalThis, 'indexedDB');
    try {
      const page = await openVoting();
      await vote(page);
      expect(codes(page)).toEqual(['storage/unavailable']);
      expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(1);
    } finally {
      globalThis.indexedDB = kept;
    }
  });

  it('loses no vote when the disk is full, and writes them all when there is room again', async () => {
    const storage = idbStorage();
    const { putOpinions } = storage;
    let full = true;
    storage.putOpinions = (votes) => (full ? Promise.reject(quota()) : putOpinions(votes));
    const page = await openVoting({ storage });
    await vote(page);
    await vote(page);
    expect(codes(page)).toEqual(['storage/full']);
    expect(page.lab.getState().session.storage).toBe('full');
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(2);
    expect((await storage.load()).opinions).toHaveLength(0);
    full = false;
    await vote(page);
    expect((await storage.load()).opinions).toEqual(votesIn(page.lab.getState().opinions.all));
    expect(codes(page)).toEqual([]);
    expect(page.lab.getState().session.storage).toBe('persistent');
  });

  it('goes on training when a snapshot finds no room', async () => {
    const storage = idbStorage();
    storage.putSnapshot = () => Promise.reject(quota());
    const page = await openTraining(20, { storage });
    expect(codes(page)).toEqual(['storage/full']);
    expect(page.lab.getState().runs.pretrain.state?.step).toBe(20);
  });
});

describe('a second tab', () => {
  beforeEach(freshDisk);

  /** one lock for all tabs of a browser, as Web Locks are */
  function sharedLock(): () => TabLock {
    let owner: (() => void) | null = null;
    return () => {
      let mine: (() => void) | null = null;
      return {
        async acquire(onLost) {
          if (owner) return false;
          owner = mine = onLost;
          return true;
        },
        async takeOver(onLost) {
          owner?.();
          owner = mine = onLost;
        },
        release() {
          if (owner === mine) owner = null;
        },
      };
    };
  }

  it('writes nothing until it takes over, and brings its own votes along when it does', async () => {
    const lock = sharedLock();
    const first = await openVoting({ lock: lock() });
    await vote(first);
    const second = await openVoting({ lock: lock() });
    expect(codes(second)).toEqual(['session/otherTab']);
    expect(second.lab.getState().session.tab).toBe('aside');
    await vote(second);
    expect((await idbStorage().load()).opinions).toHaveLength(1);

    const [notice] = second.lab.getState().notices.notices;
    expect(notice?.next).toMatch(/a run then goes on from where it was stored last/);
    await second.lab.getState().notices.act(notice?.actions[0] ?? { kind: 'dismiss', label: '' }, notice?.noticeId);
    await settle();
    expect(second.lab.getState().session.tab).toBe('live');
    expect(codes(second)).toEqual([]);
    expect(votesIn(second.lab.getState().opinions.all)).toHaveLength(2);
    expect((await idbStorage().load()).opinions).toHaveLength(2);

    expect(first.lab.getState().session.tab).toBe('aside');
    expect(codes(first)).toEqual(['session/otherTab']);
    expect(first.lab.getState().notices.notices[0]?.message).toMatch(/in memory only/);
    expect(outlivesWindow(first.lab.getState())).toBe(false);
    expect(outlivesWindow(second.lab.getState())).toBe(true);
    await vote(first);
    expect((await idbStorage().load()).opinions).toHaveLength(2);
    expect(votesIn(first.lab.getState().opinions.all)).toHaveLength(2);
  });

  it('shows a pair of the stored model when it takes over on Compare', async () => {
    const lock = sharedLock();
    const first = await openTraining(60, { lock: lock() });
    const baseId = first.lab.getState().shelf.slots.baseId as string;
    const second = await openPage({ lock: lock(), href: '#/compare' });
    expect(second.lab.getState().notices.notices[0]?.message).toMatch(/is stored is not shown here/);
    const taking = second.lab.getState().session.takeOver();
    expect(second.lab.getState().session.tab).toBe('taking');
    await taking;
    await settle();
    expect(codes(second)).toEqual([]);
    expect(second.lab.getState().pairs.error).toBeNull();
    expect(second.lab.getState().pairs.shown?.pair.policyId).toBe(baseId);
    expect(second.lab.getState().session.tab).toBe('live');
  });

  it('shows a group of the stored model when it takes over where groups are ranked', async () => {
    const lock = sharedLock();
    const first = await openTraining(60, { lock: lock() });
    first.lab.getState().config.change('compare', { task: 'rankings' });
    await settle();
    const second = await openPage({ lock: lock(), href: '#/compare' });
    await second.lab.getState().session.takeOver();
    await settle();
    expect(codes(second)).toEqual([]);
    expect(second.lab.getState().groups.error).toBeNull();
    expect(second.lab.getState().groups.shown).not.toBeNull();
  });

  it('gives no part to what was deleted here before the lab went to another tab and back', async () => {
    const lock = sharedLock();
    const first = await openVoting({ lock: lock(), later: () => undefined });
    await first.lab.getState().shelf.remove('shipped-tiny');
    await settle();
    const second = await openPage({ lock: lock() });
    await second.lab.getState().session.takeOver();
    expect(second.lab.getState().shelf.slots.baseId).toBe('shipped-tiny');
    await first.lab.getState().session.takeOver();
    expect(first.lab.getState().shelf.slots.baseId).toBeNull();
    first.lab.getState().shelf.putBack();
    expect(first.lab.getState().shelf.slots.baseId).toBe('shipped-tiny');
  });

  it('pauses what runs in the tab that is taken over', async () => {
    const lock = sharedLock();
    const first = await openTraining(10, { lock: lock() });
    await first.lab.getState().runs.play('pretrain');
    const second = await openPage({ lock: lock() });
    await second.lab.getState().session.takeOver();
    await settle();
    expect(first.lab.getState().runs.pretrain.state?.status).toBe('paused');
    expect(second.lab.getState().runs.pretrain.state).toMatchObject({ status: 'paused', step: 10 });
  });

  it('brings its own run and checkpoints along when it takes over', async () => {
    const lock = sharedLock();
    await openTraining(10, { lock: lock() });
    const second = await openTraining(30, { lock: lock() });
    await second.lab.getState().runs.keep('pretrain');
    await second.lab.getState().session.takeOver();
    await settle();
    expect(second.lab.getState().runs.pretrain.state).toMatchObject({ status: 'paused', step: 30 });
    second.kill();
    const again = await openPage({ lock: lock() });
    expect(again.lab.getState().runs.pretrain.state).toMatchObject({ status: 'paused', step: 30 });
    expect(again.lab.getState().runs.pretrain.history).toHaveLength(30);
    expect(again.lab.getState().shelf.checkpoints).toHaveLength(1);
  });

  it('owns the lab when the first tab is gone', async () => {
    const lock = sharedLock();
    const first = await openPage({ lock: lock() });
    first.kill();
    expect((await openPage({ lock: lock() })).lab.getState().session.tab).toBe('live');
  });
});

describe('a computing thread that dies', () => {
  beforeEach(freshDisk);

  const openCrashing = async (storage: LabStorage) => {
    const next = new FakeClient();
    const page = await openTraining(20, { storage, connect: () => next });
    await page.lab.getState().runs.play('pretrain');
    page.client.advance(3);
    await settle();
    page.client.crash();
    return { page, next };
  };

  it('says so with a way out, and shows the run as paused', async () => {
    const { page } = await openCrashing(idbStorage());
    const { engine, notices, runs } = page.lab.getState();
    expect(engine.status).toBe('crashed');
    expect(notices.notices[0]).toMatchObject({ code: 'engine/crashed', actions: [{ kind: 'restart' }] });
    expect(runs.pretrain.state?.status).toBe('paused');
  });

  it.each([
    ['from disk', idbStorage],
    ['from memory, where nothing can be stored', memoryStorage],
  ])('brings corpus, checkpoints and run back %s', async (_where, storage) => {
    const { page, next } = await openCrashing(storage());
    await page.lab
      .getState()
      .notices.act({ kind: 'restart', label: 'Restart' }, page.lab.getState().notices.notices[0]?.noticeId);
    const { engine, runs, notices } = page.lab.getState();
    expect(engine.status).toBe('ready');
    expect(notices.notices).toEqual([]);
    expect(runs.pretrain.state).toMatchObject({ status: 'paused', step: 20 });
    expect(runs.pretrain.history.at(-1)?.step).toBe(20);
    await page.lab.getState().runs.play('pretrain');
    next.advance(60);
    await settle();
    expect(page.lab.getState().runs.pretrain.state?.status).toBe('done');
    expect(page.lab.getState().shelf.slots.baseId).not.toBeNull();
  });

  it('restarts by itself when Train is pressed', async () => {
    const { page } = await openCrashing(idbStorage());
    await page.lab.getState().runs.play('pretrain');
    expect(page.lab.getState().runs.pretrain.state).toMatchObject({ status: 'running', step: 20 });
  });

  it('leaves the page usable when no engine starts', async () => {
    const client = new FakeClient();
    client.fail('engine/start', new LabError('engine/backend', 'webgl does not start here.'));
    const page = await openPage({ client });
    expect(page.lab.getState().engine.status).toBe('failed');
    await page.lab.getState().runs.play('pretrain');
    expect(page.lab.getState().runs.pretrain).toMatchObject({ busy: null, runId: null });
    expect(codes(page)).toEqual(['engine/backend']);
    expect(page.lab.getState().session.tab).toBe('live');
  });
});

describe('what a new page knows of an old one', () => {
  beforeEach(freshDisk);

  it('computes habits from restored votes', async () => {
    const first = await openVoting();
    for (let i = 0; i < 12; i++) await vote(first, i % 3 ? 'a' : 'b');
    first.kill();
    const again = await openPage();
    expect(habits(votesIn(again.lab.getState().opinions.all), 'word')).toEqual(
      habits(votesIn(first.lab.getState().opinions.all), 'word'),
    );
  });
});

describe('the rest of the page', () => {
  beforeEach(freshDisk);

  it('is fetched once, after what was stored is back, and said to be here when all of it is', async () => {
    const page = await openPage({ boot: false });
    let times = 0;
    const parts = async () => void times++;
    const fetching = Promise.all([1, 2].map(() => page.lab.getState().session.fetchRest(parts)));
    expect(page.lab.getState().session.rest).toBe('loading');
    await page.lab.getState().session.boot();
    await fetching;
    await page.lab.getState().session.fetchRest(parts);
    expect(page.lab.getState().session.rest).toBe('here');
    expect(times).toBe(1);
  });

  it('does not come while the first pair is being written', async () => {
    const page = await openPage();
    const loading = (isLoading: boolean) =>
      page.lab.setState(({ pairs }) => ({ pairs: { ...pairs, loading: isLoading } }));
    let times = 0;
    loading(true);
    const fetching = page.lab.getState().session.fetchRest(async () => void times++);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(times).toBe(0);
    loading(false);
    await fetching;
    expect(times).toBe(1);
  });

  it.each(['parts', 'files'])('is fetched again when the %s did not come', async (what) => {
    const page = await openPage();
    if (what === 'files') page.client.fail('engine/fetchFiles', new Error('no network'));
    const { fetchRest } = page.lab.getState().session;
    await fetchRest(() => (what === 'parts' ? Promise.reject(new Error('no network')) : Promise.resolve()));
    expect(page.lab.getState().session.rest).toBe('missing');
    await fetchRest(async () => undefined);
    expect(page.lab.getState().session.rest).toBe('here');
    expect(codes(page)).toEqual([]);
  });
});
