import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible, useLab } from './lab';
import { lastingFaults, USUAL } from './views';

/** what a teacher and somebody with a phone see */
const WINDOWS = [{ width: 400, height: 800 }, USUAL];

async function expectTab(page: Page, name: string): Promise<void> {
  for (const window of WINDOWS) {
    await page.setViewportSize(window);
    const faults = await lastingFaults(page, '[role=dialog]');
    expect(faults, `${name}, ${window.width} px`).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, name).toBeLessThanOrEqual(window.width);
  }
  await expectAccessible(page, name);
}

/** as a hand that has come to it with Tab */
async function pressFor(page: Page, from: Locator, keys: readonly string[]): Promise<void> {
  await from.focus();
  for (const key of keys) await page.keyboard.press(key);
}

describe('Inspect', () => {
  const { visit } = useLab();

  it('shows the shipped model in five tabs, each walked by keyboard, readable on a laptop and on a phone', async () => {
    const { page } = await visit('?backend=wasm&seed=4#/inspect?tab=attention');
    await page.getByRole('button', { name: 'Load the trained Tiny model' }).press('Enter');
    const map = page.getByRole('button', { name: /^Attention, layer 1, head 1/ });
    await pressFor(page, map, ['ArrowUp', 'ArrowLeft']);
    await page.getByText(/ looks at /).waitFor();
    await expectTab(page, 'Attention');

    const tab = (name: string) => page.getByRole('tab', { name, exact: true });
    await pressFor(page, tab('Attention'), ['ArrowRight']);
    const words = page.getByRole('group', { name: 'Words of the text' });
    await pressFor(page, words.getByRole('button', { pressed: true }), ['Home', 'ArrowRight']);
    expect(await words.getByRole('button', { pressed: true }).textContent()).toBe(
      await words.getByRole('button').nth(1).textContent(),
    );
    await pressFor(page, page.getByRole('button', { name: 'Next step' }), ['Enter']);
    await page.getByRole('figure', { name: /^Step 2/ }).waitFor();
    await pressFor(page, page.getByRole('button', { name: 'Previous step' }), ['Enter']);
    await expectTab(page, 'Arithmetic');

    await pressFor(page, tab('Arithmetic'), ['ArrowRight']);
    const heads = page.getByRole('region', { name: 'Layers' }).getByRole('group', { name: 'Heads' });
    await pressFor(page, heads.getByRole('checkbox').first(), ['ArrowRight', 'Space']);
    await page.getByText(/^Held-out loss [\d.]+ → [\d.]+/).waitFor();
    await expectTab(page, 'Layers');

    await pressFor(page, tab('Layers'), ['ArrowRight']);
    const answers = page.getByRole('list', { name: 'Answers' });
    await answers.getByRole('listitem').first().waitFor();
    await pressFor(page, page.getByRole('button', { name: /^Map of the words/ }), ['+', 'ArrowLeft', '0']);
    await page.getByRole('button', { name: 'Fit', disabled: true }).waitFor();
    await pressFor(page, page.getByRole('button', { name: 'happy : sad = smiled : ?' }), ['Enter']);
    await page
      .getByText(/^happy : sad = smiled : \? gives \w+/)
      .first()
      .waitFor();
    await pressFor(page, page.getByRole('textbox', { name: 'Find a word' }), [...'badg', 'Enter']);
    await page.getByRole('list', { name: 'Neighbours of badger' }).waitFor();
    await expectTab(page, 'Words');

    await pressFor(page, tab('Words'), ['ArrowRight']);
    await page
      .getByText(/^Nothing differs/)
      .first()
      .waitFor();
    await expectTab(page, 'Before and after');
    await page.keyboard.press('f');
    await expect.poll(() => new URL(page.url()).hash).toBe('#/start');
  });
});
