import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ClassPairs } from '../../src/contract/classroom';
import { classTag } from '../../src/formats/classCode';
import { encodeVoteCode } from '../../src/formats/voteCode';
import { accessibleInBothThemes, downloaded, metric, pairShown, useLab } from './lab';

/** presses a key on the pair with this number, once it has stood for a moment: the guard against a held key lasts 300 ms */
async function answer(page: Page, number: number, key: string): Promise<void> {
  await page.getByText(new RegExp(`^Pair ${number}\\. `)).waitFor({ state: 'attached' });
  await pairShown(page);
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

  it('lets a class vote, whose codes are duels here, and gives a number under a prior', async () => {
    const { page } = await visit('?backend=wasm&seed=1#/arena');
    for (const name of ['Tiny, trained', 'Small, trained']) {
      const bring = page.getByRole('button', { name: `Bring in ${name}`, disabled: false });
      await bring.click();
      await bring.waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'Let a class vote' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Pairs' }).selectOption('12');
    await page.getByRole('button', { name: 'Open a class' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('QR code and file of the pairs').click({ timeout: 120_000 });
    const file = await downloaded(page, page.getByRole('button', { name: 'Save the pairs' }));
    const pairs = JSON.parse(file.toString('utf8')) as ClassPairs & { code: string };
    expect(file.toString('utf8')).not.toMatch(/shipped|Small|writers/);

    const { page: student } = await visit('?backend=wasm#/class', { width: 400, height: 800 });
    await student.getByRole('textbox', { name: 'Number on the list' }).fill('4');
    const chosen = { name: 'pairs.json', mimeType: 'application/json', buffer: file };
    await student.getByLabel('Take the pairs from a file, file').setInputFiles(chosen);
    await student.getByText('Pair 1 of 12').waitFor();
    for (let i = 0; i < 12; i++) await student.keyboard.press('1');
    await student.getByText('All 12 pairs are done, number 4.').waitFor();
    const code = await downloaded(student, student.getByRole('button', { name: 'Save as a file' }));

    const choices = pairs.pairs.map(() => 'first' as const);
    const other = encodeVoteCode({ choices, number: 5 }, classTag(pairs.code, pairs));
    await page.getByRole('textbox', { name: 'Codes' }).fill(`${code.toString('utf8')} ${other}`);
    await page.getByRole('button', { name: 'Take in' }).click();
    await page.getByText('24 votes of this class are duels there.').waitFor();
    await accessibleInBothThemes(page, 'the board of a class in the arena');
    await page.getByRole('button', { name: 'Open the arena' }).click();
    await page.getByText(/^24 duels: 24 by a class/).waitFor();
    await page.getByRole('combobox', { name: 'Prior' }).selectOption('Gaussian');
    await page.getByText(/it hangs on the prior\.$/).waitFor();
    await expect.poll(() => metric(page, 'arena/rating')).toBeGreaterThan(0);
    await accessibleInBothThemes(page, 'the arena with a prior');
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
