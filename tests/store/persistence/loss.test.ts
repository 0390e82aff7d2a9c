/** What a page says when the browser has lost a lab between two visits, and the note by which it knows. */
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askToKeep } from '../../../src/store/persistence/askToKeep';
import { idbStorage } from '../../../src/store/persistence/idbStorage';
import { browserReminder, type Note, type Reminder } from '../../../src/store/persistence/reminder';
import { freshDisk, openPage, openVoting, type Page, settle, vote } from '../openLab';

const losses = ({ lab }: Page) => lab.getState().notices.notices.filter(({ code }) => code === 'storage/missing');

/** localStorage with nothing in it */
function emptyStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}
const remindedBy = (storage: Storage): Reminder => browserReminder(() => storage);

beforeEach(freshDisk);
afterEach(() => vi.restoreAllMocks());

/** a visit with two votes on the shipped model */
async function visitAndLeave(storage: Storage): Promise<void> {
  const page = await openVoting({ reminder: remindedBy(storage) });
  await vote(page);
  await vote(page);
  await settle();
  page.kill();
}

describe('a lab that the browser lost between two visits', () => {
  it('is missed, with what it held and what can be done', async () => {
    const storage = emptyStorage();
    await visitAndLeave(storage);
    await deleteDB('rlhf-lab');
    const [notice] = losses(await openPage({ reminder: remindedBy(storage) }));
    expect(notice).toMatchObject({ tone: 'warning', title: 'The browser lost what was stored here' });
    expect(notice?.message).toMatch(
      /^On 1[45] Nov 2023, \d\d:\d\d it held: 2 votes, 1 model\. A browser does that when/,
    );
    expect(notice?.next).toContain('Open the files that you saved');
  });

  it('is missed again after a reload, until the visitor has read it or has new work', async () => {
    const storage = emptyStorage();
    const reminder = remindedBy(storage);
    await visitAndLeave(storage);
    await deleteDB('rlhf-lab');
    (await openPage({ reminder })).kill();
    const read = await openPage({ reminder });
    const [notice] = losses(read);
    expect(notice?.message).toContain('2 votes');
    read.lab.getState().notices.dismiss(notice!.noticeId);
    read.kill();
    const dismissed = await openPage({ reminder });
    expect(losses(dismissed)).toEqual([]);
    dismissed.kill();

    await visitAndLeave(storage);
    await deleteDB('rlhf-lab');
    const working = await openVoting({ reminder });
    await vote(working);
    await settle();
    working.kill();
    expect(reminder.read()).toMatchObject({ votes: 1, models: 1 });
    expect(losses(await openPage({ reminder }))).toEqual([]);
  });

  it('is not missed again when it was read before the engine had started', async () => {
    const storage = emptyStorage();
    const reminder = remindedBy(storage);
    await visitAndLeave(storage);
    await deleteDB('rlhf-lab');
    const starting = await openPage({ reminder, boot: false });
    starting.client.hold('engine/start');
    void starting.lab.getState().session.boot();
    await vi.waitFor(() => expect(losses(starting)).toHaveLength(1));
    const [notice] = losses(starting);
    starting.lab.getState().notices.dismiss(notice!.noticeId);
    expect(reminder.read()).toBeNull();
  });

  it('is not missed when the visitor chose Forget everything, or was never here', async () => {
    const storage = emptyStorage();
    const reminder = remindedBy(storage);
    await visitAndLeave(storage);
    const page = await openPage({ reminder });
    await page.lab.getState().session.clearAll();
    await settle();
    page.kill();
    expect(reminder.read()).toBeNull();
    await deleteDB('rlhf-lab');
    expect(losses(await openPage({ reminder }))).toEqual([]);
    freshDisk();
    expect(losses(await openPage({ reminder: remindedBy(emptyStorage()) }))).toEqual([]);
  });

  it('can be forgotten while it is missed', async () => {
    const storage = emptyStorage();
    const reminder = remindedBy(storage);
    await visitAndLeave(storage);
    await deleteDB('rlhf-lab');
    const page = await openPage({ reminder });
    await page.lab.getState().session.clearAll();
    await settle();
    expect(losses(page)).toEqual([]);
    expect(reminder.read()).toBeNull();
  });

  it('is missed where nothing was noted too, when the browser says that it had to delete it', async () => {
    Object.defineProperty(IDBVersionChangeEvent.prototype, 'dataLoss', { value: 'total', configurable: true });
    try {
      const [notice] = losses(await openPage());
      expect(notice?.message).toBe('It found its storage damaged and deleted it.');
    } finally {
      Reflect.deleteProperty(IDBVersionChangeEvent.prototype, 'dataLoss');
    }
  });

  it('is no loss where this window cannot store, or another tab does', async () => {
    const storage = emptyStorage();
    await visitAndLeave(storage);
    const before = storage.getItem('rlhf-lab');
    const forbidden = { ...idbStorage(), load: () => Promise.reject(new DOMException('No.', 'InvalidStateError')) };
    const page = await openVoting({ storage: forbidden, reminder: remindedBy(storage) });
    await vote(page);
    const lock = { acquire: async () => false, takeOver: async () => undefined, release: () => undefined };
    const second = await openVoting({ lock, reminder: remindedBy(storage) });
    await vote(second);
    await settle();
    expect([...losses(page), ...losses(second)]).toEqual([]);
    expect(storage.getItem('rlhf-lab')).toBe(before);
  });
});

