/**
 * Presses that come before what they act on is known: they are judged when they act, and lose nothing that was not
 * there to be seen.
 */

import { beforeEach, describe, expect, it } from 'vitest';
import { RUN_KINDS } from '../../src/contract/domain';
import { votesIn } from '../../src/contract/preferences';
import { isReady } from '../../src/store/page/ready';
import { idbStorage } from '../../src/store/persistence/idbStorage';
import type { TabLock } from '../../src/store/persistence/tabLock';
import { FakeClient } from '../helpers/fakeClient';
import { freshDisk, openPage, openVoting, type Page, type PageOptions, settle, vote } from './openLab';

const HREF = '?preset=tiny&seed=3&steps=60';
const pretrain = ({ lab }: Page) => lab.getState().runs.pretrain;
const called = ({ client }: Page, kind: string) => client.calls.filter((call) => call.kind === kind);
const codes = ({ lab }: Page) => lab.getState().notices.notices.map(({ code }) => code);
const record = async () => (await idbStorage().load()).runs[0];

/** leaves a run on the disk, at this step of 60 */
async function leaveRun(step: number): Promise<void> {
  const page = await openPage({ href: HREF });
  await page.lab.getState().runs.play('pretrain');
  page.client.advance(step);
  if (step < 60) await page.lab.getState().runs.pause('pretrain');
  await settle();
  page.kill();
}

/** a page that has not read its disk yet */
const openUnread = (options: PageOptions = {}) => openPage({ boot: false, href: HREF, ...options });

/** a page whose engine takes its time; @returns it with what lets the engine start */
async function openSlowly(options: PageOptions = {}): Promise<{ page: Page; start: () => Promise<void> }> {
  const client = new FakeClient();
  const release = client.hold('engine/start');
  const page = await openUnread({ client, ...options });
  const booting = page.lab.getState().session.boot();
  await settle();
  const start = async () => {
    release();
    await booting;
    await settle();
  };
  return { page, start };
}

describe('a press on a page that is still opening', () => {
  beforeEach(freshDisk);

  it.each(['play', 'step'] as const)('throws no finished run away: %s is asked about first', async (press) => {
    await leaveRun(60);
    const page = await openUnread();
    void page.lab.getState().session.boot();
    const presses = [1, 2, 3, 4].map(() => page.lab.getState().runs[press]('pretrain'));
    expect(await Promise.all(presses)).toEqual(['ask', 'ask', 'ask', 'ask']);
    await settle();
    expect(pretrain(page)).toMatchObject({ state: { status: 'done', step: 60 }, busy: null });
    expect(pretrain(page).history).toHaveLength(60);
    expect(await record()).toMatchObject({ runId: pretrain(page).runId, state: { status: 'done' } });
    expect(await idbStorage().checkpoint(pretrain(page).state?.checkpointId ?? '')).not.toBeNull();
  });

  it('starts over when the finished run was there to be seen', async () => {
    await leaveRun(60);
    const page = await openUnread();
    await page.lab.getState().session.boot();
    const before = pretrain(page).runId;
    expect(await page.lab.getState().runs.play('pretrain')).toBeUndefined();
    expect(pretrain(page).runId).not.toBe(before);
  });

  it('goes on with a run that was paused', async () => {
    await leaveRun(20);
    const page = await openUnread();
    void page.lab.getState().session.boot();
    expect(await page.lab.getState().runs.play('pretrain')).toBeUndefined();
    expect(pretrain(page).state).toMatchObject({ status: 'running', step: 20 });
  });

  it.each(['reset', 'goBack', 'keep', 'pause'] as const)(
    'does nothing to a run that was not there yet: %s',
    async (press) => {
      await leaveRun(20);
      const page = await openUnread();
      void page.lab.getState().session.boot();
      expect(await page.lab.getState().runs[press]('pretrain')).toBe('ignored');
      expect(pretrain(page).state).toMatchObject({ status: 'paused', step: 20 });
      expect(await record()).toMatchObject({ state: { step: 20 } });
    },
  );

  it('shows stored runs with their curves before the engine has started, and as not to be pressed', async () => {
    await leaveRun(60);
    const { page, start } = await openSlowly();
    expect(pretrain(page)).toMatchObject({ state: { status: 'done', step: 60 }, busy: 'restoring' });
    expect(pretrain(page).history).toHaveLength(60);
    await start();
    expect(pretrain(page)).toMatchObject({ state: { status: 'done', step: 60 }, busy: null });
  });

  it('shows a run that was stored while it ran as one that stands', async () => {
    const first = await openPage({ href: HREF });
    await first.lab.getState().runs.play('pretrain');
    first.client.advance(20);
    await first.lab.getState().session.saveNow();
    first.kill();
    const { page } = await openSlowly();
    expect(pretrain(page).state).toMatchObject({ status: 'paused', step: 20 });
  });

  it('changes a look or a wish without writing over what is stored beside it', async () => {
    const first = await openVoting();
    first.lab.getState().view.setPresenter(true);
    await first.lab.getState().demonstrations.addWished(3);
    await settle();
    first.kill();
    const page = await openPage({ boot: false });
    page.lab.getState().view.setTheme('dark');
    page.lab.getState().demonstrations.setWish({ happy: true });
    await settle();
    await page.lab.getState().session.boot();
    await settle();
    expect(page.lab.getState().demonstrations.all).toHaveLength(3);
    expect(page.lab.getState().demonstrations.wish).toMatchObject({ happy: true, polite: true });
    expect(page.lab.getState().view).toMatchObject({ theme: 'dark', presenter: true });
    const { settings } = await idbStorage().load();
    expect(settings.view).toMatchObject({ theme: 'dark', presenter: true });
    expect(settings.examples?.demonstrations).toHaveLength(3);
  });

  it('makes no stories in place of the stored text', async () => {
    const first = await openPage();
    await first.lab.getState().corpus.useText(new TextEncoder().encode('a text of my own . '.repeat(400)), 'mine.txt');
    await settle();
    first.kill();
    const page = await openPage({ boot: false });
    void page.lab.getState().session.boot();
    await page.lab.getState().corpus.generate();
    await settle();
    expect(page.lab.getState().corpus.origin).toMatchObject({ kind: 'text', name: 'mine.txt' });
    expect(page.lab.getState().corpus.busy).toBe(false);
  });

  it('forgets everything for good, what is still being brought back too', async () => {
    await leaveRun(20);
    const { page, start } = await openSlowly();
    const forgetting = page.lab.getState().session.clearAll();
    await start();
    await forgetting;
    await settle();
    expect(pretrain(page).runId).toBeNull();
    expect(await record()).toBeUndefined();
    expect(codes(page)).toEqual([]);
  });
});

