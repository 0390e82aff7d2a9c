/** Ranking several completions of one prompt, as the page holds it. */

import { beforeEach, describe, expect, it } from 'vitest';
import { groupsIn, votesIn } from '../../../src/contract/preferences';
import { moved, placedAt, withStrength } from '../../../src/store/opinions/arrangement';
import { stageStatus } from '../../../src/store/page/stageStatus';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { saidOf } from '../../helpers/plainVote';
import { freshDisk, openPage, openVoting, type Page, type PageOptions, settle, vote } from '../openLab';

const stored = async () => groupsIn((await idbStorage().load()).opinions);
const rankings = ({ lab }: Page) => lab.getState().groups;
const kept = ({ lab }: Page) => groupsIn(lab.getState().opinions.all);
const bytes = (text: string) => new TextEncoder().encode(text);

async function openRanking(options: PageOptions = {}): Promise<Page> {
  const page = await openVoting({ href: '?compare=rankings&rankingSize=4#/compare', ...options });
  await rankings(page).prepare();
  return page;
}

/** the first as drawn becomes the best, the second the next, and so on */
async function rank(page: Page, places = 4): Promise<void> {
  const { arrangement, arrange } = rankings(page);
  let now = arrangement!;
  for (let item = 0; item < places - 1; item++) now = placedAt(now, item, item + 1);
  arrange(now);
  page.wait(1000);
  await rankings(page).rank();
}

