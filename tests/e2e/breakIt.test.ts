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

  it('runs an overdose of DPO beside a healthy run, from the question to the reload, and leaves the visitor’s votes alone', async () => {
    const { page } = await visit('?backend=wasm&seed=2');
    await startTrained(page);
    await simulateVotes(page, 20);
    await openStage(page, 'Optimise');
    await page.getByRole('button', { name: 'DPO overdose' }).press('Enter');
    await page.getByRole('heading', { level: 3, name: 'DPO overdose' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space'); // the first answer
    await expectAccessible(page, 'the question');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    await page.getByRole('button', { name: 'Pause lesson' }).waitFor();
    await page.waitForFunction(
      () =>
        Number(document.querySelector('[role=progressbar][aria-label="Broken run"]')?.getAttribute('aria-valuenow')) >=
        15,
      null,
      { timeout: 120_000 },
    );
    await page.getByRole('button', { name: 'Pause lesson' }).click();
    await page.getByRole('button', { name: 'Resume lesson', disabled: false }).waitFor({ timeout: 30_000 });
    const stood = await corner(page, 'broken', 'rewards/accuracies');
    expect(stood).toBeGreaterThan(0.5);
    await expectAccessible(page, 'under way');
    await page.waitForTimeout(1000);
    expect(await corner(page, 'broken', 'rewards/accuracies')).toBe(stood);
    await page.getByRole('button', { name: 'Resume lesson' }).click();

    await page.getByRole('heading', { name: 'What happened' }).waitFor({ timeout: 200_000 });
    await region(page).getByText('Not as you expected.').waitFor();
    await region(page)
      .getByText(/^Turning point: step \d+\./)
      .waitFor();
    const [healthy, broken] = [await corner(page, 'healthy', 'gold/score'), await corner(page, 'broken', 'gold/score')];
    expect(broken).toBeLessThan(healthy);
    expect(await corner(page, 'broken', 'rewards/accuracies')).toBeGreaterThan(0.9);
    expect(await page.getByRole('region', { name: 'Samples of both runs' }).getByRole('row').count()).toBeGreaterThan(
      3,
    );
    await expectAccessible(page, 'the end');
    const sentence = await region(page)
      .getByText(/^Not as you expected\./)
      .textContent();

    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Optimise' }).waitFor();
    await page.getByRole('button', { name: 'DPO overdose' }).click();
    expect(
      await region(page)
        .getByText(/^Not as you expected\./)
        .textContent(),
    ).toBe(sentence);
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
    await page.getByRole('button', { name: 'Leash off' }).click();
    await page.getByRole('radio').first().check();
    await page.getByRole('button', { name: 'Run both' }).click();
    await page.waitForFunction(
      () =>
        Number(
          document.querySelector('[role=progressbar][aria-label^="Reward model"]')?.getAttribute('aria-valuenow'),
        ) >= 3,
      null,
      { timeout: 120_000 },
    );
    await page.getByRole('button', { name: 'Cancel lesson' }).click();
    await page.getByRole('radio').first().waitFor({ timeout: 60_000 });
    expect(await page.getByRole('button', { name: 'Cancel lesson' }).count()).toBe(0);
    await openStage(page, 'Reward model');
    expect(await page.getByRole('button', { name: 'Train' }).isEnabled(), 'no model and no votes were left').toBe(
      false,
    );
  });
});
