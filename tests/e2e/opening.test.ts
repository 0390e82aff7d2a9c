/** The first seconds of a page: nothing can be pressed before what it acts on is known. */
import { describe, expect, it } from 'vitest';
import { MINIATURE, numbers, openStage, progress, trainUntil, useLab } from './lab';

describe('a page that opens on a finished run', () => {
  const { visit } = useLab();

  it('asks before the run goes, however soon Train is pressed', async () => {
    const { page } = await visit(`?backend=wasm&executor=portable&seed=6&${MINIATURE}&evalEvery=50&steps=60&stories=400#/data`);
    await page.getByRole('button', { name: 'Generate' }).click();
    await openStage(page, 'Pretrain');
    await trainUntil(page, /step 60 of 60/);
    const question = page.getByRole('alertdialog', { name: 'Train again from step 0?' });
    for (let time = 0; time < 4; time++) {
      await page.reload();
      await page.getByRole('toolbar', { name: 'Transport' }).waitFor();
      while (!(await question.isVisible())) {
        await page.keyboard.press('Space');
        await page.waitForTimeout(50);
      }
      await question.getByRole('button', { name: 'Cancel' }).click();
      await progress(page, 'step 60 of 60').waitFor();
    }
    expect(await numbers(page)).toHaveLength(60);
  });
});
