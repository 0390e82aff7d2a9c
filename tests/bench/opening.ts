/**
 * What opening a large model asks of the page: `npx tsx tests/bench/opening.ts FOLDER [BUILT]`. The folder holds the
 * files of a GPT-2, the built page is what `npm run build` left; a row for each thing that is waited for, with the
 * longest task of the page's own thread and the most memory of its process, computing threads among it. Linux alone.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { BROWSER_ARGS, requireBrowser } from '../helpers/browser';
import { servePage } from '../helpers/servePage';
import { openStage } from '../helpers/visitor';
import { traceTasks } from './tasks';

const POLL_MS = 100;
const WAIT = { timeout: 200_000 };
/** @returns resident megabytes of the page's process: the largest of those that draw pages */
async function residentMb(browser: Browser): Promise<number> {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  const sizes = processInfo
    .filter(({ type, id }) => type === 'renderer' && existsSync(`/proc/${id}/status`))
    .map(({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  return Math.max(0, ...sizes);
}

/** waits for something, and tells what that took */
async function told(browser: Browser, page: Page, what: string, wait: () => Promise<unknown>): Promise<void> {
  let [most, going] = [0, true];
  const poll = (async () => {
    while (going) {
      most = Math.max(most, await residentMb(browser));
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  })();
  const endTrace = await traceTasks(browser, page);
  const began = performance.now();
  await wait();
  const ms = performance.now() - began;
  going = false;
  await poll;
  const tasks = await endTrace([]);
  const longest = (of: 'ms' | 'workMs') => `${Math.max(0, ...tasks.map((task) => task[of])).toFixed(0)} ms`;
  const seen = [
    `longest task ${longest('ms')}`,
    `most work of one ${longest('workMs')}`,
    `process ${most.toFixed(0)} MB`,
  ];
  const row = [`${(ms / 1000).toFixed(1)} s`, ...seen];
  process.stdout.write(`${what}: ${row.join(', ')}\n`);
}

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