describe('restores that would run side by side', () => {
  beforeEach(freshDisk);
  const otherTabsLock = (): TabLock => ({
    acquire: async () => false,
    takeOver: async () => undefined,
    release: () => undefined,
  });

  it('come one after the other when a tab that is still opening takes over', async () => {
    (await openVoting()).kill();
    const { page, start } = await openSlowly({ lock: otherTabsLock() });
    const { takeOver } = page.lab.getState().session;
    const taking = Promise.all([takeOver(), takeOver()]);
    await start();
    await taking;
    expect(called(page, 'engine/start')).toHaveLength(1);
    expect(called(page, 'shelf/import')).toHaveLength(1);
    expect(page.lab.getState().session).toMatchObject({ tab: 'live' });
    expect(page.lab.getState().shelf.slots.baseId).toBe('shipped-tiny');
  });

  it('never look finished in between', async () => {
    (await openVoting()).kill();
    const { page, start } = await openSlowly({ lock: otherTabsLock() });
    const tabs = [page.lab.getState().session.tab];
    page.lab.subscribe(({ session }) => session.tab !== tabs.at(-1) && tabs.push(session.tab));
    const taking = page.lab.getState().session.takeOver();
    await start();
    await taking;
    expect(tabs).toEqual(['opening', 'taking', 'restoring', 'live']);
  });

  it('do not begin where the lab is this tab’s already', async () => {
    const page = await openVoting({ lock: { ...otherTabsLock(), acquire: async () => true } });
    const before = called(page, 'shelf/import').length;
    await page.lab.getState().session.takeOver();
    expect(called(page, 'shelf/import')).toHaveLength(before);
    expect(page.lab.getState().session.tab).toBe('live');
  });

  it('leave the lab where it is when it cannot be taken', async () => {
    const stubborn = { ...otherTabsLock(), takeOver: () => Promise.reject(new Error('no lock')) };
    const page = await openVoting({ lock: stubborn });
    await page.lab.getState().session.takeOver();
    expect(page.lab.getState().session).toMatchObject({ tab: 'aside', storage: 'memory' });
    expect((await idbStorage().load()).checkpointIds).toEqual([]);
  });

  it('do not reset the run that a take-over brings', async () => {
    await leaveRun(20);
    const page = await openUnread({ lock: otherTabsLock() });
    await page.lab.getState().session.boot();
    const taking = page.lab.getState().session.takeOver();
    expect(await page.lab.getState().runs.reset('pretrain')).toBe('ignored');
    await taking;
    expect(pretrain(page).state).toMatchObject({ status: 'paused', step: 20 });
  });

  const openCrashed = async (options: PageOptions = {}) => {
    const next = new FakeClient();
    let threads = 0;
    const connect = () => {
      threads++;
      return next;
    };
    const page = await openVoting({ ...options, connect });
    page.client.crash();
    return { page, next, threads: () => threads };
  };

  it('ask a new thread for no pair before it has its models back', async () => {
    const { page, next } = await openCrashed();
    const release = next.hold('shelf/import');
    const restarting = page.lab.getState().engine.restart();
    page.lab.setState(({ pairs }) => ({ pairs: { ...pairs, shown: null, queue: [] } }));
    const preparing = page.lab.getState().pairs.prepare();
    await settle();
    expect(next.calls.map(({ kind }) => kind)).not.toContain('compare/pairs');
    expect(isReady(page.lab.getState()), 'while its models come back').toBe(false);
    release();
    await Promise.all([restarting, preparing]);
    expect(isReady(page.lab.getState())).toBe(true);
    expect(page.lab.getState().pairs.shown).not.toBeNull();
    expect(page.lab.getState().pairs.error).toBeNull();
  });

  it('make one new thread, however often Restart is pressed', async () => {
    const { page, threads } = await openCrashed();
    const { restart } = page.lab.getState().engine;
    await Promise.all([restart(), restart()]);
    expect(threads()).toBe(1);
    expect(page.lab.getState().engine.status).toBe('ready');
  });

  it('do not look finished when the new thread dies as well', async () => {
    (await openVoting()).kill();
    const next = new FakeClient();
    const page = await openPage({ connect: () => next });
    page.client.crash();
    const release = next.hold('shelf/import');
    const restarting = page.lab.getState().engine.restart();
    await settle();
    next.crash();
    release();
    await restarting;
    expect(page.lab.getState().engine.status).toBe('crashed');
    expect(codes(page)).toContain('engine/crashed');
    expect(RUN_KINDS.map((kind) => page.lab.getState().runs[kind].busy)).toEqual(RUN_KINDS.map(() => null));
  });

  it('take no part from a model because the thread died while it was brought back', async () => {
    (await openVoting()).kill();
    const client = new FakeClient();
    const release = client.hold('shelf/import');
    const page = await openPage({ client, boot: false, connect: () => new FakeClient() });
    const booting = page.lab.getState().session.boot();
    await settle();
    client.crash();
    release();
    await booting;
    expect(page.lab.getState().engine.status).toBe('crashed');
    expect(page.lab.getState().shelf.slots.baseId).toBe('shipped-tiny');
    await page.lab.getState().engine.restart();
    expect(page.lab.getState().shelf.checkpoints.map(({ checkpointId }) => checkpointId)).toEqual(['shipped-tiny']);
    expect((await idbStorage().load()).settings.slots?.baseId).toBe('shipped-tiny');
  });
});

