/**
 * What opening a large model asks of the page: `npx tsx tests/bench/opening.ts FOLDER [BUILT]`. The folder holds the
 * files of a GPT-2, the built page is what `npm run build` left; a row for each thing that is waited for, with the
 * longest task of the page's own thread and the most memory of its process, computing threads among it. Linux alone.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { BROWSER_ARGS, requireBrowser } from '../helpers/browser';
import { servePage } from '../helpers/servePage';
import { openStage } from '../helpers/visitor';
import { told } from './told';

const WAIT = { timeout: 200_000 };

async function main([folder, built]: readonly string[]): Promise<void> {
  if (folder === undefined) throw new Error('which folder holds the files of a model?');
  const files = folder.endsWith('.zip') ? [folder] : readdirSync(folder).map((name) => join(folder, name));
  const served = await servePage(built);
  const browser = await chromium.launch({ executablePath: requireBrowser(), args: [...BROWSER_ARGS] });
  try {
    const page = await (await browser.newContext()).newPage();
    const row = (what: string, wait: () => Promise<unknown>) => told(browser, page, what, wait);
    await page.goto(`${served.url}?backend=wasm#/start`);
    await page.getByRole('button', { name: 'Open a model file', exact: true, disabled: false }).waitFor(WAIT);
    await row('looked at', async () => {
      await page.getByLabel('Open a model file, file').setInputFiles(files);
      await page.getByRole('button', { name: 'Open it' }).waitFor(WAIT);
    });
    await row('opened and stored', async () => {
      await page.getByRole('button', { name: 'Open it' }).click();
      await page.getByText('is in Checkpoints now.').first().waitFor(WAIT);
    });
    await row('to the first pair', async () => {
      await openStage(page, 'Compare');
      await page.getByRole('button', { name: 'A is better', disabled: false }).waitFor(WAIT);
    });
    await row('reloaded, to a pair', async () => {
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor(WAIT);
      await page.getByRole('button', { name: 'A is better', disabled: false }).waitFor(WAIT);
    });
  } finally {
    await browser.close();
    await served.close();
  }
}

await main(process.argv.slice(2));
