import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { downloaded, metricUntil, openStage, pairShown, progress, startTrained, useLab, type Visit } from './lab';

const ADDRESS = '?backend=wasm&seed=1';
const TRAINED = /step (\d+) of \1/;

/** the heading first: single keys act from everywhere but text fields */
const toHeading = (page: Page): Promise<void> => page.locator('[data-stage-heading]').focus();

async function openFineTune({ page }: Visit): Promise<void> {
  await startTrained(page);
  await openStage(page, 'Fine-tune');
}

/** 60 polite and short stories, by keyboard */
async function collect(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add from the stories' }).press('Enter');
  await page.getByText('60 from the stories · 0 yours · 0 imported').waitFor({ timeout: 60_000 });
}

describe('fine-tuning', () => {
  const { visit } = useLab();

  it('shows 60 demonstrations by a wish to the shipped model, by keyboard, and Compare goes on with what came of it', async () => {
    const visited = await visit(ADDRESS);
    const { page } = visited;
    await openFineTune(visited);
    await collect(page);
    await toHeading(page);
    await page.keyboard.press('.');
    await progress(page, /step 1 of/).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Train', disabled: false }).waitFor(); // its key is off until then
    await page.keyboard.press('Space');
    await progress(page, TRAINED).waitFor({ timeout: 120_000 });

    const before = await metricUntil(page, 'finetune/shareBefore', Number.isFinite);
    const after = await metricUntil(page, 'finetune/shareAfter', Number.isFinite);
    expect(before).toBeLessThan(0.15);
    expect(after).toBeGreaterThan(before + 0.15);
    await page.getByText(/of its texts are as wished \(polite, short\)/).waitFor();
    await page.getByRole('region', { name: 'Epochs' }).getByText('✓ kept').waitFor();
    const row = page.getByRole('list', { name: 'Tokens of the row' });
    expect(await row.textContent()).toMatch(/<bos>mask 0.*<eos>mask 1/);

    await openStage(page, 'Compare');
    await page.getByText(/Both texts are written by the fine-tuned model/).waitFor();
    await pairShown(page);
    await page.waitForTimeout(400);
    await page.keyboard.press('1');
    await page
      .getByText(/^Fine-tuned on 60/)
      .nth(1)
      .waitFor();

    await page.reload();
    await openStage(page, 'Fine-tune');
    await page.getByText('60 from the stories · 0 yours · 0 imported').waitFor();
    await progress(page, TRAINED).waitFor({ timeout: 60_000 });
    expect(await metricUntil(page, 'finetune/shareAfter', Number.isFinite)).toBe(after);
  });

  it('takes typed demonstrations and a file, names its bad lines, and gives all of them back as a file', async () => {
    const visited = await visit(ADDRESS);
    const { page } = visited;
    await openFineTune(visited);
    const tab = page.getByRole('tab', { name: 'By a wish' });
    await tab.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('textbox', { name: 'Prompt' }).fill('The fox found a kite.');
    await page.getByRole('textbox', { name: 'Completion' }).fill('She was glad of the rocket.');
    await page.getByRole('button', { name: 'Add this one' }).press('Enter');
    await page.getByText('It was not added: the model does not know “rocket”', { exact: false }).waitFor();
    await page.getByRole('textbox', { name: 'Completion' }).fill('She was glad.');
    await page.getByRole('button', { name: 'Add this one' }).press('Enter');
    await page.getByText('0 from the stories · 1 yours · 0 imported').waitFor();

    await page.getByRole('tab', { name: 'File' }).click();
    const file = ['{"prompt":"the fox found a kite .","completion":"he was happy ."}', '{"prompt":"the fox"}'].join(
      '\n',
    );
    await page
      .getByLabel('Import a file, file')
      .setInputFiles({ name: 'mine.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(file) });
    await page.getByText('line 2: "completion" is missing').waitFor();
    await page.getByRole('button', { name: 'Keep 1 good line' }).press('Enter');
    await page.getByText('0 from the stories · 1 yours · 1 imported').waitFor();
    const exported = await downloaded(page, page.getByRole('button', { name: 'Export all' }));
    expect(
      exported
        .toString('utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).source),
    ).toEqual(['human', 'imported']);
    await page.reload();
    await page.getByText('0 from the stories · 1 yours · 1 imported').waitFor();
  });
});
