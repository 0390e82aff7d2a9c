import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { numberShown } from '../helpers/shown';
import { expectAccessible, openStage, startTrained, useLab } from './lab';

/** a rule pays: no votes and no reward model are needed first */
const ADDRESS = '?backend=wasm&seed=4&ppoReward=rule&ppoRule=ends&iterations=2&rollouts=8';

const value = async (dialog: Locator, line: string): Promise<number> =>
  numberShown(await dialog.locator(`[data-line="${line}"] [data-value]`).getAttribute('data-value'));

/** nothing of the table stands outside its card, and no name is broken into letters */
async function expectNothingCut(dialog: Locator): Promise<void> {
  const found = await dialog.locator('[data-line]').evaluateAll((rows) =>
    rows.flatMap((row) => {
      const card = row.closest('[data-card]')!.getBoundingClientRect();
      const name = row.querySelector('th')!.getBoundingClientRect();
      const right = Math.max(...Array.from(row.children, (cell) => cell.getBoundingClientRect().right));
      const is = row.getAttribute('data-line');
      return [
        ...(right > card.right + 1 ? [`${is} ends outside its card`] : []),
        ...(name.width < 40 ? [`${is} has ${name.width} pixels for its name`] : []),
      ];
    }),
  );
  expect(found).toEqual([]);
}

async function expectArithmetic(dialog: Locator): Promise<void> {
  const [logp, reference, kl] = [
    await value(dialog, 'log π'),
    await value(dialog, 'log π_ref'),
    await value(dialog, 'kl'),
  ];
  expect(kl).toBeCloseTo(logp - reference, 5);
  const [free, clipped, loss] = [
    await value(dialog, 'unclipped'),
    await value(dialog, 'clipped'),
    await value(dialog, 'loss'),
  ];
  expect(loss).toBe(Math.max(free, clipped));
  expect(free).toBeCloseTo(-(await value(dialog, 'whitened')) * (await value(dialog, 'ratio ρ')), 5);
}

const lit = (page: Page) => page.getByRole('list', { name: 'Pseudo-code' }).locator('[aria-current="step"]').last();

describe('PPO in numbers', () => {
  const { visit } = useLab();

  it('starts a run, fills every line with the numbers trained on, and goes through the loop by keys', async () => {
    const { page } = await visit(ADDRESS);
    await startTrained(page);
    await openStage(page, 'Optimise');
    await page.getByRole('button', { name: 'In numbers' }).click();
    const dialog = page.getByRole('dialog', { name: 'PPO in numbers' });
    await dialog.getByRole('button', { name: 'Start training' }).click();
    await dialog.getByText(/iteration 2 · /).waitFor({ timeout: 60_000 });
    await expectArithmetic(dialog);
    expect(await value(dialog, 'ratio ρ'), 'the first update of a batch').toBe(1);
    expect(await value(dialog, 'score'), 'a check pays 1 or 0').toBeOneOf([0, 1]);
    await expectNothingCut(dialog);

    await dialog.getByRole('heading', { name: 'PPO in numbers' }).click();
    for (let phase = 1; phase < 7; phase++) await page.keyboard.press('.');
    expect(await lit(page).textContent()).toMatch(/^7/);
    expect(await dialog.locator('tr[data-lit]').count()).toBe(4);
    await dialog.getByRole('combobox', { name: 'Epoch' }).selectOption({ label: '4 of 4' });
    await dialog.getByRole('combobox', { name: 'Rollout' }).selectOption({ label: '3 of 8' });
    await dialog.getByRole('combobox', { name: 'Token' }).selectOption({ index: 1 });
    await expectArithmetic(dialog);
    await expectAccessible(page, 'PPO in numbers');

    await page.setViewportSize({ width: 400, height: 800 });
    await expectNothingCut(dialog);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(
      await page.getByRole('button', { name: 'In numbers' }).evaluate((button) => button === document.activeElement),
    ).toBe(true);
  }, 120_000);
});
