/** A word of 2,000 letters, for every field that shows a visitor's text. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { settled } from '../helpers/layout/look';
import { lastingFaults, USUAL } from './views';

/** a word that no line of any page holds */
export const WORD = 'extraordinarily'.repeat(134).slice(0, 2000);

export const linesFile = (name: string, rows: readonly object[]) => ({
  name,
  mimeType: 'application/jsonl',
  buffer: Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')),
});

/** On a phone and on a laptop: everything of a page, or of the drawer over it, is in sight. */
export async function expectInSight(page: Page, where: string, selector = 'body'): Promise<void> {
  const faults: string[] = [];
  for (const window of [{ width: 400, height: 800 }, USUAL]) {
    await page.setViewportSize(window);
    await settled(page);
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth, `${where} at ${window.width} px`).toBe(clientWidth);
    faults.push(...(await lastingFaults(page, selector)).map((fault) => `${where}, ${window.width} px: ${fault}`));
  }
  expect(faults).toEqual([]);
}

export const textbox = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

/** takes the text as the corpus, on Data, and waits until it is read */
export async function useOwnText(page: Page, text: string): Promise<void> {
  await page.getByRole('tab', { name: 'Your own text' }).click();
  await textbox(page, 'Or paste a text').fill(text);
  await page.getByRole('button', { name: 'Use this text' }).click();
  await page
    .getByText(/different tokens/)
    .first()
    .waitFor();
}
