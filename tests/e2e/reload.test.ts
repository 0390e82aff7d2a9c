import { describe, expect, it } from 'vitest';
import { MINIATURE, metricUntil, openStage, progress, useLab } from './lab';

describe('reloading in the middle', () => {
  const { visit } = useLab();

  it('of pretraining goes on from the stored step with its curve', async () => {
    const { page } = await visit(`?backend=wasm&seed=2&${MINIATURE}&steps=4000&stories=400#/data`);
    await page.getByRole('button', { name: 'Generate' }).click();
    await openStage(page, 'Pretrain');
    await page.getByRole('button', { name: 'Train' }).click();
    await metricUntil(page, 'train/loss', Number.isFinite);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Train' }).waitFor();
    const before = await stepOf(page);
    expect(before).toBeGreaterThan(0);

    await page.reload();
    await page.getByRole('button', { name: 'Train' }).waitFor();
    await progress(page, new RegExp(`step ${before.toLocaleString('en')} of`)).waitFor();
    await page.getByRole('button', { name: 'Step' }).click();
    await progress(page, new RegExp(`step ${(before + 1).toLocaleString('en')} of`)).waitFor();
  });

  it('of PPO keeps the iteration, the votes and the models', async () => {
    const { page } = await visit('?backend=wasm&seed=2&rewardSteps=4&rewardBatch=8&normalizeSamples=8&rollouts=4&iterations=50');
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await page.getByRole('button', { name: 'A is better' }).waitFor();
    await page.getByRole('spinbutton', { name: 'Votes' }).fill('30');
    await page.getByRole('button', { name: 'Add simulated votes' }).click();
    await page
      .getByText(/30 simulated/)
      .first()
      .waitFor({ timeout: 60_000 });
    await openStage(page, 'Reward model');
    await page.getByRole('button', { name: 'Train' }).click();
    await progress(page, /step 4 of 4/).waitFor({ timeout: 60_000 });
    await openStage(page, 'Optimise');
    await page.getByRole('button', { name: 'Train' }).click();
    await progress(page, /iteration [2-9] of 50/).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Train' }).waitFor();
    const before = await stepOf(page);

    await page.reload();
    await progress(page, new RegExp(`iteration ${before} of 50`)).waitFor({ timeout: 60_000 });
    await metricUntil(page, 'objective/kl', Number.isFinite);
    await page.getByRole('button', { name: 'Train' }).click();
    await expect.poll(() => stepOf(page), { timeout: 60_000 }).toBeGreaterThan(before);
    await page.getByRole('button', { name: 'Pause' }).click();
    await openStage(page, 'Compare');
    await page
      .getByText(/30 simulated/)
      .first()
      .waitFor();
  });
});

/** the step that the transport bar names */
async function stepOf(page: import('playwright-core').Page): Promise<number> {
  const text = await progress(page, /(step|iteration) [\d,]+ of/).textContent();
  return Number(/(?:step|iteration) ([\d,]+)/.exec(text ?? '')?.[1]?.replaceAll(',', ''));
}
