import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/contract/limits';
import { type Vote, votesIn } from '../../../src/contract/preferences';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { freshDisk, openPage, openVoting, settle, vote } from '../openLab';

const stored = async () => votesIn((await idbStorage().load()).opinions);

describe('voting', () => {
  beforeEach(freshDisk);

  it('opens Compare with a pair to vote on when the trained model is chosen', async () => {
    const { lab } = await openVoting();
    const { view, pairs, shelf, corpus } = lab.getState();
    expect(view.stage).toBe('compare');
    expect(pairs.shown).not.toBeNull();
    expect(pairs.queue.length).toBeGreaterThanOrEqual(4);
    expect(shelf.slots.baseId).toBe('shipped-tiny');
    expect(corpus.summary).not.toBeNull();
  });

  it('stores a vote before the next pair shows', async () => {
    const storage = idbStorage();
    const order: string[] = [];
    const { putOpinions } = storage;
    storage.putOpinions = async (votes) => {
      await putOpinions(votes);
      order.push('on disk');
    };
    const page = await openVoting({ storage });
    const first = page.lab.getState().pairs.shown;
    page.lab.subscribe((state, before) => {
      if (state.pairs.shown !== before.pairs.shown) order.push('next pair');
    });
    await vote(page);
    expect(order).toEqual(['on disk', 'next pair']);
    expect(page.lab.getState().pairs.shown?.pair).not.toEqual(first?.pair);
    expect(await stored()).toHaveLength(1);
  });

  it('records what stood left and right, who wrote it, how long it took and that a person chose', async () => {
    const page = await openVoting();
    const shown = page.lab.getState().pairs.shown;
    await vote(page, 'b');
    expect(votesIn(page.lab.getState().opinions.all)[0]).toMatchObject({
      completions: [shown?.a, shown?.b],
      ranks: [2, 1],
      swapped: shown?.swapped,
      source: 'human',
      policyId: 'shipped-tiny',
      seconds: 1,
    });
  });

  it.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
  ])('counts votes, with the time they took, while the date is set %s', async (_where, ms) => {
    const page = await openVoting();
    page.setDate(ms);
    await vote(page, 'a');
    await vote(page, 'b');
    await page.lab.getState().pairs.undo();
    page.setDate(-ms);
    await vote(page, 'tie');
    expect(await stored()).toMatchObject([
      { ranks: [1, 2], seconds: 1, at: 1_700_000_001_000 + ms },
      { ranks: [1, 1], seconds: 1, at: 1_700_000_003_000 },
    ]);
  });

  it('ignores keys in the first 300 ms of a pair', async () => {
    const page = await openVoting();
    page.wait(299);
    await page.lab.getState().pairs.vote('a');
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(0);
    page.wait(1);
    await page.lab.getState().pairs.vote('a');
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(1);
  });

  it('counts a key that is pressed twice while the vote is being stored once', async () => {
    const page = await openVoting();
    page.wait(1000);
    await Promise.all([page.lab.getState().pairs.vote('a'), page.lab.getState().pairs.vote('a')]);
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(1);
  });

  it('takes the last vote back, shows its pair as it stood, and keeps the pair that was on the screen', async () => {
    const page = await openVoting();
    const first = page.lab.getState().pairs.shown;
    await vote(page);
    const second = page.lab.getState().pairs.shown;
    await page.lab.getState().pairs.undo();
    const { shown, queue } = page.lab.getState().pairs;
    const votes = votesIn(page.lab.getState().opinions.all);
    expect(votes).toHaveLength(0);
    expect([shown?.a, shown?.b, shown?.swapped]).toEqual([first?.a, first?.b, first?.swapped]);
    expect(queue[0]).toEqual(second?.pair);
    expect(await stored()).toHaveLength(0);
  });

  it('skips without a vote', async () => {
    const page = await openVoting();
    const first = page.lab.getState().pairs.shown;
    await page.lab.getState().pairs.skip();
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(0);
    expect(page.lab.getState().pairs.shown?.pair).not.toEqual(first?.pair);
  });

  it('draws sides by the seed: about half are swapped, and the same seed swaps the same ones', async () => {
    const sides = async (href: string) => {
      freshDisk();
      const page = await openVoting({ href });
      const swapped: boolean[] = [];
      for (let i = 0; i < 30; i++) {
        if (page.lab.getState().pairs.shown?.repeatOf === null)
          swapped.push(page.lab.getState().pairs.shown?.swapped ?? false);
        await vote(page, i % 2 ? 'a' : 'b');
      }
      return swapped;
    };
    const once = await sides('?preset=tiny&seed=1');
    expect(once.filter(Boolean).length).toBeGreaterThan(6);
    expect(once.filter(Boolean).length).toBeLessThan(once.length - 6);
    expect(await sides('?preset=tiny&seed=1')).toEqual(once);
    expect(await sides('?preset=tiny&seed=2')).not.toEqual(once);
  });

  it('repeats an earlier pair, sides exchanged, every sixth to eighth time', async () => {
    const page = await openVoting();
    const turns: number[] = [];
    for (let turn = 0; turn < 40; turn++) {
      const { shown } = page.lab.getState().pairs;
      const votes = votesIn(page.lab.getState().opinions.all);
      if (shown?.repeatOf) {
        turns.push(turn);
        const earlier = votes.find(({ rankingId }) => rankingId === shown.repeatOf);
        expect([shown.a, shown.b]).toEqual([...(earlier?.completions ?? [])].reverse());
        expect(shown.swapped).toBe(!earlier?.swapped);
      }
      await vote(page, turn % 3 ? 'a' : 'b');
    }
    const gaps = turns.slice(1).map((turn, i) => turn - (turns[i] as number));
    expect(gaps.length).toBeGreaterThanOrEqual(4);
    for (const gap of gaps) expect([6, 7, 8]).toContain(gap);
  });

  it('never has the visitor wait when the queue is filled in time', async () => {
    const page = await openVoting();
    let waited = false;
    page.lab.subscribe(({ pairs }) => {
      waited ||= pairs.loading;
    });
    for (let i = 0; i < 25; i++) await vote(page);
    expect(waited).toBe(false);
  });

  it('says which stage is missing when there is no model to write texts', async () => {
    const { lab } = await openPage();
    await lab.getState().pairs.prepare();
    const { notices, pairs } = lab.getState();
    expect(notices.notices[0]?.code).toBe('run/missingInput');
    expect(notices.notices[0]?.actions[0]).toMatchObject({ kind: 'stage', stage: 'pretrain' });
    expect(pairs.loading).toBe(false);
  });

  it('shows pairs of the new model when the base model changes', async () => {
    const page = await openVoting();
    await page.lab.getState().shelf.loadShipped('small');
    await settle();
    const { shown, queue } = page.lab.getState().pairs;
    for (const pair of [shown?.pair, ...queue]) expect(pair?.policyId).toBe('shipped-small');
  });

  it('adds simulated votes under their own name', async () => {
    const page = await openVoting();
    await vote(page);
    page.lab.getState().opinions.setRater({ name: 'short' });
    page.lab.getState().opinions.setNoise(0.1);
    await page.lab.getState().opinions.simulate(50);
    const sources = votesIn(page.lab.getState().opinions.all).map(({ source }) => source);
    expect(sources.filter((source) => source === 'simulated')).toHaveLength(50);
    expect(sources.filter((source) => source === 'human')).toHaveLength(1);
    expect(page.client.calls.findLast(({ kind }) => kind === 'compare/simulate')?.params).toMatchObject({
      rater: { name: 'short' },
      noise: 0.1,
    });
    expect(await stored()).toHaveLength(51);
  });

  it('is offered to be taken back while it is the last one: not once it was undone, or others came from a file', async () => {
    const page = await openVoting();
    const { pairs, notices, opinions } = page.lab.getState();
    const offers = () => page.lab.getState().notices.toasts.filter(({ action }) => action?.kind === 'undo');
    await vote(page);
    await vote(page, 'b');
    expect(offers()).toHaveLength(1);
    await pairs.undo();
    expect(offers()).toEqual([]);
    expect(await stored()).toHaveLength(1);

    await vote(page, 'b');
    const [first] = await stored();
    await opinions.add([{ ...first!, rankingId: 'from a file' }]);
    expect(offers()).toEqual([]);
    await vote(page);
    await notices.act(offers()[0]!.action!);
    expect((await stored()).map(({ rankingId }) => rankingId)).toContain('from a file');
    expect(offers()).toEqual([]);
  });

  it('undoes the last human vote, never a simulated one', async () => {
    const page = await openVoting();
    await vote(page);
    await page.lab.getState().opinions.simulate(5);
    await page.lab.getState().pairs.undo();
    expect(votesIn(page.lab.getState().opinions.all).map(({ source }) => source)).toEqual(Array(5).fill('simulated'));
  });

  it('clears the votes of one source', async () => {
    const page = await openVoting();
    await vote(page);
    await page.lab.getState().opinions.simulate(5);
    await page.lab.getState().opinions.clear('simulated');
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(1);
    expect(await stored()).toHaveLength(1);
  });
});

