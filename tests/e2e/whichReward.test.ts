import { describe, expect, it } from 'vitest';
import { expectAccessible, metric, openStage, startTrained, trainUntil, useLab } from './lab';

const ADDRESS = '?backend=wasm&seed=4&iterations=4&rollouts=8&klCoef=0';

describe('which reward', () => {
  const { visit } = useLab();

  it('lets a rule pay without a reward model, and sweeps a setting over what is set', async () => {
    const { page } = await visit(ADDRESS);
    await startTrained(page);
    await openStage(page, 'Optimise');
    const train = page.getByRole('button', { name: 'Train', exact: true });
    expect(await train.isDisabled(), 'no reward model yet').toBe(true);
    await page.getByRole('combobox', { name: 'Reward', exact: true }).selectOption('rule');
    await page.getByRole('combobox', { name: 'Rule', exact: true }).selectOption({ label: 'well formed' });
    await trainUntil(page, /iteration 4 of 4/);
    const paid = await metric(page, 'objective/scores');
    expect(paid).toBeGreaterThan(0.5);
    expect(paid).toBeLessThanOrEqual(1);
    const trail = page.getByRole('figure', { name: 'Reward against distance' });
    await trail.filter({ hasText: /At iteration 4: KL .* nats, rule / }).waitFor();

    const sweep = page.getByRole('region', { name: 'Sweep' });
    await sweep.getByRole('combobox', { name: 'Setting' }).selectOption({ label: 'Epochs of PPO: 1, 4, 16' });
    await sweep.getByRole('button', { name: 'Sweep', exact: true }).click();
    await sweep
      .getByRole('status')
      .filter({ hasText: /^Run [23] of 3/ })
      .waitFor({ timeout: 60_000 });
    await sweep.getByRole('button', { name: 'Cancel sweep' }).click();
    await sweep.getByText(/^Cancelled\. What was done stays\./).waitFor();
    await sweep.getByRole('figure', { name: 'Score of each run' }).waitFor();
    await expectAccessible(page, 'a sweep that was cancelled');

    await page.reload();
    await page
      .getByRole('region', { name: 'Sweep' })
      .getByRole('combobox', { name: 'Setting' })
      .selectOption({ label: 'Epochs of PPO: 1, 4, 16' });
    await sweep.getByText(/^Cancelled\. What was done stays\./).waitFor();
    expect(await page.getByRole('combobox', { name: 'Reward', exact: true }).inputValue()).toBe('rule');
  }, 120_000);
});
