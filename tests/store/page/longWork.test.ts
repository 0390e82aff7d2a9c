import { beforeEach, describe, expect, it } from 'vitest';
import { RUN_KINDS } from '../../../src/contract/domain';
import { votesIn } from '../../../src/contract/preferences';
import type { CallKind } from '../../../src/contract/protocol';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import type { LabState, WorkKind } from '../../../src/store/state';
import { freshDisk, openPage, type Page, settle } from '../openLab';

beforeEach(freshDisk);

const bytes = (text: string) => new TextEncoder().encode(text);
const LINES = Array.from(
  { length: 30 },
  (_, i) => `{"prompt": "the fox .", "completion": "it sang ${'. '.repeat(i)}"}`,
).join('\n');
const VOTES = LINES.replaceAll('"completion"', '"rejected": "it cried .", "chosen"');

/** a model that the shelf does not hold yet, as the scripted client writes them */
const MODEL = bytes(JSON.stringify({ checkpointId: 'other', name: 'Other', kind: 'policy' }));

/** what must be as it was, whatever was cancelled */
const kept = ({
  config,
  engine,
  shelf,
  runs,
  earlier,
  corpus,
  opinions,
  pairs,
  demonstrations,
  groups,
  taste,
  inspect,
  placed,
}: LabState) => ({
  config: config.value,
  engine: [engine.probe, engine.probing],
  shelf: [shelf.checkpoints, shelf.slots, shelf.selectedId, shelf.busy, shelf.error],
  runs: RUN_KINDS.map((one) => ({ ...runs[one] })),
  earlier: earlier.runs,
  groups: [groups.shown, groups.queue, groups.drawn, groups.loading],
  taste: [taste.result, taste.vetoed, taste.busy],
  inspect: [inspect.maps, inspect.next, inspect.completion, inspect.busy],
  corpus: [corpus.summary, corpus.origin, corpus.busy],
  opinions: [opinions.all, opinions.simulating, opinions.pendingImport],
  pairs: [pairs.shown, pairs.queue, pairs.drawn, pairs.loading],
  placed: [placed.models, placed.busy],
  demonstrations: [demonstrations.all, demonstrations.pendingImport, demonstrations.busy],
});

interface Case {
  kind: WorkKind;
  call: CallKind;
  start(page: Page): Promise<void>;
}
const NO_MODEL: Case[] = [
  {
    kind: 'shipped',
    call: 'shelf/shipped',
    start: async ({ lab }) => void (await lab.getState().shelf.loadShipped('small')),
  },
  {
    kind: 'corpus',
    call: 'corpus/stories',
    start: async ({ lab }) => void (await lab.getState().runs.play('pretrain')),
  },
  {
    kind: 'run/pretrain',
    call: 'corpus/stories',
    start: async ({ lab }) => void (await lab.getState().runs.play('pretrain')),
  },
];
const CASES: Case[] = [
  { kind: 'corpus', call: 'corpus/stories', start: ({ lab }) => lab.getState().corpus.generate() },
  {
    kind: 'corpus',
    call: 'corpus/text',
    start: ({ lab }) => lab.getState().corpus.useText(bytes('A text. '.repeat(50)), 'a.txt'),
  },
  { kind: 'votes', call: 'compare/simulate', start: ({ lab }) => lab.getState().opinions.simulate(300) },
  { kind: 'rankings', call: 'compare/rank', start: ({ lab }) => lab.getState().opinions.simulate(50, 'rankings') },
  { kind: 'wishes', call: 'finetune/demonstrations', start: ({ lab }) => lab.getState().demonstrations.addWished(200) },
  {
    kind: 'voteFile',
    call: 'texts/check',
    start: ({ lab }) => lab.getState().opinions.importFile(bytes(VOTES), 'votes.jsonl'),
  },
  {
    kind: 'demonstrationFile',
    call: 'texts/check',
    start: ({ lab }) => lab.getState().demonstrations.importFile(bytes(LINES), 'd.jsonl'),
  },
  { kind: 'pairs', call: 'compare/pairs', start: ({ lab }) => lab.getState().pairs.prepare() },
  { kind: 'groups', call: 'compare/candidates', start: ({ lab }) => lab.getState().groups.prepare() },
  { kind: 'taste', call: 'taste/infer', start: ({ lab }) => lab.getState().taste.infer() },
  { kind: 'taste', call: 'taste/infer', start: ({ lab }) => lab.getState().taste.toggleVeto('length') },
  { kind: 'inspect', call: 'inspect/attention', start: ({ lab }) => lab.getState().inspect.refresh() },
  { kind: 'inspect', call: 'inspect/next', start: ({ lab }) => lab.getState().inspect.refresh() },
  { kind: 'complete', call: 'inspect/complete', start: ({ lab }) => lab.getState().inspect.complete() },
  { kind: 'probe', call: 'engine/probe', start: ({ lab }) => lab.getState().engine.measure() },
  {
    kind: 'modelFile',
    call: 'shelf/import',
    start: ({ lab }) => lab.getState().shelf.importFile(MODEL, 'm.safetensors'),
  },
  { kind: 'saveModel', call: 'shelf/export', start: ({ lab }) => lab.getState().shelf.exportFile('shipped-tiny') },
  { kind: 'copyModel', call: 'shelf/duplicate', start: ({ lab }) => lab.getState().shelf.duplicate('shipped-tiny') },
  {
    kind: 'run/pretrain',
    call: 'run/create',
    start: async ({ lab }) => void (await lab.getState().runs.play('pretrain')),
  },
  {
    kind: 'run/pretrain',
    call: 'run/create',
    start: async ({ lab }) => void (await lab.getState().runs.step('pretrain')),
  },
];

