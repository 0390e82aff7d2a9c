import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { layoutFaultsOf, settled } from '../helpers/layout/look';
import { MINIATURE, openStage, pairShown, trainUntil, useLab } from './lab';
import { USUAL } from './views';

/** a word that no line of any page holds */
const WORD = 'extraordinarily'.repeat(134).slice(0, 2000);
const TEXT = Array.from({ length: 120 }, (_, i) => `The kettle sang ${i % 3 === 0 ? WORD : 'softly'} and the cat slept.`).join('\n\n');
const PROMPT = `the kettle sang ${WORD}`;

const file = (name: string, rows: readonly object[]) => ({
  name,
  mimeType: 'application/jsonl',
  buffer: Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')),
});

/** On a phone and on a laptop: everything of a page, or of the drawer over it, is in sight. */
async function expectInSight(page: Page, where: string, selector = 'body'): Promise<void> {
  const faults: string[] = [];
  for (const window of [{ width: 400, height: 800 }, USUAL]) {
    await page.setViewportSize(window);
    await settled(page);
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth, `${where} at ${window.width} px`).toBe(clientWidth);
    faults.push(...(await layoutFaultsOf(page, selector)).map((fault) => `${where}, ${window.width} px: ${fault}`));
  }
  expect(faults).toEqual([]);
}

const textbox = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

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
    const vote = { prompt: PROMPT, a: `${WORD} slept .`, b: 'the cat slept .', choice: 'a', animal: WORD.slice(0, 100) };
    await page.getByLabel('Votes file').setInputFiles(file(`${WORD}.jsonl`, [vote, { prompt: WORD }]));
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
});
