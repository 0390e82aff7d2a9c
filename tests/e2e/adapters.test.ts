import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { metricUntil, openStage, progress, simulateVotes, startTrained, trainUntil, useLab } from './lab';

const ADDRESS = '?backend=wasm&seed=2&rewardSteps=6&normalizeSamples=16&iterations=2&klCeiling=0';

/** what learns in the next run, in the dialog of all settings */
async function choose(page: Page, title: RegExp, rows: Record<string, number>): Promise<void> {
  await page
    .getByRole('button', { name: /^All \d+ settings…/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.waitFor();
  for (const [name, value] of Object.entries(rows)) {
    await dialog.getByRole('spinbutton', { name }).fill(String(value));
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

/** what the drawer says that a model learned by */
async function changedIn(page: Page, name: RegExp): Promise<string> {
  await page.getByRole('button', { name: 'Checkpoints', exact: true }).click();
  await page.getByRole('treeitem', { name }).first().click();
  await page.getByRole('button', { name: 'Save adapter' }).waitFor();
  const words =
    (await page
      .getByText(/of rank \d/)
      .first()
      .textContent()) ?? '';
  await page.keyboard.press('Escape');
  return words;
}

describe('adapters and frozen layers', () => {
  const { visit } = useLab();

  it('learn in the reward model and in PPO, begin where the models were, and come back after a reload', async () => {
    const { page } = await visit(ADDRESS);
    await startTrained(page);
    await simulateVotes(page, 40);
    await openStage(page, 'Reward model');
    await choose(page, /reward model/, { 'Adapter rank': 4 });
    await trainUntil(page, /step 6 of 6/);
    expect(await changedIn(page, /^Reward model/)).toMatch(/rank 4/);

    await openStage(page, 'Optimise');
    await choose(page, /PPO settings/, { 'Adapter rank': 2, 'Frozen layers': 1 });
    for (const _phase of ['rollout', 'evaluation', 'optimisation'])
      await page.getByRole('button', { name: 'Step', disabled: false }).click();
    await progress(page, /iteration 1 of 2/).waitFor({ timeout: 60_000 });
    expect(Math.abs(await metricUntil(page, 'objective/kl', Number.isFinite))).toBeLessThan(1e-4);
    await page.reload();
    await progress(page, /iteration 1 of 2/).waitFor({ timeout: 60_000 });
    await trainUntil(page, /iteration 2 of 2/);
    expect(Math.abs(await metricUntil(page, 'objective/kl', Number.isFinite))).toBeGreaterThan(0);
    expect(await changedIn(page, /^PPO/)).toMatch(/rank 2/);
  });
});
