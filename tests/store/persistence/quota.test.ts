/** No room on the disk, at every kind of write there is: it is said, nothing on the page goes, and it is made up for. */
import { deleteDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ranksOfChoice } from '../../../src/contract/preferences';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { SETTINGS } from '../../../src/store/persistence/settingTable';
import type { LabStorage } from '../../../src/store/persistence/storage';
import { plainVote } from '../../helpers/plainVote';
import { freshDisk, openVoting, type Page, settle, vote } from '../openLab';
import { KEYS, patchesOf, STORED, withPatches } from './storedSettings';

const HREF = '?preset=tiny&seed=3&steps=60&rewardSteps=20';
const state = ({ lab }: Page) => lab.getState();
const codes = (page: Page) =>
  state(page).notices.notices.flatMap(({ code }) => (code?.startsWith('storage/') || !code ? [code] : []));
const textOf = (words: string) => new TextEncoder().encode(`${words} of my own . `.repeat(400));
const duelOf = (number: number) => ({
  ...plainVote(number),
  rankingId: `duel-${number}`,
  ...ranksOfChoice('a'),
  policyId: 'base',
  againstId: 'policy',
});

type WriteName = {
  [K in keyof LabStorage]: LabStorage[K] extends (...values: never[]) => Promise<void> ? K : never;
}[keyof LabStorage];

/** pretrains up to this step, and pauses where that is before the end */
async function pretrain(page: Page, steps: number): Promise<void> {
  await state(page).runs.play('pretrain');
  page.client.advance(steps);
  await settle(20);
  if (steps < 60) await state(page).runs.pause('pretrain');
}

/** what leads to each kind of write, the first time (0) and again; what the page may do by itself alone is asked for */
const ACTS: Record<WriteName, (page: Page, time: number) => Promise<unknown>> = {
  putSetting: async (page, time) => state(page).view.setTheme(time ? 'light' : 'dark'),
  putOpinions: (page) => vote(page),
  removeOpinions: (page) => state(page).pairs.undo(),
  putDuels: (page, time) => state(page).arena.add([duelOf(10 + time)], {}),
  removeDuels: (page, time) => state(page).arena.remove([`duel-${time}`]),
  putRun: (page) => pretrain(page, 3),
  putEnd: (page) => pretrain(page, 60),
  removeRun: async (page) => {
    if (state(page).runs.pretrain.runId === null) await pretrain(page, 3);
    await state(page).runs.reset('pretrain');
  },
  putPoints: (page) => pretrain(page, 3),
  putSnapshot: (page) => pretrain(page, 3),
  removeSnapshot: (page) => page.lab.vault.write('removeSnapshot', 'translator', 1),
  putCheckpoint: (page, time) =>
    time ? state(page).shelf.duplicate('shipped-small') : state(page).shelf.loadShipped('small'),
  relabel: (page, time) => state(page).shelf.rename('shipped-tiny', time ? 'Another name' : 'A name'),
  removeCheckpoint: (page) => page.lab.vault.write('removeCheckpoint', 'gone'),
  putText: (page, time) => state(page).corpus.useText(textOf(time ? 'another text' : 'a text'), 'mine.txt'),
  clear: (page) => state(page).session.clearAll(),
};

/** a page with votes and duels, and a disk that has room for all but these writes */
async function crowded(isRefused: (name: WriteName, values: readonly unknown[]) => boolean) {
  const storage = idbStorage();
  const page = await openVoting({ href: HREF, storage });
  for (let i = 0; i < 3; i++) await vote(page);
  await state(page).arena.add([duelOf(0), duelOf(1)], {});
  await settle();
  let isFull = true;
  for (const name of Object.keys(ACTS) as WriteName[]) {
    const write = storage[name] as (...values: unknown[]) => Promise<void>;
    Object.assign(storage, {
      [name]: (...values: unknown[]) =>
        isFull && isRefused(name, values)
          ? Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError'))
          : write(...values),
    });
  }
  const makeRoom = () => {
    isFull = false;
  };
  return { page, storage, makeRoom };
}

