/** A lab saved half-way through a run, opened in a browser that has never seen it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibleInBothThemes, downloaded, MINIATURE, numbers, openStage, progress, trainUntil, useLab } from './lab';

const SETTINGS = `?backend=wasm&executor=fused&seed=5&${MINIATURE}&stories=400&steps=60&evalEvery=20`;

describe('a notebook', () => {
  const { visit } = useLab();
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rlhf-lab-notebook-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const generated = async (): Promise<Page> => {
    const { page } = await visit(`${SETTINGS}#/data`);
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByText(/different tokens/).waitFor();
    await openStage(page, 'Pretrain');
    return page;
  };
  const openFile = async (page: Page, path: string): Promise<void> => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open notebook', exact: true }).click(),
    ]);
    await chooser.setFiles(path);
  };
  const openNotebookPage = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Teach' }).click();
    await page.getByRole('menuitem', { name: 'Notebook' }).click();
    await page.getByRole('heading', { level: 1, name: 'Notebook' }).waitFor();
  };

  it('goes on in another browser to the same numbers as a run that was never cut', { timeout: 300_000 }, async () => {
    const whole = await generated();
    await trainUntil(whole, /step 60 of 60/);
    const uncut = await numbers(whole);
    expect(uncut).toHaveLength(60);

    const first = await generated();
    const cut = 3;
    for (let step = 1; step <= cut; step++) {
      await first.getByRole('button', { name: 'Step', exact: true, disabled: false }).click();
      await progress(first, `step ${step} of 60`).waitFor({ timeout: 60_000 });
    }
    await openNotebookPage(first);
    const path = join(folder, 'lab.rlhflab');
    writeFileSync(path, await downloaded(first, first.getByRole('button', { name: 'Save notebook' })));

    const { page: other } = await visit('?backend=wasm&executor=fused#/notebook');
    await openFile(other, path);
    await other.getByText('Opened:').waitFor({ timeout: 60_000 });
    await other.getByText(`Pretraining, step ${cut} of 60`).waitFor();
    expect(await other.getByRole('region', { name: 'Left out' }).count()).toBe(0);
    await accessibleInBothThemes(other, 'Notebook');
    await openStage(other, 'Pretrain');
    await trainUntil(other, /step 60 of 60/);
    expect(await numbers(other)).toEqual(uncut);
  });

  it('that is cut, foreign or made to do harm is refused in a sentence, and nothing is changed', async () => {
    const { page } = await visit('?backend=wasm#/notebook');
    const refused = async (name: string, bytes: Uint8Array, words: RegExp) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      await openFile(page, path);
      await page.getByText(words).first().waitFor();
      expect(await page.getByText('Opened:').count()).toBe(0);
    };
    await refused('noise.rlhflab', new Uint8Array(5000).fill(7), /noise\.rlhflab: .*\./);
    const path = join(folder, 'lab.rlhflab');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save notebook' }).click(),
    ]);
    await download.saveAs(path);
    const whole = readFileSync(path);
    await refused('half.rlhflab', whole.subarray(0, whole.length / 2), /half\.rlhflab: .*\./);
    await refused('empty.rlhflab', new Uint8Array(), /empty\.rlhflab/);
  });
});
