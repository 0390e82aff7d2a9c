import { describe, expect, it } from 'vitest';
import {
  accessibleInBothThemes,
  downloaded,
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

const ADDRESS =
  '?backend=wasm&seed=4&rewardSteps=4&rewardBatch=8&ruleLabels=8&normalizeSamples=8&rollouts=8&completionLength=12&epochs=1&iterations=2';

describe('a second round', () => {
  const { visit } = useLab();

  it('votes old against new on what PPO made, learns from both rounds and goes on from there, with a reload in the middle', async () => {
    const { page } = await visit(ADDRESS);
    await startTrained(page);
    await pressVotes(page, ['1', '2']);
    await simulateVotes(page, 16);
    await openStage(page, 'Reward model');
    await trainUntil(page, /step 4 of 4/);
    await openStage(page, 'Optimise');
    await trainUntil(page, /iteration 2 of 2/);

    await page.getByRole('button', { name: 'Start round 2' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await page.getByText(/^Both texts are by/).waitFor();
    await page.getByRole('button', { name: 'Old against new' }).press('Enter');
    await page.getByText(/which is which is told after the vote/).waitFor();
    for (const side of await page.getByRole('article').all()) expect(await side.innerHTML()).not.toMatch(/PPO|Tiny/);
    await pressVotes(page, ['1', '2', '1']);
    await page
      .getByText(/was the newer model’s/)
      .first()
      .waitFor();
    await page.getByRole('spinbutton', { name: 'Votes' }).fill('16');
    await page.getByRole('button', { name: 'Add simulated votes' }).click();
    const ofRound = page.getByRole('list', { name: 'Votes by round' }).getByRole('listitem');
    await ofRound
      .filter({ hasText: 'Round 2 3 yours · 16 simulated · 0 imported; new won' })
      .waitFor({ timeout: 60_000 });
    const said = await ofRound.allTextContents();
    expect(said[0]).toBe('Round 1 2 yours · 16 simulated · 0 imported');
    await accessibleInBothThemes(page, 'Compare in round 2');

    await page.reload();
    await page.getByRole('heading', { level: 2, name: 'Round 2' }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Old against new', pressed: true }).waitFor();
    await pairShown(page);
    expect(await ofRound.allTextContents()).toEqual(said);
    const lines = (await downloaded(page, page.getByRole('button', { name: 'Export votes' })))
      .toString('utf8')
      .trim()
      .split('\n');
    const votes = lines.map((line) => JSON.parse(line) as { round: number; againstId?: string });
    expect(votes.map(({ round, againstId }) => [round, againstId !== undefined])).toEqual([
      ...new Array(18).fill([1, false]),
      ...new Array(19).fill([2, true]),
    ]);

    await openStage(page, 'Reward model');
    await page.getByText(/^It learns from all rounds: 18 votes of round 1, 19 votes of round 2/).waitFor();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Train again' }).click();
    const agreement = page.getByRole('table', { name: 'Agreement by round' });
    await agreement.getByRole('rowheader', { name: 'Round 2' }).waitFor({ timeout: 60_000 });
    await progress(page, /step 4 of 4/).waitFor({ timeout: 60_000 });
    await accessibleInBothThemes(page, 'Reward model in round 2');

    await openStage(page, 'Optimise');
    await page.getByText(/^This run is of an earlier round/).waitFor();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Train again' }).click();
    await page.getByText('round 2: each point is one iteration').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Start round 3' }).waitFor({ timeout: 60_000 });
    expect(await metricUntil(page, 'objective/kl', Number.isFinite), 'from the first reference').not.toBe(0);
    expect(await page.getByRole('figure', { name: 'Reward against distance' }).textContent()).toMatch(
      /PPO 1, round 1 \(gold\): KL/,
    );
    await accessibleInBothThemes(page, 'Optimise in round 2');

    await page.reload();
    await page.getByRole('button', { name: 'Start round 3' }).waitFor({ timeout: 60_000 });
    expect(await page.getByRole('figure', { name: 'Reward against distance' }).textContent()).toMatch(
      /PPO 1, round 1 \(gold\): KL/,
    );
    await openStage(page, 'Start');
    await page.getByText(/models?, .*, round 2/).waitFor();
    await page
      .getByText(/of round 2/)
      .first()
      .waitFor();
  });
});