describe('a disk without room', () => {
  beforeEach(freshDisk);

  it.each(Object.keys(ACTS) as WriteName[])('is said and made up for: %s', async (name) => {
    const { page, storage, makeRoom } = await crowded((asked) => asked === name);
    await ACTS[name](page, 0);
    await settle();
    expect(codes(page)).toEqual(['storage/full']);
    expect(state(page).session.storage).toBe('full');
    makeRoom();
    await ACTS[name](page, 1);
    await settle();
    expect(codes(page)).toEqual([]);
    expect(state(page).session.storage).toBe('persistent');
    const { opinions, duels, runs, checkpointIds } = await storage.load();
    const ids = (list: readonly { rankingId: string }[]) => list.map(({ rankingId }) => rankingId).sort();
    expect(ids(opinions)).toEqual(ids(state(page).opinions.all));
    expect(ids(duels)).toEqual(ids(state(page).arena.duels));
    expect(checkpointIds.sort()).toEqual(
      state(page)
        .shelf.checkpoints.map(({ checkpointId }) => checkpointId)
        .sort(),
    );
    const { runId, history } = state(page).runs.pretrain;
    expect(runs.map((run) => run.runId)).toEqual(runId === null ? [] : [runId]);
    if (runId !== null) expect(await storage.points(runId)).toEqual(history);
  });

  it.each(KEYS)('keeps on the page what is stored whole, and stores it once there is room: %s', async (key) => {
    const { page, storage, makeRoom } = await crowded((name, [of]) => name === 'putSetting' && of === key);
    const before = page.lab.getInitialState();
    const { demonstrations } = STORED.examples;
    const fresh = { here: before, initial: before, sound: STORED, demonstrations };
    page.lab.setState((now) => withPatches(now, patchesOf(key, { ...fresh, checkpointIds: ['base-1', 'reward-1'] })));
    await settle();
    expect(codes(page)).toEqual(['storage/full']);
    const wanted = SETTINGS[key].written(state(page));
    makeRoom();
    state(page).view.setSmoothing(0.25);
    state(page).runs.setFixedPrompt('once a fox');
    await settle();
    expect(codes(page)).toEqual([]);
    const isOfThose = key === 'view' || key === 'fixedPrompt';
    const { settings } = await storage.load();
    expect(settings[key]).toEqual(isOfThose ? SETTINGS[key].written(state(page)) : wanted);
  });

  it('does not say that everything is gone where it is not', async () => {
    const { page } = await crowded((name) => name === 'clear');
    await state(page).session.clearAll();
    expect(state(page).notices.toasts.map(({ text }) => text)).not.toContain(
      'Everything that was stored in this browser is gone.',
    );
  });

  it('takes the own text along into a notebook, and to the disk once that was emptied', async () => {
    const { page, makeRoom } = await crowded((name) => name === 'putText');
    await state(page).corpus.useText(textOf('a text'), 'mine.txt');
    await settle();
    const { origin } = state(page).corpus;
    const textId = origin?.kind === 'text' ? origin.textId : '';
    expect(await idbStorage().text(textId)).toBeNull();
    await state(page).notebook.save();
    const other = await openVoting();
    await state(other).session.clearAll();
    await state(other).notebook.read(page.files.at(-1)!.content as Blob, 'lab.rlhflab');
    await settle();
    expect(await other.lab.vault.text(textId)).toEqual(textOf('a text'));
    other.kill();
    makeRoom();
    await deleteDB('rlhf-lab');
    await vi.waitFor(() => expect(codes(page)).toContain('storage/emptied'), 10_000);
    await vi.waitFor(async () => expect(await idbStorage().text(textId)).toEqual(textOf('a text')), 10_000);
  });
});
