import { describe, expect, it } from 'vitest';
import { expectAccessible, metric, openStage, trainUntil, useLab } from './lab';

const ADDRESS =
  '?backend=wasm&seed=1&layers=1&width=16&heads=2&context=24&batch=8&steps=30&rewardSteps=8&iterations=2&rollouts=8#/data';

describe('a rater of the visitor’s own', () => {
  const { visit } = useLab();

  it('votes on own text, and its gold is drawn beside what PPO is paid, also after a reload', async () => {
    const { page } = await visit(ADDRESS);
    await page.getByText('Every story here can be judged by a computer').waitFor({ timeout: 60_000 });
    await page.getByRole('tab', { name: 'Your own text' }).click();
    await page.getByRole('button', { name: 'Try the example' }).click();
    await page.getByText(/a rater of your own may/).waitFor({ timeout: 60_000 });
    await openStage(page, 'Pretrain');
    await trainUntil(page, /step 30 of 30/);

    await openStage(page, 'Compare');
    await page.getByText('It likes “beach”, “swam”, “waves”, 2 more.').waitFor();
    await page.getByRole('button', { name: 'Change what it likes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your own rater' });
    await dialog.getByRole('listitem').nth(5).waitFor();
    await dialog.getByLabel('Regular expression').fill('(a)\\1');
    await dialog.getByText(/goes back to a group/).waitFor();
    await dialog.getByLabel('Regular expression').fill('([a-z ]+)+$');
    await dialog
      .getByText(/pattern \+1/)
      .first()
      .waitFor();
    await expectAccessible(page, 'the own rater');
    await dialog.getByLabel('Regular expression').fill('');
    await dialog.getByLabel('Liked words or phrases', { exact: true }).fill('the');
    await page.keyboard.press('Escape');
    await page.getByText('It likes “the”.').waitFor();
    await page.getByRole('spinbutton', { name: 'Votes' }).fill('40');
    await page.getByRole('button', { name: 'Add simulated votes' }).click();
    await page
      .getByText(/40 simulated/)
      .first()
      .waitFor({ timeout: 60_000 });

    await openStage(page, 'Reward model');
    await trainUntil(page, /step 8 of 8/);
    await openStage(page, 'Optimise');
    await trainUntil(page, /iteration 2 of 2/);
    await page.getByRole('button', { name: 'Gold: your own rater' }).first().waitFor();
    const gold = await metric(page, 'gold/score');
    expect(gold, 'NaN while there is none').toBeGreaterThanOrEqual(0); // 30 steps teach few words
    expect(gold).toBeLessThanOrEqual(2); // a phrase counts twice at most

    await page.reload();
    await page.getByRole('button', { name: 'Gold: your own rater' }).first().waitFor({ timeout: 60_000 });
    await openStage(page, 'Compare');
    await page.getByText('It likes “the”.').waitFor();
  }, 240_000);
});
