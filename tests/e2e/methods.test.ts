import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { numberShown } from '../helpers/shown';
import {
  accessibleInBothThemes,
  metric,
  metricUntil,
  openStage,
  progress,
  simulateVotes,
  startTrained,
  trainUntil,
  useLab,
} from './lab';

const ADDRESS =
  '?backend=wasm&seed=4&rewardSteps=8&normalizeSamples=16&dpoSteps=6&dpoEvalEvery=3&dpoSamples=8&bestOfSamples=16&bestOfPrompts=3&iterations=14&klCoef=0&ppoLr=0.01&klCeiling=0';

/** the panel's numbers, measured on texts that this run really wrote, and a diagnosis in words */
async function expectHealth(page: Page, diagnosis: RegExp): Promise<void> {
  await page.getByRole('heading', { name: 'Health' }).waitFor();
  const measures = page.getByLabel('Health measures');
  for (const id of [
    'completion/distinct',
    'completion/distinct2',
    'completion/duplicates',
    'completion/grammatical',
    'val/num_eos_tokens',
  ]) {
    const value = numberShown(await measures.locator(`[data-metric="${id}"]`).getAttribute('data-value'));
    expect(value, id).toBeGreaterThanOrEqual(0);
    expect(value, id).toBeLessThanOrEqual(1);
  }
  const length = numberShown(await measures.locator('[data-metric="completion/length"]').getAttribute('data-value'));
  expect(length).toBeGreaterThan(1);
  const curves = await measures.locator('polyline').count();
  expect(curves).toBeGreaterThan(0);
  expect(curves, 'a share of few texts is a count and has no curve').toBeLessThanOrEqual(
    await measures.locator('dt').count(),
  );
  const tall = await measures
    .locator('dt, dd')
    .evaluateAll((parts) =>
      parts
        .filter(
          (part) => part.getBoundingClientRect().height > 1.8 * Number.parseFloat(getComputedStyle(part).fontSize),
        )
        .map((part) => part.textContent),
    );
  expect(tall, 'each measure stands on one line').toEqual([]);
  await page.getByText(diagnosis).first().waitFor();
}

describe('the other ways to learn from votes', () => {
  const { visit } = useLab();

  it('fits the policy to the votes by DPO, draws the best of N, and still knows both after a reload', async () => {
    const { page } = await visit(ADDRESS);
    await startTrained(page);
    await simulateVotes(page, 60);

    await openStage(page, 'Optimise');
    await page.getByRole('tab', { name: 'PPO' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('It will learn from 0 yours + 60 simulated.').waitFor();
    await page.getByRole('button', { name: 'Step' }).click();
    expect(await metricUntil(page, 'dpo/loss', Number.isFinite)).toBeCloseTo(Math.LN2, 4);
    await trainUntil(page, /step 6 of 6/);
    expect(await metric(page, 'dpo/loss')).toBeLessThan(Math.LN2);
    expect(await metric(page, 'axis/kl')).toBeGreaterThan(0);
    expect(await metric(page, 'axis/gold')).not.toBeNaN();
    await expectHealth(page, /^Done, but too short to judge\./);
    await accessibleInBothThemes(page, 'DPO');

    await openStage(page, 'Reward model');
    await trainUntil(page, /step 8 of 8/);
    await openStage(page, 'Optimise');
    await page.getByRole('tab', { name: 'Best of N' }).click();
    await trainUntil(page, /prompt 3 of 3/);
    const most = await metricUntil(page, 'axis/score', Number.isFinite);
    expect(await metric(page, 'axis/kl')).toBeCloseTo(Math.log(16) - 15 / 16, 6);
    await page.getByRole('slider', { name: 'Choose the best of' }).fill('1');
    expect(await metricUntil(page, 'axis/kl', (kl) => kl === 0)).toBe(0);
    expect(await metric(page, 'axis/score')).toBeLessThan(most);
    expect(await page.getByRole('region', { name: 'Samples of this prompt' }).getByRole('row').count()).toBe(2);
    await expectHealth(page, /^(Done|The judge is too weak)\./);
    await accessibleInBothThemes(page, 'Best of N');

    await page.getByRole('tab', { name: 'PPO' }).click();
    await trainUntil(page, /iteration 14 of 14/);
    await expectHealth(page, /^KL alarm\.|^Past the peak\.|^Mode collapse\.|^Losing its grammar\./);
    const knob = page.getByRole('button', { name: 'Raise the KL coefficient' });
    await knob.focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      () => document.activeElement?.closest('[data-control]')?.getAttribute('data-control') === 'ppo/klCoef',
    );
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('slider', { name: 'KL coefficient' }).inputValue()).toBe('0.01');
    await accessibleInBothThemes(page, 'PPO with a diagnosis');
    await page.getByRole('tab', { name: 'Best of N' }).click();

    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Optimise' }).waitFor();
    await page.getByRole('tab', { name: 'Best of N' }).click();
    await progress(page, /prompt 3 of 3/).waitFor();
    expect(await metricUntil(page, 'axis/score', Number.isFinite)).toBe(most);
    await page.getByRole('tab', { name: 'DPO' }).click();
    await progress(page, /step 6 of 6/).waitFor();
    expect(await metricUntil(page, 'dpo/loss', Number.isFinite)).toBeLessThan(Math.LN2);
    await page.getByRole('region', { name: 'Before and after' }).getByText('now').first().waitFor();
  });
});
