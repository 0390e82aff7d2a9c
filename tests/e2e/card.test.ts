/** The benchmark of a graphics card as one file, on the card that every machine has: the processor. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { bundleCard } from '../bench/card/bundle';
import type { CardReport } from '../bench/card/report';
import { BROWSER_ARGS, requireBrowser } from '../helpers/browser';

const folder = mkdtempSync(join(tmpdir(), 'rlhf-lab-card-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('is one file that a browser opens from the disk; it tries the kernels and says what card it is', async () => {
  const file = join(folder, 'card.html');
  await bundleCard(file);
  expect(readdirSync(folder)).toEqual(['card.html']);
  const browser = await chromium.launch({ executablePath: requireBrowser(), args: BROWSER_ARGS });
  try {
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${pathToFileURL(file)}#filter=trial`);
    await page
      .getByRole('status')
      .filter({ hasText: /^(Done|Failed)/ })
      .waitFor({ timeout: 200_000 });
    expect(await page.getByRole('status').textContent()).toBe('Done.');
    const report = JSON.parse((await page.locator('#report').textContent()) ?? '') as CardReport;
    expect(report).toMatchObject({ format: 'rlhf-lab card', version: 1, tuner: null, rows: [] });
    expect(report.adapter).toMatchObject({ isEmulated: true, subgroup: null });
    expect(report.adapter.name).toMatch(/swiftshader/i);
    expect(report.trials).toEqual([{ shape: 'S', style: 'solitary', compileMs: expect.any(Number), difference: null }]);
    expect(requests.filter((url) => !url.startsWith('blob:'))).toHaveLength(1);
    expect(await page.getByRole('link', { name: /card\.json/ }).getAttribute('href')).toMatch(/^blob:/);
  } finally {
    await browser.close();
  }
}, 240_000);
