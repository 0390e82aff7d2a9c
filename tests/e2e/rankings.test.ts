import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  accessibleInBothThemes,
  downloaded,
  metric,
  metricUntil,
  openStage,
  progress,
  startTrained,
  useLab,
} from './lab';

const ADDRESS =
  '?backend=wasm&seed=5&rewardSteps=4&normalizeSamples=8&ruleLabels=0&dpoSteps=2&dpoEvalEvery=2&dpoSamples=4';
/** more than the 300 ms in which a new group takes no ranking */
const GUARD_MS = 400;

const row = (page: Page, letter: string): Locator =>
  page.getByRole('article', { name: `Completion ${letter}`, exact: true });
const letters = (page: Page): Promise<string[]> =>
  page
    .getByRole('list', { name: /^Completions in order/ })
    .getByRole('article')
    .locator('h2')
    .allTextContents();
const grouped = (page: Page): Promise<void> => row(page, 'A').waitFor({ timeout: 60_000 });

async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab never came to ${wanted}`);
}

async function pressAll(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** the group on the screen: C, then A, then the others, the fourth tied with the third */
async function rankByKeys(page: Page): Promise<void> {
  const before = await row(page, 'A').textContent();
  await tabTo(page, page.getByRole('button', { name: /^Completion A,/ }));
  await pressAll(page, ['ArrowDown', 'ArrowDown', '1', 'ArrowDown', '2', 'ArrowDown', '3', 'ArrowDown', '4', 'T']);
  await page.getByText(/^Gives 9 comparisons of 10/).waitFor();
  await page.waitForTimeout(GUARD_MS);
  await page.keyboard.press('r');
  await expect.poll(() => row(page, 'A').textContent()).not.toBe(before);
}

describe('ranking', () => {
  const { visit } = useLab();

  it('works by keyboard alone, outlives a reload, and is enough for a reward model without a single vote', async () => {
    const { page } = await visit(ADDRESS);
    await startTrained(page);
    await tabTo(page, page.getByRole('radio', { name: 'Pairs' }));
    await page.keyboard.press('ArrowRight');
    await tabTo(page, page.getByRole('spinbutton', { name: 'Completions' }));
    await page.keyboard.press('ArrowUp');
    await row(page, 'E').waitFor({ timeout: 60_000 });
    await rankByKeys(page);
    await rankByKeys(page);
    await page.keyboard.press('u');
    await page
      .getByText(/1 ranking, yours: 9 comparisons/)
      .first()
      .waitFor();
    expect(await letters(page), 'it stands as it was put').toEqual(['C', 'A', 'B', 'D', 'E']);
    await page.keyboard.press('r');
    await page.waitForTimeout(GUARD_MS);
    await page.keyboard.press('r');
    await page
      .getByText(/2 rankings, yours: 18 comparisons/)
      .first()
      .waitFor();
    const waiting = await row(page, 'A').textContent();

    await page.reload();
    await row(page, 'E').waitFor({ timeout: 60_000 });
    expect(await row(page, 'A').textContent(), 'the group that was not ranked').toBe(waiting);
    expect(await metric(page, 'rankings/human')).toBe(2);
    expect(await metric(page, 'votes/human')).toBe(0);

    await tabTo(page, page.getByRole('button', { name: 'Go to Reward model' }));
    await page.keyboard.press('Enter');
    await page.getByText('It will learn from 18 yours.').waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Train' }));
    await page.keyboard.press('Enter');
    await progress(page, /step 4 of 4/).waitFor({ timeout: 120_000 });
    await page.getByText('Learned from 18 yours.').waitFor();
    expect(await metric(page, 'reward/loss')).toBeGreaterThan(0);
    expect(
      await page.getByText(/^9 held out:/).count(),
      'the comparisons of a group are on one side of the split',
    ).toBeGreaterThan(0);

    await openStage(page, 'Optimise');
    await page.getByRole('tab', { name: 'DPO' }).click();
    await page.getByText('It will learn from 0 yours + 18 from 2 rankings.').waitFor();
    await page.getByRole('button', { name: 'Step' }).click();
    expect(await metricUntil(page, 'dpo/loss', Number.isFinite)).toBeCloseTo(Math.LN2, 4);
  });

  it('takes rows by mouse and by finger, on a small screen too, in both themes', async () => {
    const { page } = await visit(`${ADDRESS}&compare=rankings`);
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await grouped(page);
    const centre = async (of: Locator) => {
      const box = (await of.boundingBox())!;
      return { x: box.x + box.width / 2, y: box.y + box.height / 2, top: box.y };
    };
    const [from, to] = [await centre(row(page, 'C')), await centre(row(page, 'A'))];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.top + 4, { steps: 5 });
    await page.mouse.up();
    expect(await letters(page)).toEqual(['C', 'A', 'B', 'D']);
    await page.getByText(/^Gives 3 comparisons of 6/).waitFor();
    await accessibleInBothThemes(page, 'rankings');

    await page.setViewportSize({ width: 400, height: 800 });
    const touch = await page.context().newCDPSession(page);
    const handle = await centre(page.getByRole('button', { name: /^Completion B,/ }));
    const goal = await centre(row(page, 'C'));
    const at = (x: number, y: number) => ({ touchPoints: [{ x, y }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(handle.x, handle.y) });
    for (const y of [handle.y - 20, goal.y + 20, goal.y])
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(handle.x, y) });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await page.getByText(/^Gives 4 comparisons of 6/).waitFor(); // B ties with C above A and D
    expect(await letters(page)).toEqual(['B', 'C', 'A', 'D']);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await accessibleInBothThemes(page, 'rankings at 400 px');
  });

  it('goes out as JSON Lines and comes back; what this model cannot learn from is named by line', async () => {
    const { page } = await visit(`${ADDRESS}&compare=rankings`);
    await page.getByRole('button', { name: 'Start with the trained model' }).click();
    await grouped(page);
    await page.getByRole('button', { name: 'Move B up' }).click();
    await page.waitForTimeout(GUARD_MS);
    await page.getByRole('button', { name: 'Save ranking' }).click();
    await page
      .getByText(/1 ranking, yours: 3 comparisons/)
      .first()
      .waitFor();
    const line = (await downloaded(page, page.getByRole('button', { name: 'Export rankings' })))
      .toString('utf8')
      .trim();
    const ranking = JSON.parse(line) as { prompt: string; completions: string[]; ranks: number[] };
    expect(ranking.ranks).toEqual([2, 1, 2, 2]);
    const changed = (fields: object) => JSON.stringify({ ...ranking, rankingId: undefined, ...fields });
    const file = [
      changed({ ranks: [1, 2, 3, 4] }),
      line,
      changed({ completions: ['the blorf sang .', ...ranking.completions.slice(1)] }),
      changed({ prompt: Array.from({ length: 30 }, () => ranking.prompt).join(' ') }),
      changed({ ranks: [1, 2] }),
    ].join('\n');
    const buffer = Buffer.from(file);
    await page
      .getByLabel('Votes file')
      .setInputFiles({ name: 'rankings.jsonl', mimeType: 'application/x-ndjson', buffer });
    const notice = page.getByText(/line 2 \(the same ranking as one that is here\)/).first();
    await notice.waitFor();
    const words = await notice.textContent();
    expect(words).toContain('line 3 (the model does not know “blorf”)');
    expect(words).toMatch(/line 4 \(the prompt is \d+ tokens long; this model reads at most \d+\)/);
    expect(words).toContain('line 5 (2 ranks for 4 completions)');
    await page.getByRole('button', { name: 'Keep 1 good line' }).click();
    await page
      .getByText(/2 rankings \(1 yours, 1 imported\): 9 comparisons/)
      .first()
      .waitFor();
    await openStage(page, 'Reward model');
    await page.getByText('It will learn from 3 yours + 6 imported.').waitFor();
  });
});
