/** A browser, a fresh visitor, and the habits that every end-to-end test shares. */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { BROWSER_ARGS, requireBrowser } from '../helpers/browser';
import { numberShown } from '../helpers/shown';
import { pairShown, progress } from '../helpers/visitor';

export { openStage, pairShown, progress, simulateVotes, startTrained, trainUntil } from '../helpers/visitor';

/** the guard against a held key: a vote counts only when its pair has stood for 300 ms */
const GUARD_MS = 400;

/** a model so small that the software GPU takes it in milliseconds a step */
export const MINIATURE = 'layers=1&width=16&heads=2&batch=4';

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** console errors and uncaught exceptions so far */
  errors: string[];
  /** requests that left the page's origin */
  foreign: string[];
}

export interface VisitOptions {
  width?: number;
  height?: number;
  /** of a page of the test's own */
  url?: string;
  /** lets the browser keep the page for visits without a network */
  keepsPage?: boolean;
}

/** Opens one browser for the file; each visit is a new visitor with empty storage. */
export function useLab(): {
  visit: (address?: string, options?: VisitOptions) => Promise<Visit>;
} {
  let browser: Browser;
  const visits: Visit[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS, headless: true });
  });
  afterAll(async () => browser?.close());
  afterEach(async () => {
    const finished = visits.splice(0);
    await Promise.all(finished.map(({ context }) => context.close()));
    for (const { errors, foreign } of finished) {
      expect(errors, 'console errors').toEqual([]);
      expect(foreign, 'requests to other origins').toEqual([]);
    }
  });

  async function visit(address = '', options: VisitOptions = {}): Promise<Visit> {
    const { width = 1366, height = 768, url = inject('pageUrl'), keepsPage = false } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      acceptDownloads: true,
      reducedMotion: 'reduce',
      serviceWorkers: keepsPage ? 'allow' : 'block', // what a worker answers no test can refuse
    });
    const found: Visit = { page: await context.newPage(), context, errors: [], foreign: [] };
    visits.push(found);
    watch(found, new URL(url).origin);
    await found.page.goto(url + address);
    return found;
  }
  return { visit };
}

function watch({ context, errors, foreign }: Visit, origin: string): void {
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('blob:') && !url.startsWith('data:')) foreign.push(url);
  });
}

/** votes as a hurried visitor does, one key a pair */
export async function pressVotes(page: Page, keys: readonly string[]): Promise<void> {
  let answered: string | null = null;
  for (const key of keys) {
    await expect.poll(() => standing(page), { timeout: 60_000 }).not.toBe(answered);
    await pairShown(page);
    await page.waitForTimeout(GUARD_MS);
    answered = await standing(page);
    await page.keyboard.press(key);
  }
}

/** what is to be voted on: a pair that was answered may stay in sight on a slow machine, with its buttons on */
const standing = async (page: Page): Promise<string> =>
  (await page.getByRole('article', { name: /^Completion [AB]/ }).allTextContents()).join('\n') +
  (await metric(page, 'votes/human'));

/** pauses, which stores the run; @returns the step that it stands at */
export async function pause(page: Page): Promise<number> {
  const ended = page.getByRole('alertdialog', { name: /^Train again/ });
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Train', disabled: false }).or(ended).first().waitFor();
  if (await ended.isVisible()) throw new Error('the run ended before it could be paused: give it more steps');
  return stepOf(page);
}

/** the step, or iteration, that the transport bar names */
export async function stepOf(page: Page): Promise<number> {
  const text = await progress(page, /(step|iteration) [\d,]+ of/).textContent();
  return Number(/(?:step|iteration) ([\d,]+)/.exec(text ?? '')?.[1]?.replaceAll(',', ''));
}

/** presses what saves a file; @returns its bytes */
export async function downloaded(page: Page, button: Locator): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.first().click()]);
  return readFileSync(await download.path());
}

/** every point of the stage's run at full precision, without what a clock measured */
export async function numbers(page: Page): Promise<Record<string, string>[]> {
  await page.getByRole('button', { name: 'More charts' }).click();
  const csv = await downloaded(page, page.getByRole('button', { name: 'Save all points as CSV' }));
  const [head = '', ...rows] = csv.toString('utf8').trim().split('\r\n');
  const columns = head.split(',');
  return rows.map((row) => {
    const cells = row.split(',').map((cell, i) => [columns[i] as string, cell] as const);
    return Object.fromEntries(cells.filter(([column]) => column !== 'elapsedMs' && !column.startsWith('perf/')));
  });
}

/** the full-precision value of a live number, NaN while there is none */
export async function metric(page: Page, id: string): Promise<number> {
  const element = page.locator(`[data-metric="${id}"]`).first();
  if ((await element.count()) === 0) return Number.NaN;
  return numberShown(await element.getAttribute('data-value'));
}

/** waits until a live number satisfies a condition */
export async function metricUntil(
  page: Page,
  id: string,
  holds: (value: number) => boolean,
  timeout = 120_000,
): Promise<number> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const value = await metric(page, id);
    if (holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`${id} stayed at ${value}`);
    await page.waitForTimeout(100);
  }
}

/** axe finds nothing to mend on the page as it stands */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.waitForTimeout(300); // colours settle before contrast is measured
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    where,
  ).toEqual([]);
}

export async function accessibleInBothThemes(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page, `${where}, ${colorScheme}`);
  }
}