describe('votes files', () => {
  beforeEach(freshDisk);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const good = '{"prompt":"the fox ran .","chosen":"it sang .","rejected":"it wept ."}';
  const other = good.replace('sang', 'slept');

  it('exports what can be imported elsewhere, counted as imported there', async () => {
    const page = await openVoting();
    for (const choice of ['a', 'b', 'tie', 'bothBad'] as const) await vote(page, choice);
    await page.lab.getState().opinions.exportFile();
    const content = page.files[0]?.content as string;
    freshDisk();
    const other = await openPage();
    await other.lab.getState().opinions.importFile(bytes(content), 'votes.jsonl');
    const imported = votesIn(other.lab.getState().opinions.all);
    expect(imported.map(({ completions, ranks }) => [completions, ranks])).toEqual(
      votesIn(page.lab.getState().opinions.all).map(({ completions, ranks }) => [completions, ranks]),
    );
    expect(new Set(imported.map(({ source }) => source))).toEqual(new Set(['imported']));
  });

  it('names bad lines by number and changes nothing until the visitor decides', async () => {
    const page = await openPage();
    await page.lab.getState().opinions.importFile(bytes(`${good}\nnot json\n${other}\n{"prompt":3}\n`), 'mixed.jsonl');
    const { opinions, notices } = page.lab.getState();
    expect(opinions.all).toHaveLength(0);
    expect(opinions.pendingImport?.badLines.map(({ line }) => line)).toEqual([2, 4]);
    expect(notices.notices[0]?.message).toContain('line 2');
    expect(notices.notices[0]?.message).toContain('line 4');
    await page.lab.getState().notices.act({ kind: 'keepGoodLines', label: '' }, notices.notices[0]?.noticeId);
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(2);
    expect(page.lab.getState().opinions.pendingImport).toBeNull();
  });

  it('asks about no file under the name of the next one', async () => {
    const page = await openPage();
    await page.lab.getState().opinions.importFile(bytes(`${good}\noops`), 'mixed.jsonl');
    await page.lab.getState().opinions.importFile(new Uint8Array([0xff, 0xd8, 0xff]), 'picture.png');
    const { opinions, notices } = page.lab.getState();
    expect(opinions.pendingImport).toBeNull();
    expect(notices.notices).toMatchObject([{ message: expect.stringContaining('picture.png'), actions: [] }]);
  });

  it('keeps none when the visitor says so', async () => {
    const page = await openPage();
    await page.lab.getState().opinions.importFile(bytes(`${good}\noops`), 'mixed.jsonl');
    page.lab.getState().opinions.cancelImport();
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(0);
    expect(page.lab.getState().opinions.pendingImport).toBeNull();
    expect(page.lab.getState().notices.notices).toHaveLength(0);
  });

  it('refuses a file that is not text', async () => {
    const page = await openPage();
    await page.lab.getState().opinions.importFile(new Uint8Array([0xff, 0xfe, 0x00, 0xc3]), 'picture.png');
    const [notice] = page.lab.getState().notices.notices;
    expect(notice?.code).toBe('file/votes');
    expect(notice?.title).toBe('This file holds no vote that can be read');
    expect(`${notice?.title} ${notice?.next}`).not.toMatch(/good lines/);
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(0);
  });

  it('counts no vote a second time when its file comes back, here or elsewhere', async () => {
    const page = await openVoting();
    for (const choice of ['a', 'b', 'tie'] as const) await vote(page, choice);
    await page.lab.getState().opinions.exportFile();
    const content = bytes(page.files[0]?.content as string);
    await page.lab.getState().opinions.importFile(content, 'votes.jsonl');
    expect(page.lab.getState().opinions.error).toMatchObject({
      code: 'file/known',
      message: expect.stringContaining('line 1 (the same vote as one that is here)'),
    });
    expect(page.lab.getState().notices.notices[0]?.title).toBe('Everything in this file is here already');
    expect(await stored()).toHaveLength(3);
    freshDisk();
    const other = await openPage();
    await other.lab.getState().opinions.importFile(content, 'votes.jsonl');
    await other.lab.getState().opinions.importFile(content, 'votes.jsonl');
    expect(await stored()).toHaveLength(3);
  });

  it('asks the disk for a bounded number at a time, however many come', async () => {
    const page = await openPage();
    const { getKey } = IDBIndex.prototype;
    const { put } = IDBObjectStore.prototype;
    let [waiting, most, asked] = [0, 0, 0];
    const counted = <R extends IDBRequest>(request: R): R => {
      most = Math.max(most, ++waiting);
      request.addEventListener('success', () => waiting--);
      return request;
    };
    IDBIndex.prototype.getKey = function (this: IDBIndex, query) {
      asked++;
      return counted(getKey.call(this, query));
    };
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value, key) {
      return counted(key === undefined ? put.call(this, value) : put.call(this, value, key));
    };
    const lines = Array.from({ length: 1200 }, (_, i) => good.replace('sang', `${i}`));
    const open = (from: number, to: number) =>
      page.lab.getState().opinions.importFile(bytes(lines.slice(from, to).join('\n')), 'many.jsonl');
    await open(0, 600);
    expect(asked).toBe(0); // of a disk on which nothing is
    await open(600, 1200);
    [IDBIndex.prototype.getKey, IDBObjectStore.prototype.put] = [getKey, put];
    expect(await stored()).toHaveLength(1200);
    expect(asked).toBe(600);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(500);
  });

  it('reads two files that come at once one after the other', async () => {
    const page = await openPage();
    const { importFile } = page.lab.getState().opinions;
    await Promise.all([importFile(bytes(good), 'once.jsonl'), importFile(bytes(good), 'twice.jsonl')]);
    expect(votesIn(page.lab.getState().opinions.all)).toHaveLength(1);
    expect(page.lab.getState().opinions.error?.message).toContain(
      'twice.jsonl: line 1 (the same vote as one that is here)',
    );
  });

  it('keeps repeats with the votes that they repeat, under whichever ids', async () => {
    const page = await openPage();
    const line = (fields: object) =>
      JSON.stringify({
        prompt: 'the fox ran .',
        completions: ['it sang .', 'it wept .'],
        choice: 'a',
        at: 5,
        ...fields,
      });
    const file = (at: number) =>
      bytes([line({ voteId: 'v1', at }), line({ voteId: 'v2', repeatOf: 'v1', at: at + 1 })].join('\n'));
    await page.lab.getState().opinions.importFile(file(5), 'mine.jsonl');
    await page.lab.getState().opinions.importFile(file(15), 'theirs.jsonl');
    const votes = votesIn(page.lab.getState().opinions.all);
    expect(new Set(votes.map(({ rankingId }) => rankingId)).size).toBe(4);
    expect(votes.map(({ repeatOf }) => repeatOf)).toEqual([null, votes[0]?.rankingId, null, votes[2]?.rankingId]);
  });

  it('takes as many as the lab keeps, says how many came, and asks for room after that', async () => {
    const page = await openPage();
    const state = () => page.lab.getState();
    await state().opinions.importFile(bytes(good), 'one.jsonl');
    const [own] = votesIn(state().opinions.all) as [Vote];
    const many = Array.from({ length: LIMITS.votes - 2 }, (_, i) => ({ ...own, rankingId: `v${i}`, at: i + 1 }));
    page.lab.setState({ opinions: { ...state().opinions, all: many } });
    const lines = Array.from({ length: 5 }, (_, i) => good.replace('sang', 'sang '.repeat(i + 1)));
    await state().opinions.importFile(bytes(lines.join('\n')), 'mine.jsonl');
    expect(votesIn(state().opinions.all)).toHaveLength(LIMITS.votes);
    expect(state().notices.notices[0]).toMatchObject({
      code: 'opinions/full',
      message: '5 votes came, and 99,998 are here. The lab keeps 100,000: the first 2 were taken.',
    });
    await state().opinions.importFile(bytes(other), 'more.jsonl');
    expect(state().notices.notices[0]?.message).toContain('none was taken');
    await state().shelf.loadShipped('tiny');
    await state().pairs.prepare();
    const full = 'The lab keeps 100,000 votes, and they are all here.';
    for (const add of [() => state().opinions.simulate(3), () => vote(page)]) {
      state().notices.clear('opinions/full');
      await add();
      expect(state().notices.notices.at(-1)?.message).toBe(full);
    }
    expect(votesIn(state().opinions.all)).toHaveLength(LIMITS.votes);
  });
});