describe('long work', () => {
  const cancels = async (page: Page, { kind, call, start }: Case) => {
    const state = () => page.lab.getState();
    const before = kept(state());
    const files = page.files.length;
    const release = page.client.hold(call);
    const asked = page.client.calls.length;
    const work = start(page);
    while (!page.client.calls.slice(asked).some((one) => one.kind === call) || !state().work.underway[kind])
      await new Promise((next) => setTimeout(next));
    await new Promise((next) => setTimeout(next, 5));
    page.client.progress(call, { done: 3, total: 7, label: 'looking' });
    expect(state().work.underway[kind]).toEqual({
      progress: { done: 3, total: 7, label: 'looking' },
      cancelling: false,
    });
    state().work.cancel(kind);
    await work;
    release();
    expect(state().work.underway).toEqual({});
    expect(kept(state())).toEqual(before);
    expect(page.files).toHaveLength(files);
    expect(state().notices.notices).toEqual([]);
    expect(
      state()
        .notices.toasts.map(({ text }) => text)
        .filter((text) => text.startsWith('Cancelled')),
    ).toEqual(['Cancelled: nothing was changed.']);
  };

  it.each(CASES)('is under way, tells how far it is, and cancelled leaves all as it was: $kind, $call', async (one) => {
    const page = await openPage();
    await page.lab.getState().shelf.loadShipped('tiny');
    await page.lab.getState().corpus.generate();
    page.lab.getState().inspect.setText('the fox sang .');
    await settle(20);
    await cancels(page, one);
  });

  it.each(NO_MODEL)('leaves an empty lab empty: $kind, $call', async (one) => {
    await cancels(await openPage(), one);
  });

  it('gives a finished run back, on the page and on disk, when the next one is cancelled before it is made', async () => {
    const page = await openPage();
    const state = () => page.lab.getState();
    await state().shelf.startTrained('tiny');
    await state().opinions.simulate(40);
    await state().runs.play('reward');
    page.client.advance(500);
    await settle();
    await state().runs.play('ppo');
    page.client.advance(500);
    await settle();
    expect(state().runs.ppo.state?.status).toBe('done');
    for (const { toastId } of state().notices.toasts) state().notices.dismissToast(toastId);
    const stored = await idbStorage().load();
    const { runId } = state().runs.ppo;
    await cancels(page, {
      kind: 'run/ppo',
      call: 'run/create',
      start: async ({ lab }) => void (await lab.getState().runs.play('ppo')),
    });
    await settle();
    const after = await idbStorage().load();
    expect(after.runs.find(({ kind }) => kind === 'ppo')?.runId).toBe(runId);
    expect(after.runs).toHaveLength(stored.runs.length);
    expect((await idbStorage().points(runId as string)).length).toBeGreaterThan(0);
  });

  it('that another needs ends with it, and begins nothing', async () => {
    const page = await openPage();
    const state = () => page.lab.getState();
    await state().shelf.startTrained('tiny');
    await state().opinions.simulate(5);
    page.client.hold('taste/infer');
    for (let i = 0; i < 14; i++) {
      page.wait(1000);
      await state().pairs.vote(i % 2 === 0 ? 'a' : 'b');
    }
    const work = state().runs.play('reward');
    await settle(20);
    page.client.progress('taste/infer', { done: 1, total: 2, label: 'reading votes' });
    expect(state().work.underway['run/reward']?.progress?.label).toBe('reading votes');
    state().work.cancel('run/reward');
    await work;
    expect(state().work.underway).toEqual({});
    expect(state().runs.reward.runId).toBeNull();
    expect(page.client.calls.some(({ kind }) => kind === 'run/create')).toBe(false);
  });

  it('scores the newest text, whatever is cancelled of those before it', async () => {
    const page = await openPage();
    const state = () => page.lab.getState();
    await state().shelf.startTrained('tiny');
    await state().opinions.simulate(40);
    await state().runs.play('reward');
    page.client.advance(500);
    await settle();
    const release = page.client.hold('reward/score');
    state().scoring.setText('the fox sang .');
    await settle(20);
    state().work.cancel('score');
    await settle(20);
    expect(state().scoring).toMatchObject({ busy: false, result: null, error: { code: 'work/cancelled' } });
    state().scoring.setText('the fox cried .');
    await settle(20);
    state().scoring.setText('the fox danced .');
    release();
    await settle(20);
    expect(state().scoring).toMatchObject({ busy: false, error: null });
    expect(page.client.calls.at(-1)).toMatchObject({ kind: 'reward/score', params: { text: 'the fox danced .' } });
  });

  it('takes no Cancel while something is written as a whole', async () => {
    const page = await openPage();
    const state = () => page.lab.getState();
    await state().shelf.startTrained('tiny');
    await state().opinions.simulate(40);
    const work = state().opinions.clear();
    expect(state().work.underway.clearVotes).toMatchObject({ committed: true, cancelling: false });
    state().work.cancel('clearVotes');
    expect(state().work.underway.clearVotes).toMatchObject({ committed: true, cancelling: false });
    await work;
    expect(votesIn(state().opinions.all)).toEqual([]);
  });

  it('writes a file of many lines a few at a time, and none when it is cancelled', async () => {
    const page = await openPage();
    const state = () => page.lab.getState();
    await state().shelf.startTrained('tiny');
    await state().opinions.simulate(10);
    const [vote] = votesIn(state().opinions.all);
    page.lab.setState((lab) => ({
      opinions: { ...lab.opinions, all: Array.from({ length: 12_000 }, (_, i) => ({ ...vote!, rankingId: `v${i}` })) },
    }));
    const cancelled = state().opinions.exportFile();
    expect(state().work.underway.export?.progress).toMatchObject({ total: 12_000 });
    state().work.cancel('export');
    await cancelled;
    expect(page.files).toEqual([]);
    await state().opinions.exportFile();
    expect(String(page.files[0]?.content).trimEnd().split('\n')).toHaveLength(12_000);
  });

  it('leaves a stored run stored when its return is cancelled', async () => {
    const first = await openPage();
    await first.lab.getState().corpus.generate();
    await first.lab.getState().runs.play('pretrain');
    first.client.advance(3);
    await first.lab.getState().runs.pause('pretrain');
    await settle();
    first.kill();
    const page = await openPage({ boot: false });
    const state = () => page.lab.getState();
    page.client.hold('run/restore');
    const boot = state().session.boot();
    while (!state().work.underway['run/pretrain']) await new Promise((next) => setTimeout(next));
    state().work.cancel('run/pretrain');
    await boot;
    expect(state().runs.pretrain.state).toMatchObject({
      status: 'stopped',
      message: expect.stringContaining('stored'),
    });
    expect(state().runs.pretrain.busy).toBeNull();
    expect(state().notices.notices).toEqual([]);
    expect((await idbStorage().load()).runs).toHaveLength(1);
    const { runId } = state().runs.pretrain;
    expect((await idbStorage().snapshots(runId as string)).length).toBeGreaterThan(0);
  });

  it('goes on to its end when nobody cancels it, and can be started again when somebody did', async () => {
    const page = await openPage();
    const state = () => page.lab.getState();
    await state().shelf.loadShipped('tiny');
    const release = page.client.hold('compare/simulate');
    const first = state().opinions.simulate(20);
    await new Promise((next) => setTimeout(next, 5));
    state().work.cancel('votes');
    await first;
    release();
    state().work.cancel('votes'); // nothing is under way
    await state().opinions.simulate(20);
    expect(votesIn(state().opinions.all)).toHaveLength(20);
    expect(state().work.underway).toEqual({});
  });
});
