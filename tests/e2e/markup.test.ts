/** What a visitor brings is text: HTML in it is shown as it is written, and no element comes of it. */
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { HEADERS } from '../../vite.config';
import { MINIATURE, openStage, startTrained, trainUntil, useLab } from './lab';
import { found, MARKUP, shown, watchElements } from './markup';

const CORPUS = Array.from({ length: 150 }, (_, i) => `${MARKUP} and line ${i} of it`).join('\n');
const VOTES = Array.from({ length: 12 }, (_, i) =>
  JSON.stringify({ prompt: MARKUP.slice(0, 29), chosen: `${MARKUP} ${i}`, rejected: `${MARKUP} of ${i}` }),
).join('\n');
/** what a model is called, and what its file is called then */
const FILE_NAMES = new Map([
  [MARKUP, 'img-src-x-onerror-hacked-1-script-hacked-1-script'],
  ['../../x', 'x'],
  ['a/b\\c', 'a-b-c'],
  ['...', 'checkpoint'],
  ['aux', 'checkpoint-aux'],
  ['a\u0007b', 'a-b'],
  ['cod\u202Exet.exe', 'cod-xet-exe'],
]);

/** gives the chosen model of the shelf another name */
async function rename(page: Page, name: string): Promise<void> {
  const drawer = page.getByRole('dialog', { name: 'Checkpoints' });
  await drawer.getByRole('button', { name: 'Rename' }).click();
  await drawer.getByRole('textbox', { name: 'New name' }).fill(name);
  await page.keyboard.press('Enter');
  await drawer.getByRole('heading', { level: 3 }).filter({ hasText: name }).waitFor();
}

const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

describe('markup in what a visitor brings', () => {
  const { visit } = useLab();

  it('stays text: as a corpus, a file name, a model’s name, votes, demonstrations, texts to score and to inspect', async () => {
    const knobs =
      'evalEvery=2&context=128&completionLength=4&steps=2&tokenizer=char&rewardSteps=1&rewardBatch=4&normalizeSamples=4&rollouts=4&epochs=1&iterations=1';
    const { page } = await visit(`?backend=wasm&executor=portable&${MINIATURE}&${knobs}#/data`);
    await watchElements(page);
    await page.getByRole('tab', { name: 'Your own text' }).click();
    await page.getByRole('button', { name: 'Open a text file', exact: true, disabled: false }).waitFor();
    await page.locator('input[type="file"]').first().setInputFiles(file('<img src=x onerror="hacked=1">.txt', CORPUS));
    await page
      .getByText(/different tokens/)
      .first()
      .waitFor();
    await shown(page).waitFor();

    await openStage(page, 'Pretrain');
    await trainUntil(page, /step 2 of 2/);
    await page.getByRole('button', { name: 'Inspect' }).click();
    const inspect = page.getByRole('dialog', { name: 'Inspect' });
    await inspect.getByRole('textbox', { name: 'Text' }).fill(MARKUP.slice(0, 40));
    const map = inspect.getByRole('button', { name: /arrow keys move the cell/ }).first();
    await map.press('ArrowUp');
    await inspect.getByText(/ looks at .*%/).waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Checkpoints' }).first().click();
    const drawer = page.getByRole('dialog', { name: 'Checkpoints' });
    await drawer.getByRole('treeitem').first().click();
    await rename(page, MARKUP);
    await drawer.getByRole('button', { name: 'Duplicate' }).click();
    await drawer.getByRole('treeitem', { name: `${MARKUP} copy` }).waitFor();
    await page.keyboard.press('Escape');

    await openStage(page, 'Compare');
    await page.getByLabel('Votes file').setInputFiles(file('<img src=x onerror="hacked=1">.jsonl', VOTES));
    await page
      .getByText(/12 imported|12 votes imported/)
      .first()
      .waitFor();
    await shown(page).waitFor();

    await openStage(page, 'Reward model');
    await trainUntil(page, /step 1 of 1/);
    await page.getByRole('textbox', { name: 'Score a text' }).fill(MARKUP);
    await page
      .getByTitle(/^<: adds/)
      .first()
      .waitFor();

    await openStage(page, 'Fine-tune');
    await page.getByRole('tab', { name: /Write/ }).click();
    await page.getByRole('textbox', { name: 'Prompt' }).fill(MARKUP);
    await page.getByRole('textbox', { name: 'Completion' }).fill(MARKUP.slice(0, 30));
    await page.getByRole('button', { name: 'Add this one' }).click();
    await shown(page).waitFor();

    await openStage(page, 'Optimise');
    await trainUntil(page, /iteration 1 of 1/);
    await page.getByRole('button', { name: /^Place \d model/ }).click();
    const chart = page.getByRole('figure', { name: 'Reward against distance' });
    await chart.locator('span', { hasText: /^<img/ }).first().waitFor();
    await chart.getByText(`${MARKUP} copy: KL`, { exact: false }).waitFor();

    for (const stage of ['Optimise', 'Data', 'Pretrain', 'Start']) await openStage(page, stage);
    const remove = page.getByRole('button', { name: `Remove ${MARKUP}`, exact: true });
    expect(await remove.getAttribute('title')).toBe(`Remove ${MARKUP}`);
    expect(await found(page)).toEqual({ elements: [], hacked: 0 });
  });

  it('leads into no name of a file that is saved', async () => {
    const { page } = await visit('?backend=wasm');
    await startTrained(page);
    await page.getByRole('button', { name: 'Checkpoints' }).first().click();
    await page.getByRole('treeitem').first().click();
    const offered: string[] = [];
    for (const name of FILE_NAMES.keys()) {
      await rename(page, name);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as a file' }).click(),
      ]);
      offered.push(download.suggestedFilename());
    }
    expect(offered).toEqual([...FILE_NAMES.values()].map((name) => `${name}.safetensors`));
  });

  it('stays text in the address and in files that are refused', async () => {
    const { page } = await visit(
      `?${encodeURIComponent(MARKUP)}=1&seed=${encodeURIComponent(MARKUP)}&rater=${encodeURIComponent(MARKUP)}`,
    );
    await watchElements(page);
    await page.getByText(/No usable value for/).waitFor();
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles(file('<img src=x onerror="hacked=1">.safetensors', MARKUP));
    await page
      .getByText(/checkpoint cannot be read/i)
      .first()
      .waitFor();
    await shown(page).waitFor();
    expect(await found(page)).toEqual({ elements: [], hacked: 0 });
  });
});

it('the server sends the headers of the recipe with the page, its scripts and its models', async () => {
  const page = await fetch(inject('pageUrl'));
  const script = /src="([^"]+\.js)"/.exec(await page.text())?.[1] ?? '';
  for (const path of ['', script, 'checkpoints/tiny.json', 'checkpoints/tiny.safetensors']) {
    const { headers, ok } = await fetch(new URL(path, inject('pageUrl')));
    expect(ok, path).toBe(true);
    expect(Object.fromEntries(Object.keys(HEADERS).map((name) => [name, headers.get(name)])), path).toEqual(HEADERS);
  }
});
