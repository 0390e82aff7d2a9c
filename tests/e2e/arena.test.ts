import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibleInBothThemes, metric, useLab } from './lab';

/** presses a key on the pair with this number, once it has stood for a moment: the guard against a held key lasts 300 ms */
async function answer(page: Page, number: number, key: string): Promise<void> {
  await page.getByText(new RegExp(`^Pair ${number}\\. `)).waitFor({ state: 'attached' });
  await page.waitForTimeout(400);
  await page.keyboard.press(key);
}

/** both models come with the page: nothing is trained here */
describe('the arena', () => {
  const { visit } = useLab();

  it('is reached from Teach, filled, voted in, undone, shuffled and read by keyboard alone', async () => {
    const { page } = await visit('?backend=wasm&seed=1');
    await page.getByRole('button', { name: 'Teach' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Arena' }).focus();
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { level: 1, name: 'Arena' });
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
    for (const name of ['Tiny, trained', 'Small, trained']) {
      const bring = page.getByRole('button', { name: `Bring in ${name}`, disabled: false });
      await bring.focus();
      await page.keyboard.press('Enter');
      await bring.waitFor({ state: 'detached' });
    }
    await heading.focus();

    for (const [i, key] of ['1', '2', 'ArrowRight', 't'].entries()) await answer(page, i + 1, key);
    await page.getByText(/^Last vote: A tie of /).waitFor();
    await answer(page, 5, 'ArrowDown');
    await answer(page, 6, 'u');
    await page.getByText(/^Taken back: Both bad: /).waitFor();
    const table = page.getByRole('table', { name: 'Ratings' });
    await expect.poll(() => table.getByRole('row').count()).toBe(3);
    await page.getByText('4 duels: 4 by hand; 1 tie', { exact: true }).waitFor();

    const shuffle = page.getByRole('button', { name: 'Shuffle' });
    if (await shuffle.isVisible()) {
      await shuffle.focus();
      await page.keyboard.press('Enter');
      await page.getByText(/order 1 of the same duels/).waitFor();
    }
    const grid = page.getByRole('grid', { name: 'Who beats whom' });
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await page
      .getByText(/, [\d.]+ of 4/)
      .first()
      .waitFor();
    await page.getByText('4 duels: 4 by hand; 1 tie', { exact: true }).waitFor(); // the arrows voted nothing
    await accessibleInBothThemes(page, 'Arena');
  });

  it('keeps its duels over a reload, and shows the ratings as a second tab on a phone', async () => {
    const { page } = await visit('?backend=wasm&seed=1#/arena', { width: 400, height: 800 });
    for (const name of ['Tiny, trained', 'Small, trained']) {
      const bring = page.getByRole('button', { name: `Bring in ${name}`, disabled: false });
      await bring.click();
      await bring.waitFor({ state: 'detached' });
    }
    for (const [i, key] of ['1', 't'].entries()) await answer(page, i + 1, key);
    await page.getByText(/^Last vote: A tie of /).waitFor();
    await page.reload();
    await page.getByRole('tab', { name: 'Ratings' }).click();
    await page.getByText('2 duels: 2 by hand; 1 tie', { exact: true }).waitFor();
    await expect.poll(() => metric(page, 'arena/rating')).toBeGreaterThan(0);
    expect(await page.getByRole('article', { name: 'Completion A' }).isVisible()).toBe(false);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(400);
  });
});
