import { describe, expect, it } from 'vitest';
import {
  MINIATURE,
  metric,
  metricUntil,
  openStage,
  pairShown,
  pressVotes,
  progress,
  simulateVotes,
  startTrained,
  trainUntil,
  useLab,
} from './lab';

/** the whole loop, on WebGPU (a software one), with a model of 1 layer and width 16 */
describe('the whole loop in one tab', () => {
  const { visit } = useLab();

  it('goes from a grammar to a policy that PPO has moved', async () => {
    const { page } = await visit(
      `?backend=webgpu&seed=3&${MINIATURE}&evalEvery=5&steps=10&stories=400&rewardSteps=4&rewardBatch=8&normalizeSamples=8&rollouts=4&completionLength=12&epochs=1&iterations=2#/data`,
    );
    await page.getByRole('heading', { level: 1, name: 'Data' }).waitFor();
    await page.getByRole('button', { name: 'Generate' }).click();

    await openStage(page, 'Pretrain');
    await page.getByRole('button', { name: 'Step' }).click(); // ten steps may be over before anybody looks
    await progress(page, 'step 1 of 10').waitFor({ timeout: 150_000 });
    const first = await metricUntil(page, 'train/loss', Number.isFinite);
    await trainUntil(page, /step 10 of 10/);
    expect(await metric(page, 'train/loss')).toBeLessThan(first);
    expect(await metric(page, 'eval/loss')).toBeGreaterThan(1);

    await openStage(page, 'Compare');
    await pairShown(page);
    await simulateVotes(page, 16);

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
      await progress(page, `iteration ${iteration} of 2`).waitFor();
    }
    await page.getByRole('button', { name: 'Train' }).click();
    await progress(page, /iteration 2 of 2/).waitFor({ timeout: 200_000 });
    expect(await metric(page, 'objective/kl')).not.toBeNaN();
    expect(await metric(page, 'objective/scores')).not.toBeNaN();
    expect(await metric(page, 'val/ratio')).toBeGreaterThan(0);
    expect(await page.getByRole('button', { name: /^Engine/ }).textContent()).toContain('WebGPU');
  }, 600_000);

  it('goes from the trained model through votes by keyboard to a policy', async () => {
    const { page } = await visit(
      '?backend=webgpu&seed=5&rewardSteps=2&rewardBatch=4&ruleLabels=4&normalizeSamples=4&rollouts=4&completionLength=8&epochs=1&iterations=1',
    );
    await startTrained(page);
    await pressVotes(
      page,
      Array.from({ length: 10 }, (_, i) => (i % 3 ? '1' : '2')),
    );
    await page
      .getByText(/10 yours/)
      .first()
      .waitFor();
    await openStage(page, 'Reward model');
    await trainUntil(page, /step 2 of 2/);
    expect(await metric(page, 'reward/loss')).toBeGreaterThan(0);
    await openStage(page, 'Optimise');
    await trainUntil(page, /iteration 1 of 1/);
    expect(await metric(page, 'objective/kl'), 'before the first update').toBe(0);
    expect(await metric(page, 'objective/scores')).not.toBeNaN();
    expect(await page.getByRole('button', { name: /^Engine/ }).textContent()).toContain('WebGPU');
  });
});