describe('ranking', () => {
  beforeEach(freshDisk);

  it('shows as many completions of one prompt as the address asks for, all tied at first', async () => {
    const page = await openRanking({ href: '?compare=rankings&rankingSize=6#/compare' });
    expect(rankings(page).shown?.set.completions).toHaveLength(6);
    expect(rankings(page).arrangement?.tiers).toEqual([[0, 1, 2, 3, 4, 5]]);
    expect(page.client.calls.find(({ kind }) => kind === 'compare/candidates')?.params).toMatchObject({
      size: 6,
      policyId: 'shipped-tiny',
    });
  });

  it('stores a ranking before the next group shows, with ranks, time and writer', async () => {
    const storage = idbStorage();
    const order: string[] = [];
    const { putOpinions } = storage;
    storage.putOpinions = async (more) => {
      await putOpinions(more);
      order.push('on disk');
    };
    const page = await openRanking({ storage });
    const { set } = rankings(page).shown!;
    page.lab.subscribe((state, before) => {
      if (state.groups.shown !== before.groups.shown) order.push('next group');
    });
    await rank(page);
    expect(order).toEqual(['on disk', 'next group']);
    expect(rankings(page).shown?.set).not.toEqual(set);
    expect(rankings(page).arrangement?.tiers).toEqual([[0, 1, 2, 3]]);
    const { prompt, completions, policyId } = set;
    const ranking = {
      prompt,
      completions,
      policyId,
      ranks: [1, 2, 3, 4],
      strengths: null,
      source: 'human',
      rater: null,
      seconds: 1,
    };
    expect(kept(page)).toMatchObject([ranking]);
    expect(await stored()).toEqual(kept(page));
    expect(page.lab.getState().notices.toasts.at(-1)?.text).toBe('Ranking stored: 6 comparisons.');
  });

  it('counts rankings, with the time they took, while the date is set back', async () => {
    const page = await openRanking();
    page.setDate(-3_600_000);
    await rank(page);
    expect(kept(page)).toMatchObject([{ seconds: 1, at: 1_700_000_001_000 - 3_600_000 }]);
  });

  it('keeps how strongly, where the visitor said so', async () => {
    const page = await openRanking();
    rankings(page).arrange(withStrength(moved(rankings(page).arrangement!, 2, -1), 0, 2 / 3));
    page.wait(1000);
    await rankings(page).rank();
    expect(kept(page)).toMatchObject([{ ranks: [2, 2, 1, 2], strengths: [2 / 3] }]);
  });

  it('takes nothing while all tie, nor in the first 300 ms of a group', async () => {
    const page = await openRanking();
    page.wait(1000);
    await rankings(page).rank();
    expect(kept(page)).toEqual([]);
    await rankings(page).skip();
    rankings(page).arrange(moved(rankings(page).arrangement!, 1, -1));
    page.wait(299);
    await rankings(page).rank();
    expect(kept(page)).toEqual([]);
    page.wait(1);
    await rankings(page).rank();
    expect(kept(page)).toHaveLength(1);
  });

  it('takes the last one back, on disk too, and shows its group as it was put', async () => {
    const page = await openRanking();
    const { set } = rankings(page).shown!;
    await rank(page, 3);
    const next = rankings(page).shown!.set;
    const [toast] = page.lab.getState().notices.toasts;
    await page.lab.getState().notices.act(toast!.action!);
    expect(kept(page)).toEqual([]);
    expect(await stored()).toEqual([]);
    expect(rankings(page).shown?.set).toMatchObject({ prompt: set.prompt, completions: set.completions });
    expect(rankings(page).arrangement?.tiers).toEqual([[0], [1], [2, 3]]);
    await rank(page);
    expect(rankings(page).shown?.set, 'what stood there comes next').toEqual(next);
  });

  it('skips without storing, and goes on to other prompts', async () => {
    const page = await openRanking();
    const seen = new Set<string>();
    for (let i = 0; i < 7; i++) {
      seen.add(rankings(page).shown!.set.setId);
      await rankings(page).skip();
    }
    expect(seen.size).toBe(7);
    expect(kept(page)).toEqual([]);
  });

  it('shows the group that was not ranked again after a reload, and knows the rankings', async () => {
    const page = await openVoting();
    page.lab.getState().config.change('compare', { task: 'rankings' });
    await rankings(page).prepare();
    await rank(page);
    await rank(page);
    const { setId } = rankings(page).shown!.set;
    const before = kept(page);
    await settle();
    page.kill();
    const again = await openPage();
    await settle();
    expect(again.lab.getState().config.value.compare).toEqual({ task: 'rankings', rankingSize: 4 });
    expect(kept(again)).toEqual(before);
    await rankings(again).prepare();
    expect(rankings(again).shown?.set.setId).toBe(setId);
    expect(again.lab.getState().session.resume).toMatchObject({ votes: 0, rankings: 2, stage: 'compare' });
  });

  it('opens a database of the version before rankings, with the votes in it', async () => {
    const page = await openVoting();
    await vote(page);
    await settle();
    page.kill();
    await downgraded();
    const again = await openRanking({ href: '?compare=rankings#/compare' });
    expect(votesIn(again.lab.getState().opinions.all)).toHaveLength(1);
    await rank(again);
    expect(await stored()).toHaveLength(1);
  });

  it('shows groups of another size and of another model afresh', async () => {
    const page = await openRanking();
    page.lab.getState().config.change('compare', { rankingSize: 3 });
    await settle();
    expect(rankings(page).shown?.set.completions).toHaveLength(3);
    await page.lab.getState().shelf.loadShipped('small');
    await settle();
    expect(page.lab.getState().config.value.compare, 'a preset does not change what is asked').toEqual({
      task: 'rankings',
      rankingSize: 3,
    });
    expect(rankings(page).shown?.set.policyId).toBe('shipped-small');
  });

  it('says why no group could be written, and tries again when asked', async () => {
    const page = await openRanking();
    const call = page.client.call.bind(page.client);
    page.client.call = (kind, params) =>
      kind === 'compare/candidates' ? Promise.reject(new Error('Collapsed.')) : call(kind, params);
    for (let i = 0; i < 5; i++) await rankings(page).skip();
    expect(rankings(page)).toMatchObject({ shown: null, loading: false, error: { message: 'Collapsed.' } });
    page.client.call = call;
    await rankings(page).prepare();
    expect(rankings(page)).toMatchObject({ error: null, shown: { set: { policyId: 'shipped-tiny' } } });
  });

  it('keeps rankings that found no room on the page, and stores them with the next', async () => {
    const storage = idbStorage();
    const { putOpinions } = storage;
    let full = true;
    storage.putOpinions = (more) =>
      full ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : putOpinions(more);
    const page = await openRanking({ storage });
    await rank(page);
    expect(kept(page)).toHaveLength(1);
    expect(page.lab.getState().session.storage).toBe('full');
    full = false;
    await rank(page);
    expect(await stored()).toHaveLength(2);
    expect(page.lab.getState().session.storage).toBe('persistent');
  });

  it('comes along when its tab takes the stored lab over', async () => {
    const lock = { acquire: async () => false, takeOver: async () => {}, release: () => {} };
    const page = await openRanking({ lock });
    await rank(page);
    expect(await stored(), 'the other tab’s disk').toEqual([]);
    await page.lab.getState().session.takeOver();
    expect(await stored()).toEqual(kept(page));
    expect(kept(page)).toHaveLength(1);
  });

  it('counts towards the rule and the stage, and goes when votes of its source are cleared', async () => {
    const page = await openRanking();
    expect(stageStatus(page.lab.getState(), 'compare')).toBe('empty');
    await rank(page);
    expect(stageStatus(page.lab.getState(), 'compare')).toBe('running');
    await rank(page);
    expect(stageStatus(page.lab.getState(), 'compare')).toBe('done');
    await settle();
    expect(page.lab.getState().taste.result).toMatchObject({ kind: 'rule', rule: { usableVotes: 12 } });
    await page.lab.getState().opinions.simulate(5, 'rankings');
    expect(kept(page).map(({ source }) => source)).toEqual(['human', 'human', ...new Array(5).fill('simulated')]);
    await page.lab.getState().opinions.clear('human');
    expect(new Set((await stored()).map(({ source }) => source))).toEqual(new Set(['simulated']));
    await page.lab.getState().opinions.clear();
    expect(await stored()).toEqual([]);
  });
});

