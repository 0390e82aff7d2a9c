import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { MINIATURE, openStage, pairShown, trainUntil, useLab } from './lab';
import { expectInSight, linesFile as file, textbox, useOwnText, WORD } from './longWord';

const TEXT = Array.from(
  { length: 120 },
  (_, i) => `The kettle sang ${i % 3 === 0 ? WORD : 'softly'} and the cat slept.`,
).join('\n\n');
const PROMPT = `the kettle sang ${WORD}`;

/** Whatever covers others on purpose is seen to do so, also where it lets presses through. */
const messagesCover = (page: Page) =>
  page.addStyleTag({ content: '[aria-label="Messages"] * { pointer-events: auto !important }' });

/** a text of words that the model knows, another for each number, with the long one in the middle */
function continuation(number: number): string {
  const known = ['softly', 'and', 'cat', 'slept', 'kettle'];
  return ` ${known[number % 5]} ${WORD} ${known[Math.floor(number / 5) % 5]}`;
}
const KNOWN_PROMPT = `The kettle sang ${WORD}`;
const DEMONSTRATIONS = Array.from({ length: 8 }, (_, i) => ({ prompt: KNOWN_PROMPT, completion: continuation(i) }));
const OPINIONS = [
  ...Array.from({ length: 14 }, (_, i) => ({
    prompt: KNOWN_PROMPT,
    completions: [continuation(i), continuation(i + 7)],
    choice: i % 3 === 0 ? 'b' : 'a',
    ...(i === 13 && { source: 'simulated', rater: { name: 'animal', animal: WORD.slice(0, 100) } }),
  })),
  { prompt: KNOWN_PROMPT, completions: [10, 11, 12].map(continuation), ranks: [1, 2, 2] },
];

/** as long as a name may be, and another for each model */
async function nameAll(page: Page): Promise<void> {
  await page.keyboard.press('m');
  const models = page.getByRole('treeitem');
  await models.first().waitFor();
  const count = await models.count();
  for (let i = 0; i < count; i++) {
    await models.nth(i).click();
    await page.keyboard.press('F2');
    await textbox(page, 'New name').fill(`${i}${WORD}`);
    await page.keyboard.press('Enter');
    await page.getByRole('treeitem', { name: new RegExp(`^${i}extraordinarily`) }).waitFor();
  }
}

/** trains by a method, and puts the models of the shelf beside it on the chart */
async function optimise(page: Page, method: string): Promise<void> {
  await openStage(page, 'Optimise');
  await page.getByRole('tab', { name: method, exact: true }).click();
  await page.getByRole('button', { name: 'Train', exact: true, disabled: false }).waitFor();
  await trainUntil(page, /2 of 2/);
}

