import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import { createUsage, idleModels, leftLessons, sizesIn } from '../../../src/store/persistence/usage';
import { plainVote } from '../../helpers/plainVote';
import { freshDisk, openPage, type Page, settle } from '../openLab';

const browser = (persists: boolean): StorageManager =>
  ({
    estimate: async () => ({ usage: 5000, quota: 90_000 }),
    persist: async () => persists,
    persisted: async () => persists,
  }) as unknown as StorageManager;

async function stocked(): Promise<Page> {
  const page = await openPage();
  await page.lab.getState().shelf.bring('tiny');
  await page.lab.getState().shelf.bring('small');
  await page.lab.getState().opinions.add([1, 2, 3].map((number) => plainVote(number)));
  await settle();
  return page;
}

describe('what the lab takes of a storage', () => {
  beforeEach(freshDisk);

  it('is counted kind by kind, bytes as they lie there', async () => {
    const storage = memoryStorage();
    const page = await stocked();
    const [info] = page.lab.getState().shelf.checkpoints;
    await storage.putCheckpoint({ info: info!, bytes: new Uint8Array(700) });
    await storage.putCheckpoint({ info: { ...info!, checkpointId: 'other' }, bytes: new Uint8Array(44) });
    await storage.putOpinions([plainVote(1), plainVote(2)]);
    await storage.putSnapshot({ runId: 'translator', kind: 'translator', step: 3, bytes: new Uint8Array(30) });
    const lesson = memoryStorage();
    await lesson.putCheckpoint({ info: info!, bytes: new Uint8Array(50) });
    const sizes = await sizesIn(storage, [lesson, memoryStorage()]);
    expect(sizes.models).toEqual({ count: 2, bytes: 744 });
    expect(sizes.snapshots).toEqual({ count: 1, bytes: 30 });
    expect(sizes.opinions.count).toBe(2);
    expect(sizes.opinions.bytes).toBe(JSON.stringify([plainVote(1), plainVote(2)]).length);
    expect(sizes.lessons.count).toBe(1);
    expect(sizes.lessons.bytes).toBeGreaterThanOrEqual(50);
    expect(sizes.texts).toEqual({ count: 0, bytes: 0 });
  });

  it('is measured beside what the browser says of all of it', async () => {
    const page = await stocked();
    const usage = createUsage(page.lab, browser(false));
    await usage.getState().measure();
    expect(usage.getState()).toMatchObject({ measuring: false, total: { used: 5000, quota: 90_000 } });
    expect(usage.getState().sizes!.opinions.count).toBe(3);
    const silent = createUsage(page.lab, null);
    await silent.getState().measure();
    expect(silent.getState().total).toBeNull();
  });

  it('is promised or not, in the browser’s own answer', async () => {
    const page = await stocked();
    for (const [manager, words] of [
      [browser(true), 'The browser promised to keep it.'],
      [browser(false), /^The browser did not promise it\./],
      [null, /^This browser cannot be asked/],
    ] as const) {
      const usage = createUsage(page.lab, manager);
      await usage.getState().keep();
      expect(usage.getState().outcome).toMatch(words);
    }
  });

  it('is freed of models that play no part, which can be put back', async () => {
    const page = await stocked();
    page.lab.getState().shelf.setSlot('baseId', 'shipped-tiny');
    await settle();
    expect(idleModels(page.lab.getState()).map(({ checkpointId }) => checkpointId)).toEqual(['shipped-small']);
    const usage = createUsage(page.lab, browser(true));
    await usage.getState().free('models');
    const ids = () => page.lab.getState().shelf.checkpoints.map(({ checkpointId }) => checkpointId);
    expect(ids()).toEqual(['shipped-tiny']);
    page.lab.getState().shelf.putBack();
    expect(ids()).toHaveLength(2);
  });

  it('counts a lesson that was just left among those that are freed, and one on the screen not', async () => {
    const { lab } = await stocked();
    const progress = { at: 'a', way: [], guesses: {}, came: {}, kept: {}, begun: false, isDone: false };
    lab.getState().guide.put({ asked: 'words', progress: { words: { lessonId: 'words', ...progress } } });
    lab.getState().view.go('lesson');
    expect(leftLessons(lab.getState())).toEqual([]);
    lab.getState().view.go('notebook');
    expect(leftLessons(lab.getState())).toEqual(['words']);
  });

  it('is freed of what lessons made, while their answers stay', async () => {
    const page = await stocked();
    const usage = createUsage(page.lab, browser(true));
    await usage.getState().free('lessons');
    expect(usage.getState().outcome).toBe('What lessons had made is gone. Answers and tables stayed.');
    await usage.getState().free('runs');
    await usage.getState().free('snapshots');
    expect(page.lab.getState().opinions.all).toHaveLength(3);
  });
});