/** the database as it was before rankings had a place in it */
async function downgraded(): Promise<void> {
  const names = ['settings', 'votes', 'runs', 'points', 'snapshots', 'checkpoints', 'texts'];
  const opened = (request: IDBOpenDBRequest) =>
    new Promise<IDBDatabase>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await opened(indexedDB.open('rlhf-lab'));
  const read = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
  const votes = (await read(database.transaction('opinions').objectStore('opinions').getAll())).map(saidOf);
  const settings = database.transaction('settings').objectStore('settings');
  const [keys, values] = [
    await read(settings.getAllKeys()),
    await read(database.transaction('settings').objectStore('settings').getAll()),
  ];
  database.close();
  freshDisk();
  const request = indexedDB.open('rlhf-lab', 1);
  request.onupgradeneeded = () => {
    for (const name of names) {
      const store = request.result.createObjectStore(name, name === 'votes' ? { autoIncrement: true } : KEYS[name]);
      if (name === 'votes') store.createIndex('voteId', 'voteId', { unique: true });
    }
  };
  const old = await opened(request);
  const transaction = old.transaction(['votes', 'settings'], 'readwrite');
  for (const one of votes) transaction.objectStore('votes').add(one);
  for (const [i, key] of keys.entries()) transaction.objectStore('settings').put(values[i], key);
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  old.close();
}
const KEYS: Record<string, IDBObjectStoreParameters> = {
  runs: { keyPath: 'kind' },
  snapshots: { keyPath: ['runId', 'step'] },
};

