/**
 * Storage that the browser takes away under a page that is open: what the page says is stored is on disk all the same.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openStage, pressVotes, startTrained, useLab } from './lab';

/** votes of the visitor, as a page that has just opened finds them */
async function storedVotes(page: Page): Promise<number> {
  await page.reload();
  await openStage(page, 'Start');
  const words = await page
    .getByText(/\d+ votes?, /)
    .first()
    .textContent();
  return Number(/(\d+) votes?/.exec(words ?? '')?.[1]);
}

describe('votes of a page whose storage', () => {
  const { visit } = useLab();

  it('is closed by the browser are on disk, every one', async () => {
    const { page } = await visit();
    await page.addInitScript(() => {
      const opened: IDBDatabase[] = [];
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = function (...values) {
        const request = open.apply(this, values);
        request.addEventListener('success', () => opened.push(request.result));
        return request;
      };
      Object.assign(globalThis, { closeStorage: () => opened.at(-1)?.close() });
    });
    await page.reload();
    await startTrained(page);
    await pressVotes(page, ['1']);
    await page.evaluate(() => (globalThis as unknown as { closeStorage(): void }).closeStorage());
    await pressVotes(page, ['2', '1']);
    await page
      .getByText(/: stored\./)
      .first()
      .waitFor();
    expect(await storedVotes(page)).toBe(3);
  });

  it('is cleared are stored again, and so is the model', async () => {
    const { page, context } = await visit();
    await startTrained(page);
    await pressVotes(page, ['1', '2']);
    await page
      .getByText(/: stored\./)
      .first()
      .waitFor();
    const session = await context.newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
    await page.getByText('The browser deleted what this page had stored').waitFor();
    await pressVotes(page, ['1']);
    await expect.poll(() => modelsOnDisk(page)).toBe(1);
    expect(await storedVotes(page)).toBe(3);
  });

  it('is deleted between two visits are missed in words, until the visitor has read it', async () => {
    const { page, context } = await visit();
    await startTrained(page);
    await pressVotes(page, ['1', '2']);
    await page
      .getByText(/: stored\./)
      .first()
      .waitFor();
    const [address, session] = [page.url(), await context.newCDPSession(page)];
    await page.goto('about:blank');
    await session.send('Storage.clearDataForOrigin', { origin: new URL(address).origin, storageTypes: 'indexeddb' });
    await page.goto(address);
    const missed = page.getByText(/it held: 2 votes, 1 model\./);
    await missed.waitFor();
    await page.reload();
    await missed.waitFor();
    await page.getByRole('button', { name: 'Dismiss: The browser lost what was stored here' }).click();
    await missed.waitFor({ state: 'detached' });
    await page.reload();
    await openStage(page, 'Start');
    await page.getByText(/a few seconds to your first vote/).waitFor();
    expect(await missed.count()).toBe(0);
  });
});

/** asked of the database itself, so that nothing of the page is waited for */
const modelsOnDisk = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const request = indexedDB.open('rlhf-lab');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const count = request.result.transaction('checkpoints').objectStore('checkpoints').count();
          count.onsuccess = () => {
            request.result.close();
            resolve(count.result);
          };
        };
      }),
  );
