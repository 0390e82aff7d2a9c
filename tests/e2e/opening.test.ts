/** The first seconds of a page: nothing can be pressed before what it acts on is known. */
import { readdirSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { MINIATURE, numbers, openStage, progress, startTrained, trainUntil, useLab } from './lab';

describe('a page that opens on a finished run', () => {
  const { visit } = useLab();

  it('asks before the run goes, however soon Train is pressed', async () => {
    const { page } = await visit(
      `?backend=wasm&executor=portable&seed=6&${MINIATURE}&evalEvery=50&steps=60&stories=400#/data`,
    );
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

/** what speaks of plain http, where there is no http; the files of tf.js for browsers that can do less or other than this */
const ELSEWHERE = /^assets\/(overHttp-|tfjs-backend-wasm(-threaded-simd)?-[^.]+\.wasm$)/;

describe('a page whose network goes away', () => {
  const { visit } = useLab();
  const STAGES = ['Data', 'Pretrain', 'Fine-tune', 'Compare', 'Reward model', 'Optimise', 'Start'];

  it('shows every stage, drawer and trained model once it says that all of it is here', async () => {
    const { page, context } = await visit('?backend=wasm');
    await page.getByText('works: all of the page is here').waitFor({ timeout: 60_000 });
    await context.setOffline(true);
    for (const stage of STAGES) await openStage(page, stage);
    await page.getByRole('button', { name: 'Checkpoints' }).first().click();
    await page.getByRole('dialog', { name: 'Checkpoints' }).waitFor();
    await page.keyboard.press('Escape');
    await openStage(page, 'Pretrain');
    await page.getByRole('button', { name: 'Inspect' }).click();
    await page.getByRole('dialog', { name: 'Inspect' }).waitFor();
    await page.keyboard.press('Escape');
    await openStage(page, 'Start');
    await startTrained(page);
  });

  it('has every file of the build by then, whatever reads it', async () => {
    const { page, context } = await visit();
    const asked = new Set<string>();
    context.on('request', (request) => asked.add(new URL(request.url()).pathname));
    await page.reload();
    await page.getByText('works: all of the page is here').waitFor({ timeout: 60_000 });
    const files = readdirSync(inject('pageFolder'), { recursive: true, encoding: 'utf8' });
    const loaded = files.filter((file) => /^(assets|checkpoints|recordings)\/.+\.(?!json$)\w+$/.test(file));
    expect(loaded.length).toBeGreaterThan(150);
    const { pathname } = new URL(inject('pageUrl'));
    expect([...asked].filter((path) => /\/tfjs-backend-wasm-simd-[^/]+\.wasm$/.test(path))).toHaveLength(1);
    const isMissing = (file: string) => !asked.has(pathname + file) && !ELSEWHERE.test(file);
    expect(loaded.filter(isMissing)).toEqual([]);
  });

  it('says that a file cannot be read yet, and no word of a mistake, while what reads it is not here', async () => {
    const { page, errors } = await visit();
    await page.route(/\/assets\/tables-[^/]*\.js/, (route) => route.abort());
    await page.reload();
    await startTrained(page);
    const rows = [1, 2].map((i) =>
      JSON.stringify({ question: `the fox ${i}`, good: 'it was glad .', bad: 'it slept .' }),
    );
    const file = { name: 'rows.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(rows.join('\n')) };
    await page.getByLabel('Votes file').setInputFiles(file);
    await page.getByText('A part of the page is not here yet').waitFor();
    expect(await page.getByText('mistake in the lab').count()).toBe(0);
    await page.unroute(/\/assets\/tables-[^/]*\.js/);
    await page.getByLabel('Votes file').setInputFiles(file);
    await page.getByRole('dialog', { name: /^Import a table/ }).waitFor();
    errors.splice(0);
  });

  it('says so on a stage that is not here, and shows it when the network is back', async () => {
    const { page, context, errors } = await visit();
    await page.route(/\/assets\/Reward-[^/]*\.js/, (route) => route.abort());
    await page.reload();
    await openStage(page, 'Data');
    await page
      .getByRole('navigation', { name: 'Pipeline' })
      .getByRole('link', { name: /^Reward model/ })
      .click();
    const again = page.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await page.getByText('This part of the page is not here yet').waitFor();
    await page.unroute(/\/assets\/Reward-[^/]*\.js/);
    await again.click();
    await page.getByRole('heading', { level: 1, name: 'Reward model' }).waitFor();
    errors.splice(0); // the browser's own word on the request that was refused
    await context.setOffline(false);
  });
});