describe('a file of rankings', () => {
  beforeEach(freshDisk);
  const PROMPT = 'in the forest the fox found a warm lamp .';
  const [GLAD, SAD, HOME] = ['it was glad and sang all day .', 'it was sad and cried .', 'it went home .'];
  const line = (fields: object = {}) =>
    JSON.stringify({ prompt: PROMPT, completions: [GLAD, SAD, HOME], ranks: [1, 3, 2], ...fields });
  const open = async (text: string): Promise<Page> => {
    const page = await openVoting();
    await page.lab.getState().opinions.importFile(bytes(text), 'mine.jsonl');
    return page;
  };

  it('goes out and comes back, marked as imported; votes may stand beside', async () => {
    const page = await openRanking();
    await rank(page);
    await vote(page);
    await page.lab.getState().opinions.exportFile('rankings');
    await page.lab.getState().opinions.exportFile();
    expect(page.files.map(({ fileName }) => fileName)).toEqual(['rankings.jsonl', 'votes.jsonl']);
    const content = page.files.map((file) => file.content).join('');
    const [ranking] = kept(page);
    freshDisk();
    const other = await open(content);
    expect(kept(other)).toEqual([{ ...ranking, source: 'imported' }]);
    expect(votesIn(other.lab.getState().opinions.all)).toMatchObject([{ source: 'imported' }]);
    expect(await stored()).toEqual(kept(other));
    expect(other.lab.getState().notices.toasts.at(-1)?.text).toBe(
      '1 vote and 1 ranking imported, counted apart from yours.',
    );
  });

  it('is at once here when every line is good', async () => {
    const page = await open(`${line()}\n${line({ ranks: [1, 1, 2], strengths: [1] })}\n`);
    expect(kept(page)).toMatchObject([{ ranks: [1, 3, 2] }, { ranks: [1, 1, 2], strengths: [1] }]);
    expect(page.lab.getState().notices.notices).toEqual([]);
  });

  it('names every line that cannot be used, and nothing is here until the visitor decides', async () => {
    const file = [
      line(),
      line({ completions: [GLAD, 'the gryphon sang .', HOME] }),
      line({ completions: [GLAD, ' ', HOME] }),
      line({ completions: [GLAD, `${GLAD} `, HOME] }),
      line({ ranks: [1, 2] }),
      line(),
      '{"prompt": "p", "completions": ["a", "b"]}',
      JSON.stringify({ prompt: PROMPT, chosen: GLAD, rejected: 'the gryphon sang .' }),
      JSON.stringify({ prompt: PROMPT, chosen: GLAD, rejected: SAD }),
    ].join('\n');
    const page = await open(file);
    const { pendingImport } = page.lab.getState().opinions;
    expect(pendingImport?.badLines).toEqual([
      { line: 2, reason: 'the model does not know “gryphon”' },
      { line: 3, reason: '"completions.1" is empty' },
      { line: 4, reason: 'two completions are the same' },
      { line: 5, reason: '2 ranks for 3 completions' },
      { line: 6, reason: 'the same ranking as line 1' },
      { line: 7, reason: '"ranks" is missing' },
      { line: 8, reason: 'the model does not know “gryphon”' },
    ]);
    expect([kept(page), votesIn(page.lab.getState().opinions.all)]).toEqual([[], []]);
    const [notice] = page.lab.getState().notices.notices;
    expect(notice?.message).toContain('line 2 (the model does not know “gryphon”)');
    expect(notice?.actions.map(({ label }) => label)).toEqual(['Keep 2 good lines', 'Keep none']);
    await page.lab.getState().notices.act(notice!.actions[0]!, notice!.noticeId);
    expect([kept(page).length, votesIn(page.lab.getState().opinions.all).length]).toEqual([1, 1]);
    expect(await stored()).toHaveLength(1);
  });

  it('keeps none when the visitor says so, and what was here stays', async () => {
    const page = await openRanking();
    await rank(page);
    await page.lab.getState().opinions.importFile(bytes(`${line()}\n${line({ ranks: [1, 1] })}`), 'mine.jsonl');
    page.lab.getState().opinions.cancelImport();
    expect(kept(page)).toHaveLength(1);
  });

  it('may hold ids that are taken', async () => {
    const page = await open([line({ rankingId: 'one' }), line({ rankingId: 'one', ranks: [2, 1, 3] })].join('\n'));
    expect(new Set(kept(page).map(({ rankingId }) => rankingId)).size).toBe(2);
    expect(await stored()).toHaveLength(2);
  });
});
