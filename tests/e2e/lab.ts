/** A browser, a fresh visitor, and the habits that every end-to-end test shares. */
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { BROWSER_ARGS, requireBrowser } from '../helpers/browser';

/** a model so small that the software GPU takes it in milliseconds a step */
export const MINIATURE = 'layers=1&width=16&heads=2&batch=4&evalEvery=5';

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** console errors and uncaught exceptions so far */
  errors: string[];
  /** requests that left the page's origin */
  foreign: string[];
}

/** Opens one browser for the file; each visit is a new visitor with empty storage. */
export function useLab(): { visit: (address?: string, options?: { width?: number; height?: number }) => Promise<Visit> } {
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

  async function visit(address = '', { width = 1366, height = 768 } = {}): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true, reducedMotion: 'reduce' });
    const found: Visit = { page: await context.newPage(), context, errors: [], foreign: [] };
    visits.push(found);
    watch(found);
    await found.page.goto(inject('pageUrl') + address);
    return found;
  }
  return { visit };
}

function watch({ context, errors, foreign }: Visit): void {
  const origin = new URL(inject('pageUrl')).origin;
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('blob:') && !url.startsWith('data:')) foreign.push(url);
  });
}

/** goes to a stage through the pipeline's navigation, as a visitor would */
export async function openStage(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Pipeline' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

/** what the transport bar says, e.g. "step 10 of 500" */
export const progress = (page: Page, text: RegExp | string): Locator =>
  page.getByRole('toolbar', { name: 'Transport' }).getByText(text).first();

/** the full-precision value of a live number, NaN while there is none */
export async function metric(page: Page, id: string): Promise<number> {
  const element = page.locator(`[data-metric="${id}"]`).first();
  if ((await element.count()) === 0) return Number.NaN;
  const value = await element.getAttribute('data-value');
  return value === null || value === '' ? Number.NaN : Number(value);
}

/** waits until a live number satisfies a condition */
export async function metricUntil(page: Page, id: string, holds: (value: number) => boolean, timeout = 120_000): Promise<number> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const value = await metric(page, id);
    if (holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`${id} stayed at ${value}`);
    await page.waitForTimeout(100);
  }
}
