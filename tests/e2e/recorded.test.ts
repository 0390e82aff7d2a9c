/** Runs that were made once, played in their stages, and forked. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibleInBothThemes, metric, openStage, useLab } from './lab';

describe('a recorded run', () => {
  const { visit } = useLab();
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rlhf-lab-recorded-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is played, scrubbed and forked by keyboard, and stays apart from the visitor’s lab', {
    timeout: 300_000,
  }, async () => {
    const { page } = await visit('?backend=wasm#/recorded');
    await page.getByRole('button', { name: 'Play Pretraining Tiny' }).press('Enter');
    const bar = page.getByRole('toolbar', { name: 'Recording' });
    await bar.waitFor({ timeout: 60_000 });
    await page.getByText('Nothing is computed here now.').waitFor();
    const scrubber = bar.getByRole('slider');
    await scrubber.press('End');
    await bar.getByText('600 of 600').waitFor();
    await expect.poll(() => metric(page, 'train/loss')).toBeLessThan(2);
    await accessibleInBothThemes(page, 'Recorded runs');

    await scrubber.press('Home');
    for (let i = 0; i < 2; i++) await page.keyboard.press(']');
    expect(await page.getByRole('radio', { name: '16×' }).isChecked()).toBe(true);
    await bar.getByRole('button', { name: 'Play' }).press('Enter');
    await expect.poll(async () => Number(await scrubber.inputValue()), { timeout: 60_000 }).toBeGreaterThan(5);
    await bar.getByRole('button', { name: 'Pause' }).press('Enter');

    await scrubber.press('Home');
    for (let i = 0; i < 3; i++) await scrubber.press('ArrowRight');
    await page.keyboard.press('l');
    await page.getByText('Forked at step 3.').waitFor({ timeout: 120_000 });
    await page.getByRole('toolbar', { name: 'Transport' }).getByText('step 3 of 600').waitFor();
    expect(await page.getByText('Recorded', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Back to the recording' }).click();
    await bar.waitFor();

    await openStage(page, 'Pretrain');
    expect(await metric(page, 'train/loss')).toBeNaN();
  });

  it('from a file that is no recording is refused by its name', async () => {
    const { page } = await visit('?backend=wasm#/recorded');
    const path = join(folder, 'noise.rlhflab');
    await writeFile(path, new Uint8Array(4000).fill(7));
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open recording', exact: true }).click(),
    ]);
    await chooser.setFiles(path);
    await page
      .getByText(/noise\.rlhflab: /)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Play Pretraining Tiny' }).waitFor();
  });
});