describe('the note of what is stored', () => {
  const note: Note = { votes: 3, rankings: 0, demonstrations: 0, models: 1, at: 5 };

  it('is read as it was written, and gone when there is nothing to miss', () => {
    const reminder = remindedBy(emptyStorage());
    reminder.write(note);
    expect(reminder.read()).toEqual(note);
    reminder.write(null);
    expect(reminder.read()).toBeNull();
  });

  it.each([
    '',
    '{',
    '[]',
    '{"votes":-1}',
    JSON.stringify({ ...note, votes: 'many' }),
    JSON.stringify({ ...note, at: null }),
  ])('is no note when somebody else wrote %j', (text) => {
    const storage = emptyStorage();
    storage.setItem('rlhf-lab', text);
    expect(remindedBy(storage).read()).toBeNull();
  });

  it('is done without where the browser gives no second store, or one without room', async () => {
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    for (const open of [
      refuse,
      () => null as unknown as Storage,
      () => ({ getItem: refuse, setItem: refuse, removeItem: refuse }) as unknown as Storage,
    ]) {
      const reminder = browserReminder(open);
      const page = await openVoting({ reminder });
      await vote(page);
      await page.lab.getState().session.clearAll();
      expect(page.lab.getState().notices.notices).toEqual([]);
      expect(reminder.read()).toBeNull();
    }
  });
});

describe('the browser', () => {
  it('is asked to keep what is stored at the first vote, not before', async () => {
    const ask = vi.fn();
    const page = await openVoting({ askToKeep: ask });
    expect(ask).not.toHaveBeenCalled();
    await vote(page);
    expect(ask).toHaveBeenCalledTimes(1);
    await settle();
    page.kill();
    const again = vi.fn();
    await openPage({ askToKeep: again });
    expect(again).not.toHaveBeenCalled();
  });

  it('is asked once a page, and not where it keeps everything already or knows no such question', async () => {
    const manager = (persisted: boolean) => ({
      persisted: vi.fn(async () => persisted),
      persist: vi.fn(async () => true),
    });
    const [forgetful, faithful] = [manager(false), manager(true)];
    for (const storage of [forgetful, faithful]) {
      const ask = askToKeep(storage as unknown as StorageManager);
      await ask();
      await ask();
    }
    expect([forgetful.persist, faithful.persist].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
    await askToKeep({} as StorageManager)();
    await askToKeep({ ...forgetful, persist: () => Promise.reject(new Error('no')) } as unknown as StorageManager)();
  });
});
