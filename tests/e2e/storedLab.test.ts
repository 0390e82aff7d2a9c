/** A lab that an earlier version stored, opened by a real browser from a real database. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { downloaded, metric, openStage, pressVotes, stepOf, useLab } from './lab';

const FIXTURE = readFileSync('tests/fixtures/labs/version3.json', 'utf8');
const { files } = (JSON.parse(FIXTURE) as { expected: { shown: { files: Record<string, string> } } }).expected.shown;

/** as the version of the fixture left it, from a page of the origin that is not the lab */
const leave = (page: Page): Promise<void> =>
  page.evaluate(async (fixture) => {
    type Store = {
      name: string;
      options: IDBObjectStoreParameters;
      indexes: { name: string; keyPath: string; unique: boolean }[];
      keys: IDBValidKey[];
      values: unknown[];
    };
    const bytes = (_: string, one: { $bytes?: string } | null) =>
      typeof one?.$bytes === 'string' ? Uint8Array.from(atob(one.$bytes), (char) => char.charCodeAt(0)) : one;
    const { database } = JSON.parse(fixture, bytes) as { database: { version: number; stores: Store[] } };
    const gone = indexedDB.deleteDatabase('rlhf-lab');
    await new Promise((resolve) => {
      gone.onsuccess = resolve;
    });
    const opening = indexedDB.open('rlhf-lab', database.version);
    opening.onupgradeneeded = () => {
      for (const { name, options, indexes, keys, values } of database.stores) {
        const store = opening.result.createObjectStore(name, options);
        for (const index of indexes) store.createIndex(index.name, index.keyPath, { unique: index.unique });
        for (const [i, value] of values.entries()) store.put(value, options.keyPath == null ? keys[i] : undefined);
      }
    };
    await new Promise((resolve, reject) => {
      opening.onsuccess = resolve;
      opening.onerror = () => reject(opening.error);
    });
    opening.result.close();
  }, FIXTURE);

describe('a lab that version 3 of the database stored', () => {
  const { visit } = useLab();

  it('opens in a browser with all that was said of texts, takes more, and has its run to go on with', async () => {
    const { page } = await visit();
    const lab = new URL('./', page.url()).href;
    await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(`${lab}blank`);
    await leave(page);
    await page.goto(lab);
    await openStage(page, 'Compare');
    await expect.poll(() => metric(page, 'votes/human')).toBe(19);
    expect(await page.getByRole('status', { name: 'Notices' }).textContent()).toBe('');
    const votes = (await downloaded(page, page.getByRole('button', { name: 'Export votes' }))).toString('utf8');
    expect(votes).toBe(files['votes.jsonl']);
    await openStage(page, 'Reward model');
    expect(await stepOf(page)).toBe(4);
    await openStage(page, 'Compare');
    await pressVotes(page, ['1', 't']);
    await expect.poll(() => metric(page, 'votes/human')).toBe(21);
    await page.reload();
    await expect.poll(() => metric(page, 'votes/human')).toBe(21);
  });
});
