import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { MINIATURE, openStage, trainUntil, useLab } from './lab';

const row = (page: Page, name: string | RegExp) => page.getByRole('treeitem', { name });
const levels = (page: Page) =>
  page
    .getByRole('treeitem')
    .evaluateAll((rows) =>
      rows.map((one) => `${one.getAttribute('aria-level')} ${one.querySelector('b')?.textContent}`),
    );
const openShelf = async (page: Page) => {
  await page.getByRole('button', { name: 'Checkpoints', exact: true }).click();
  await page.getByRole('tree').waitFor();
};
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

describe('the checkpoint shelf', () => {
  const { visit } = useLab();

  it('keeps a family through training, renaming, copies, deletion with undo, assignment, a reload and files', async () => {
    const { page } = await visit(`?backend=wasm&${MINIATURE}&steps=6&evalEvery=3&epochs=1&stories=400`);
    await openStage(page, 'Pretrain');
    await trainUntil(page, /step 6 of 6/);
    await openStage(page, 'Fine-tune');
    await press(page, 'Add from the stories');
    await page.getByRole('button', { name: 'Train', disabled: false }).waitFor();
    await trainUntil(page, /step (\d+) of \1\b/);
    await page.keyboard.press('m');
    await page.getByRole('treeitem').nth(1).waitFor({ timeout: 60_000 });
    expect(await levels(page)).toEqual(['1 Base, 6 steps', expect.stringMatching(/^2 Fine-tuned on/)]);

    await row(page, /^Base/).click();
    await page.keyboard.press('F2');
    await page.keyboard.type('My base');
    await page.keyboard.press('Enter');
    await row(page, /^My base/).waitFor();
    await press(page, 'Duplicate');
    await row(page, /^My base copy/).waitFor();
    await press(page, 'Use as policy');
    await page.getByText(/The next run begins from My base copy/).waitFor();
    const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);

    await row(page, 'My base base').first().click();
    await page.keyboard.press('Delete');
    await page.getByText('My base is deleted.').waitFor();
    expect(
      (await levels(page)).some((line) => /^1 Fine-tuned on/.test(line)),
      'the child stays, without its parent',
    ).toBe(true);
    await page.keyboard.press('Control+z');
    await page.waitForFunction(() => document.querySelectorAll('[role=treeitem]').length === 3);
    const before = await levels(page);
    expect(before).toHaveLength(3);

    await page.reload();
    await openShelf(page);
    await page.getByRole('treeitem').nth(2).waitFor();
    expect(await levels(page)).toEqual(before);
    await page.getByText(/The next run begins from My base copy/).waitFor();

    const files: { name: string; mimeType: string; buffer: Buffer }[] = [];
    for (const name of [/^Fine-tuned/, /^My base copy/, /^My base base/]) {
      await row(page, name).first().click();
      const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save as a file')]);
      files.push({
        name: download.suggestedFilename(),
        mimeType: 'application/octet-stream',
        buffer: readFileSync(await download.path()),
      });
    }
    const other = await visit('?backend=wasm');
    await press(other.page, 'Checkpoints');
    for (const [i, file] of files.entries()) {
      await other.page.getByLabel('Open a checkpoint file, file').setInputFiles(file);
      await other.page.getByRole('treeitem').nth(i).waitFor();
      await other.page.getByRole('button', { name: 'Open a checkpoint file', exact: true, disabled: false }).waitFor();
    }
    expect(new Set(await levels(other.page)), 'names and family come back from the files').toEqual(new Set(before));
  });
});
