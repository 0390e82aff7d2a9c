/**
 * Takes the pictures of README and of the pages beside the code from the page itself: the shipped model, simulated
 * votes of one rater, every method once.
 *
 *   npm run pictures [-- NAME …]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { BROWSER_ARGS, requireBrowser } from './browser';

const FOLDER = 'tests/pictures';
const SIZE = { width: 1366, height: 768 };
const PATIENCE_MS = 180_000;

const stage = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: 'Pipeline' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();

async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page
    .getByText(/(step|iteration|prompt) (\d+) of \2\b/)
    .first()
    .waitFor();
}

async function votes(page: Page): Promise<void> {
  await page.getByRole('spinbutton', { name: 'Votes' }).fill('300');
  await page.getByRole('button', { name: 'Add simulated votes' }).click();
  await page
    .getByText(/300 simulated/)
    .first()
    .waitFor();
}

async function rewardModel(page: Page): Promise<void> {
  await votes(page);
  await stage(page, 'Reward model');
  await train(page);
}

async function method(page: Page, tab: string): Promise<void> {
  await rewardModel(page);
  await stage(page, 'Optimise');
  await page.getByRole('tab', { name: tab }).click();
  await train(page);
}

/** from Compare with the trained model to what is shown */
const PICTURES: Record<string, (page: Page) => Promise<void>> = {
  async finetune(page) {
    await stage(page, 'Fine-tune');
    await page.getByRole('button', { name: 'Add from the stories' }).click();
    await page.getByText('60 from the stories').first().waitFor();
    await train(page);
  },
  async rankings(page) {
    await page.getByText('Rankings', { exact: true }).click();
    await page.getByRole('article').nth(3).waitFor();
    for (const move of ['Move C up', 'Move B down', 'Move A up'])
      await page.getByRole('button', { name: move }).click();
  },
  reward: rewardModel,
  ppo: (page) => method(page, 'PPO'),
  dpo: (page) => method(page, 'DPO'),
  bestOf: (page) => method(page, 'Best of N'),
  async breakIt(page) {
    await stage(page, 'Optimise');
    await page.getByRole('button', { name: 'DPO overdose' }).click();
    await page.getByRole('radio').first().waitFor();
    await page.keyboard.press('1');
    await page.getByRole('button', { name: 'Run both' }).click();
    await page.getByRole('table', { name: 'Means of the last three measurements' }).waitFor();
  },
  async checkpoints(page) {
    await method(page, 'DPO');
    await page.keyboard.press('m');
    await page.getByRole('treeitem').nth(2).waitFor();
  },
  async lab(page) {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await rewardModel(page);
    await stage(page, 'Optimise');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page
      .getByText(/iteration 2\d of 40/)
      .first()
      .waitFor();
  },
};

async function take(browser: Browser, address: string, name: string): Promise<void> {
  const page = await browser.newPage({ viewport: SIZE, reducedMotion: 'reduce' });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${address}?backend=wasm&seed=1`);
  await page.getByRole('button', { name: 'Start with the trained model' }).click();
  await page.getByRole('button', { name: 'A is better', disabled: false }).waitFor();
  await PICTURES[name]!(page);
  await page.waitForTimeout(2000); // charts are drawn in turn
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await page.close();
  console.log(`${FOLDER}/${name}.png`);
}

const outDir = mkdtempSync(join(tmpdir(), 'rlhf-lab-pictures-'));
await build({ build: { outDir, emptyOutDir: true }, logLevel: 'warn' });
const server = await preview({ build: { outDir }, preview: { port: 0, open: false }, logLevel: 'warn' });
const browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS });
const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(PICTURES))
  await take(browser, server.resolvedUrls!.local[0]!, name);
await browser.close();
await server.close();
rmSync(outDir, { recursive: true });
