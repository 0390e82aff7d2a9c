import { describe, expect, it } from 'vitest';
import type { CheckpointInfo } from '../../../src/contract/domain';
import { encodeSafetensors } from '../../../src/formats/safetensors';
import { memoryStorage } from '../../../src/store/persistence/memoryStorage';
import type { LabStorage } from '../../../src/store/persistence/storage';
import { plainVote } from '../../helpers/plainVote';
import { openPage, type Page, settle } from '../openLab';

/** takes no model: the disk is full */
const withoutRoom = (): LabStorage => ({
  ...memoryStorage(),
  kind: 'persistent',
  putCheckpoint: async () => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  },
});

const MODEL = {
  info: { checkpointId: 'base-1', name: 'Base', kind: 'base', step: 4, shipped: false } as CheckpointInfo,
  bytes: encodeSafetensors({}, {}),
};

/** a page with a stored model */
async function withModel(storage = memoryStorage()): Promise<Page & { storage: LabStorage }> {
  const page = await openPage({ storage });
  await storage.putCheckpoint(MODEL);
  return { ...page, storage };
}

const saved = async (page: Page): Promise<Blob> => {
  await page.lab.getState().notebook.save();
  return page.files.at(-1)!.content as Blob;
};

describe('a notebook and a disk that is full', () => {
  it('is opened as far as there is room, and what found none is named', async () => {
    const first = await withModel();
    await first.lab.getState().opinions.add([plainVote(1)]);
    const file = await saved(first);
    const other = await openPage({ storage: withoutRoom() });
    await other.lab.getState().notebook.read(file, 'lab.rlhflab');
    await settle();
    const { notebook, opinions, notices } = other.lab.getState();
    expect(notebook.opened?.leftOut).toEqual(['models/1.safetensors: the browser had no room for it']);
    expect(opinions.all).toEqual([plainVote(1)]);
    expect(notices.notices.map(({ code }) => code)).toContain('storage/full');
    first.kill();
    other.kill();
  });

  it('holds what is in this tab alone, too', async () => {
    const page = await withModel();
    Object.assign(page.storage, {
      kind: 'persistent',
      putOpinions: async () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      },
    });
    await page.lab.getState().opinions.add([plainVote(1)]);
    expect(page.lab.getState().session.storage).toBe('full');
    const file = await saved(page);
    const other = await openPage({ storage: memoryStorage() });
    await other.lab.getState().notebook.read(file, 'lab.rlhflab');
    await settle();
    expect(other.lab.getState().opinions.all).toEqual([plainVote(1)]);
    expect(other.lab.getState().notebook.opened?.holds).toEqual(['1 vote', '1 model']);
    page.kill();
    other.kill();
  });
});

describe('saving a notebook', () => {
  it('can be cancelled, and hands nothing over then', async () => {
    const page = await withModel();
    const saving = page.lab.getState().notebook.save();
    await new Promise<void>((resolve) => {
      const stop = page.lab.subscribe(({ work }) => {
        if (!work.underway.saveNotebook) return;
        stop();
        resolve();
      });
    });
    page.lab.getState().work.cancel('saveNotebook');
    await saving;
    expect(page.files).toEqual([]);
    expect(page.lab.getState().notebook.savedHeld).toBe(0);
    page.kill();
  });
});