describe('a second press while the first is under way', () => {
  beforeEach(freshDisk);

  it('keeps the good lines of a file once', async () => {
    const page = await openPage();
    const line = JSON.stringify({ prompt: 'once a fox', chosen: 'it was glad .', rejected: 'it was sad .' });
    await page.lab.getState().opinions.importFile(new TextEncoder().encode(`${line}\nnonsense\n`), 'votes.jsonl');
    const { keepGoodLines } = page.lab.getState().opinions;
    await Promise.all([keepGoodLines(), keepGoodLines()]);
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(1);
  });

  it('trains on the stories that are being made', async () => {
    const page = await openPage({ href: HREF });
    const release = page.client.hold('corpus/stories');
    const making = page.lab.getState().corpus.generate();
    const playing = page.lab.getState().runs.play('pretrain');
    await settle();
    release();
    await Promise.all([making, playing]);
    expect(codes(page)).toEqual([]);
    expect(pretrain(page).state?.status).toBe('running');
    expect(called(page, 'corpus/stories')).toHaveLength(1);
  });

  it('gives a part to the model that was pressed last', async () => {
    const page = await openVoting();
    await page.lab.getState().shelf.loadShipped('small');
    const release = page.client.hold('corpus/checkpoint');
    const first = page.lab.getState().shelf.assign('policy', 'shipped-tiny');
    await settle();
    release();
    await Promise.all([first, page.lab.getState().shelf.assign('policy', 'shipped-small')]);
    expect(page.lab.getState().shelf.slots.baseId).toBe('shipped-small');
  });

  it('takes a vote back without losing the pairs that come meanwhile', async () => {
    const page = await openVoting();
    await vote(page, 'a');
    const { pair } = page.lab.getState().pairs.shown!;
    const late = { ...pair, setId: 'late' };
    const undoing = page.lab.getState().pairs.undo();
    page.lab.setState(({ pairs }) => ({ pairs: { ...pairs, queue: [...pairs.queue, late] } }));
    await undoing;
    const { queue } = page.lab.getState().pairs;
    expect([queue[0]?.setId, queue.at(-1)?.setId]).toEqual([pair.setId, 'late']);
  });
});
