import { describe, expect, it } from 'vitest';
import { MINIATURE, metric, metricUntil, openStage, progress, useLab } from './lab';

/** the whole loop, on WebGPU (a software one), with a model of 1 layer and width 16 */
describe('the whole loop in one tab', () => {
  const { visit } = useLab();

  it('goes from a grammar to a policy that PPO has moved', async () => {
    const { page } = await visit(
      `?backend=webgpu&seed=3&${MINIATURE}&steps=10&stories=400&rewardSteps=4&rewardBatch=8&normalizeSamples=8&rollouts=4&epochs=2&iterations=3#/data`,
    );
    await page.getByRole('heading', { level: 1, name: 'Data' }).waitFor();
    await page.getByRole('button', { name: 'Generate' }).click();

    await openStage(page, 'Pretrain');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    const first = await metricUntil(page, 'train/loss', Number.isFinite);
    await progress(page, /step 10 of 10/).waitFor({ timeout: 150_000 });
    expect(await metric(page, 'train/loss')).toBeLessThan(first);
    expect(await metric(page, 'eval/loss')).toBeGreaterThan(1);

    await openStage(page, 'Compare');
    await page.getByRole('article', { name: 'Completion A' }).getByText(/\w/).first().waitFor();
    await page.getByRole('spinbutton', { name: 'Votes' }).fill('30');
    await page.getByRole('combobox', { name: 'Rater' }).selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Add simulated votes' }).click();
    await page
      .getByText(/0 yours.*30 simulated/)
      .first()
      .waitFor({ timeout: 150_000 });

    await openStage(page, 'Reward model');
    await page.getByRole('button', { name: 'Train' }).click();
    await progress(page, /step 4 of 4/).waitFor({ timeout: 150_000 });
    expect(await metric(page, 'reward/loss')).toBeGreaterThan(0);
    await page.getByRole('textbox', { name: 'Score a text' }).fill('the fox found a lamp . he was glad .');

    await openStage(page, 'Optimise');
    await page.getByRole('tab', { name: 'PPO' }).waitFor();
    for (const iteration of [0, 0, 1]) {
      await page.getByRole('button', { name: 'Step' }).click();
      await page.locator('[aria-busy="true"]').waitFor({ state: 'detached', timeout: 150_000 });
      await progress(page, `iteration ${iteration} of 3`).waitFor();
    }
    await page.getByRole('button', { name: 'Train' }).click();
    await progress(page, /iteration 3 of 3/).waitFor({ timeout: 200_000 });
    expect(await metric(page, 'objective/kl')).not.toBeNaN();
    expect(await metric(page, 'objective/scores')).not.toBeNaN();
    expect(await metric(page, 'val/ratio')).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: /^Engine/ }).textContent()).toContain('WebGPU');
  }, 600_000);

  it('starts from the shipped model and shows a pair at once', async () => {
    const { page } = await visit('?backend=wasm');
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await page.getByRole('button', { name: 'A is better' }).waitFor();
    expect(await page.getByRole('article', { name: 'Completion A' }).textContent()).toMatch(/[a-z]+/);
    expect(await page.getByRole('article', { name: 'Completion B' }).textContent()).not.toBe(
      await page.getByRole('article', { name: 'Completion A' }).textContent(),
    );
  });
});