describe('a word of 2,000 letters', () => {
  const { visit } = useLab();

  it('stays inside the page wherever a text of the visitor is shown, and leaves every close button in sight', async () => {
    const { page } = await visit(
      `?backend=wasm&seed=4&${MINIATURE}&context=32&steps=4&evalEvery=2&tokenizer=word&rewardSteps=2&normalizeSamples=4&dpoSteps=2&dpoSamples=4&completionLength=6&tuneEpochs=1&tuneSamples=4#/data`,
    );
    await page.getByRole('tab', { name: 'Your own text' }).click();
    await textbox(page, 'Or paste a text').fill(TEXT);
    await expectInSight(page, 'Data, pasted');
    await page.getByRole('button', { name: /^(Use|Learn|Take)/ }).click();
    await page
      .getByText(/different tokens/)
      .first()
      .waitFor();
    await textbox(page, 'Text to cut into tokens').fill(PROMPT);
    await page.getByRole('listitem').filter({ hasText: WORD }).first().waitFor();
    await page
      .getByLabel('Open a text file, file')
      .setInputFiles({ name: `${WORD}.txt`, mimeType: 'text/plain', buffer: Buffer.from([0xff, 0x41, 0x80]) });
    await page.waitForTimeout(500);
    await expectInSight(page, 'Data');

    await openStage(page, 'Pretrain');
    await textbox(page, 'Prompt').fill(PROMPT);
    await trainUntil(page, /step 4 of 4/);
    await expectInSight(page, 'Pretrain');

    await openStage(page, 'Compare');
    await pairShown(page);
    const [better, worse] = [`${WORD} slept .`, 'the cat slept .'];
    const foreign = { prompt: PROMPT, a: better, b: worse, choice: 'a', animal: WORD.slice(0, 100) };
    await page.getByLabel('Votes file').setInputFiles(file(`${WORD}.jsonl`, [foreign, { prompt: WORD }]));
    const table = page.getByRole('dialog', { name: /^Import a table/ });
    await table
      .getByText(/extraordinarily/)
      .first()
      .waitFor();
    await expectInSight(page, 'a table of another program', '[role=dialog]');
    await page.keyboard.press('Escape');
    await table.waitFor({ state: 'hidden' });

    const own = { prompt: PROMPT, completions: [`${better} blorf`, worse], choice: 'a' };
    await page.getByLabel('Votes file').setInputFiles(file(`${WORD}.jsonl`, [own, { prompt: WORD }]));
    await page
      .getByRole('status', { name: 'Notices' })
      .getByText(/extraordinarily/)
      .first()
      .waitFor();
    await expectInSight(page, 'Compare');
    await openStage(page, 'Pretrain');

    await page.keyboard.press('m');
    await page.getByRole('treeitem').first().click();
    await page.keyboard.press('F2');
    await textbox(page, 'New name').fill(WORD);
    await page.keyboard.press('Enter');
    await page
      .getByRole('treeitem', { name: /^extraordinarily/ })
      .first()
      .waitFor();
    await page.getByLabel('Open a checkpoint file, file').setInputFiles(file(`${WORD}.safetensors`, [{}]));
    await page.waitForTimeout(500);
    await expectInSight(page, 'Checkpoints', '[role=dialog]');
    await page.getByRole('button', { name: 'Close Checkpoints' }).click();
    await page.keyboard.press('i');
    const drawer = page.getByRole('dialog', { name: 'Inspect' });
    await drawer.getByRole('textbox', { name: 'Text' }).fill(`${PROMPT} .`);
    await page.waitForTimeout(800);
    await expectInSight(page, 'Inspect', '[role=dialog]');
    await page.getByRole('button', { name: 'Close Inspect' }).click();
    for (const stage of ['Start', 'Optimise', 'Compare', 'Pretrain']) {
      await openStage(page, stage);
      await expectInSight(page, `${stage}, with the long name`);
    }
  });

  it('stays inside every list, chart, message and question that the way from demonstrations to a policy leads past', async () => {
    const { page } = await visit(
      `?backend=wasm&seed=4&${MINIATURE}&context=96&steps=2&evalEvery=2&tokenizer=word&completionLength=40&tuneEpochs=1&tuneSamples=4&rewardSteps=2&rewardBatch=4&normalizeSamples=4&dpoSteps=2&dpoEvalEvery=2&dpoSamples=4&rollouts=4&epochs=1&iterations=2&bestOfSamples=4&bestOfPrompts=2#/data`,
    );
    await messagesCover(page);
    await useOwnText(page, TEXT);
    await openStage(page, 'Pretrain');
    await trainUntil(page, /2 of 2/);

    await openStage(page, 'Fine-tune');
    await page.getByRole('tab', { name: 'File' }).click();
    const unknown = { prompt: `${WORD.slice(1)}blorf`, completion: WORD };
    await page.getByLabel('Import a file, file').setInputFiles(file(`${WORD}.jsonl`, [...DEMONSTRATIONS, unknown]));
    const question = page.getByRole('alert').filter({ hasText: /1 line cannot be used/ });
    await question.waitFor();
    expect((await question.textContent())?.length, 'a question is short').toBeLessThan(800);
    await expectInSight(page, 'Fine-tune, asking');
    await page.getByRole('button', { name: 'Keep 8 good lines' }).click();
    await trainUntil(page, /(\d+) of \1\b/);
    await page.getByRole('list', { name: 'Tokens of the row' }).waitFor();
    await page.getByRole('region', { name: 'Before and after' }).waitFor();
    await expectInSight(page, 'Fine-tune');

    await openStage(page, 'Compare');
    await pairShown(page);
    await page.getByLabel('Votes file').setInputFiles(file(`${WORD}.jsonl`, OPINIONS));
    await page
      .getByText(/1 simulated · 13 imported/)
      .first()
      .waitFor();
    await expectInSight(page, 'Compare, pairs');
    await page.getByText('Rankings', { exact: true }).first().click();
    await page.getByRole('article', { name: 'Completion D' }).waitFor();
    await expectInSight(page, 'Compare, rankings');

    await openStage(page, 'Reward model');
    await trainUntil(page, /2 of 2/);
    await textbox(page, 'Score a text').fill(`${KNOWN_PROMPT} blorf${WORD}`);
    await page.getByText(/^Not in the vocabulary/).waitFor();
    await page
      .getByRole('region', { name: 'Votes it disagrees with' })
      .getByRole('button', { name: /extraordinarily/i })
      .first()
      .click();
    await expectInSight(page, 'Reward model');

    for (const method of ['PPO', 'DPO', 'Best of N']) {
      await optimise(page, method);
      await page.waitForTimeout(300);
      await expectInSight(page, method);
    }

    await nameAll(page);
    await expectInSight(page, 'Checkpoints, all named', '[role=dialog]');
    await page.keyboard.press('Escape');
    await openStage(page, 'Optimise');
    await page.getByRole('tab', { name: 'PPO', exact: true }).click();
    await page.getByRole('button', { name: /^Place \d model/ }).click();
    await page
      .getByRole('figure', { name: 'Reward against distance' })
      .locator('span', { hasText: /^\dextra/ })
      .first()
      .waitFor();
    for (const stage of ['Start', 'Pretrain', 'Fine-tune', 'Compare', 'Reward model', 'Optimise']) {
      await openStage(page, stage);
      await expectInSight(page, `${stage}, all named`);
    }
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('alertdialog').waitFor();
    await expectInSight(page, 'the question before a second run', '[role=alertdialog]');
  });
});
