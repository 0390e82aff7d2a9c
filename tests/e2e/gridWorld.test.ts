import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibleInBothThemes, useLab } from './lab';
import { expectReadable, type View } from './views';

const PARTS = ['Cells', 'Walk', 'Return', 'V', 'Sweeps', 'Learning', 'Language'];

const cell = (page: Page, name: string) => page.getByRole('gridcell', { name: new RegExp(`^${name}:`) });
const part = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name, exact: true });
const valueAt = async (page: Page, name: string) => Number(await cell(page, name).getAttribute('data-value'));

describe('the grid world', () => {
  const { visit } = useLab();

  it('is walked by keyboard alone: from Teach through its seven parts to Optimise', async () => {
    const { page } = await visit('?backend=wasm#/data');
    await page.getByRole('button', { name: 'Teach' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { level: 1, name: 'Grid world' });
    await heading.waitFor();
    await page.getByText('21 states, 4 actions.').waitFor();
    await expect.poll(() => heading.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(page.url()).toContain('#/primer');

    await cell(page, 'a3').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { level: 2, name: 'From b3' }).waitFor();
    await page.keyboard.press('e');
    await page.keyboard.press('3');
    await cell(page, 'b3')
      .and(page.getByLabel(/the dog/))
      .waitFor();
    await page.keyboard.press('3');
    await page.keyboard.press('e');

    await page.keyboard.press('PageDown');
    const walk = page.getByRole('table', { name: 'The walk, step by step' });
    const first = await walk.textContent();
    await page.keyboard.press('w');
    await expect.poll(() => walk.textContent()).not.toBe(first);

    for (let i = 0; i < 3; i++) await page.keyboard.press('PageDown');
    await page.keyboard.press('s');
    await expect.poll(() => valueAt(page, 'f3')).toBe(0.8);
    await page.keyboard.press('Space');
    await page.getByText('Nothing moves any more').waitFor({ timeout: 60_000 });
    expect(await valueAt(page, 'a3')).toBeCloseTo(0.489, 2);

    await page.keyboard.press('PageDown');
    await page.getByText('Nothing learned yet.').waitFor();
    await page.keyboard.press('.');
    await page.getByText(/after 1 update\./).waitFor();
    await page.keyboard.press('Space');
    await page.getByText(/after 80 updates/).waitFor({ timeout: 120_000 });
    expect(await valueAt(page, 'a3')).toBeGreaterThan(0.45);

    await page.keyboard.press('PageDown');
    await page.getByText('P = 1').waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Open Optimise' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Optimise' }).waitFor();
    await page.goBack();
    await heading.waitFor();
  });

  it('has nothing to mend for axe in either theme, in any part', async () => {
    const { page } = await visit('?backend=wasm#/primer');
    await page.getByText('21 states, 4 actions.').waitFor();
    for (const name of PARTS) {
      await part(page, name).click();
      await accessibleInBothThemes(page, `Grid world, ${name}`);
    }
  });

  it('cuts no text at any width', async () => {
    const { page } = await visit('?backend=wasm#/primer');
    await page.getByText('21 states, 4 actions.').waitFor();
    const views = PARTS.map((name): View => ({ name: `Grid world, ${name}`, open: () => part(page, name).click() }));
    await expectReadable(page, views);
  });
});
