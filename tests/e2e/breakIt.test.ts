import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { numberShown } from '../helpers/shown';
import { expectAccessible, openStage, simulateVotes, startTrained, useLab } from './lab';

const region = (page: Page) => page.getByRole('region', { name: 'Break it' });

/** the newest number in the corner of one of the two charts */
async function corner(page: Page, run: 'healthy' | 'broken', metric: string): Promise<number> {
  return numberShown(await page.locator(`[data-lesson="${run}"] [data-metric="${metric}"]`).getAttribute('data-value'));
}

describe('Break it', () => {
  const { visit } = useLab();

  it('leads from Optimise to an overdose of DPO, runs it beside its twin to the reload, and leaves the visitor’s votes alone', async () => {
    const { page } = await visit('?backend=wasm&seed=2');
    await startTrained(page);
    await simulateVotes(page, 20);
    await openStage(page, 'Optimise');
    await region(page).getByRole('button', { name: 'DPO overdose' }).press('Enter');
    await page.getByRole('heading', { level: 2, name: 'DPO overdose' }).waitFor();
    await page.getByRole('radio').first().waitFor();
    await page.keyboard.press('1');
    await expectAccessible(page, 'the question');
    await page.getByRole('button', { name: 'Run both', disabled: false }).press('Enter');

    await page.getByRole('button', { name: 'Pause lesson' }).waitFor();
    await page.waitForFunction(
      () =>
        Number(document.querySelector('[role=progressbar][aria-label="Broken run"]')?.getAttribute('aria-valuenow')) >=
        15,
      null,
      { timeout: 200_000 },
    );
    await page.getByRole('button', { name: 'Pause lesson' }).click();
    await page.getByRole('button', { name: 'Resume lesson', disabled: false }).waitFor({ timeout: 30_000 });
    const stood = await corner(page, 'broken', 'rewards/accuracies');
    expect(stood).toBeGreaterThan(0.5);
    await expectAccessible(page, 'under way');
    expect(await corner(page, 'broken', 'rewards/accuracies')).toBe(stood);
    await page.getByRole('button', { name: 'Resume lesson' }).click();

    await page.getByRole('table', { name: 'Means of the last three measurements' }).waitFor({ timeout: 300_000 });
    await page.getByText(/^Turning point: step \d+\./).waitFor();
    const told = page.getByText(/^Not as you said\./);
    const [healthy, broken] = [await corner(page, 'healthy', 'gold/score'), await corner(page, 'broken', 'gold/score')];
    expect(broken).toBeLessThan(healthy);
    expect(await corner(page, 'broken', 'rewards/accuracies')).toBeGreaterThan(0.9);
    expect(await page.getByRole('region', { name: 'Samples of both runs' }).getByRole('row').count()).toBeGreaterThan(
      3,
    );
    await expectAccessible(page, 'the end');
    const sentence = await told.textContent();

    await page.reload();
    await page.getByRole('heading', { level: 2, name: 'DPO overdose' }).waitFor();
    expect(await told.textContent()).toBe(sentence);
    await openStage(page, 'Optimise');
    const came = region(page).getByRole('list', { name: 'What came' });
    expect(await came.textContent()).toMatch(/^DPO overdose: you said “Better stories.*it came “Worse ones/);
    await openStage(page, 'Compare');
    await page
      .getByText(/20 simulated/)
      .first()
      .waitFor();
    await openStage(page, 'Reward model');
    expect(await page.getByRole('button', { name: 'Train' }).isEnabled()).toBe(true);
  });

  it('gives everything back when a lesson is cancelled', async () => {
    const { page } = await visit('?backend=wasm#/optimise');
    await region(page).getByRole('button', { name: 'Leash off' }).click();
    await page.getByRole('radio').first().waitFor();
    await page.keyboard.press('1');
    await page.getByRole('button', { name: 'Run both', disabled: false }).click();
    await page.waitForFunction(
      () =>
        Number(
          document.querySelector('[role=progressbar][aria-label^="Reward model"]')?.getAttribute('aria-valuenow'),
        ) >= 3,
      null,
      { timeout: 120_000 },
    );
    await page.getByRole('button', { name: 'Cancel lesson' }).click();
    await page.getByRole('button', { name: 'Run both' }).waitFor({ timeout: 60_000 });
    expect(await page.getByRole('button', { name: 'Cancel lesson' }).count()).toBe(0);
    await openStage(page, 'Reward model');
    expect(await page.getByRole('button', { name: 'Train' }).isEnabled(), 'no model and no votes were left').toBe(
      false,
    );
  });
});
