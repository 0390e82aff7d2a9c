import type { Page } from 'playwright-core';
import { describe, it } from 'vitest';
import { filesOfAdapter, type ModelFiles, withConfig } from '../helpers/modelFiles';
import { MINIATURE, openStage, pairShown, trainUntil, useLab } from './lab';
import { expectInSight, textbox, useOwnText, WORD } from './longWord';

const TEXT = Array.from(
  { length: 120 },
  (_, i) => `The kettle sang ${i % 3 === 0 ? WORD : 'softly'} and the cat slept.`,
).join('\n\n');
/** as long as a phrase may be, each another */
const phrases = (count: number) => Array.from({ length: count }, (_, i) => `${i}${WORD}`.slice(0, 200)).join('\n');
const payload = (files: ModelFiles) =>
  Object.entries(files).map(([name, bytes]) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  }));

/** what is typed into the fields of the own rater, from nothing that may be to all that may be */
async function fillRater(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Your own rater' });
  const fill = (label: string, text: string) => dialog.getByLabel(label, { exact: true }).fill(text);
  await fill('Liked words or phrases', WORD);
  await fill('Disliked words or phrases', WORD);
  await fill('Regular expression', `(${WORD}`);
  await dialog
    .getByText(/A phrase has at most/)
    .first()
    .waitFor();
  await expectInSight(page, 'the own rater, refused', '[role=dialog]');
  await fill('Liked words or phrases', `kettle\n${phrases(40)}`);
  await fill('Disliked words or phrases', `softly\n${phrases(40)}`);
  await fill('Regular expression', WORD.slice(0, 500));
  await dialog.getByRole('listitem').first().waitFor();
  await expectInSight(page, 'the own rater', '[role=dialog]');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

describe('a word of 2,000 letters in an own rater, a model of others and a class', () => {
  const { visit } = useLab();

  it('stays inside what an own rater says, and wherever it is named', async () => {
    const { page } = await visit(
      `?backend=wasm&seed=4&${MINIATURE}&context=32&steps=2&evalEvery=2&tokenizer=word&rewardSteps=2&normalizeSamples=4&completionLength=6&rollouts=4&epochs=1&iterations=1#/data`,
    );
    await useOwnText(page, TEXT);
    await openStage(page, 'Pretrain');
    await trainUntil(page, /2 of 2/);
    await openStage(page, 'Compare');
    await pairShown(page);
    await page.getByRole('button', { name: 'Say what it likes' }).first().click();
    await fillRater(page);
    await page
      .getByText(/^It likes/)
      .first()
      .waitFor();
    await expectInSight(page, 'Compare, an own rater');
    await page.getByRole('spinbutton', { name: 'Votes' }).fill('20');
    await page.getByRole('button', { name: 'Add simulated votes' }).click();
    await page
      .getByText(/20 simulated/)
      .first()
      .waitFor();
    await expectInSight(page, 'Compare, votes of an own rater');
    await openStage(page, 'Reward model');
    await trainUntil(page, /2 of 2/);
    await expectInSight(page, 'Reward model, an own rater');
    await openStage(page, 'Optimise');
    await page.getByRole('tab', { name: 'PPO', exact: true }).click();
    await trainUntil(page, /1 of 1/);
    await expectInSight(page, 'Optimise, an own rater');
    await page.evaluate(() => location.assign('#/taste'));
    await textbox(page, 'Type your own').fill(`The kettle sang ${WORD} blorf${WORD}`);
    await expectInSight(page, 'Taste');
    await openStage(page, 'Fine-tune');
    await textbox(page, 'Prompt').fill(WORD);
    await textbox(page, 'Completion').fill(`blorf${WORD}`);
    await page.getByRole('button', { name: 'Add this one' }).click();
    await expectInSight(page, 'Fine-tune, written');
    await page.keyboard.press('i');
    await page.getByRole('tab', { name: 'Words', exact: true }).click();
    await textbox(page, 'Find a word').fill(`x${WORD}`);
    await page.getByText(/is not on the map/).waitFor();
    await expectInSight(page, 'Inspect, words', '[role=dialog]');
  });

  it('stays inside the card of a model and of an adapter of another program', async () => {
    const { page } = await visit('?backend=wasm#/start');
    await page.getByRole('button', { name: 'Open a model file', exact: true, disabled: false }).waitFor();
    const open = (files: ModelFiles) => page.getByLabel('Open a model file, file').setInputFiles(payload(files));
    await open(withConfig({ model_type: WORD }));
    await page
      .getByText(/model_type is extra/)
      .first()
      .waitFor({ timeout: 60_000 });
    await expectInSight(page, 'Start, a model refused');
    await open(withConfig({ _name_or_path: `owls/${WORD}` }));
    await page
      .getByText(/is in Checkpoints now/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByText(/is in Checkpoints now/).waitFor({ state: 'hidden', timeout: 60_000 });
    await expectInSight(page, 'Start, a model of another program');
    await page.getByRole('button', { name: 'Checkpoints', exact: true }).click();
    await page
      .getByRole('treeitem', { name: /^extraordinarily/ })
      .first()
      .click();
    const adapter = filesOfAdapter('c-attn-r4');
    const config = JSON.parse(new TextDecoder().decode(adapter['adapter_config.json']!)) as object;
    const named = new TextEncoder().encode(JSON.stringify({ ...config, base_model_name_or_path: WORD }));
    await page
      .getByLabel('Open a checkpoint file, file')
      .setInputFiles(payload({ ...adapter, 'adapter_config.json': named, [`${WORD.slice(0, 180)}.txt`]: named }));
    await page
      .getByText(/^adapters of rank 4/)
      .first()
      .waitFor();
    await expectInSight(page, 'Checkpoints, an adapter', '[role=dialog]');
  });

  it('stays inside a class, its list and what a teacher calls', async () => {
    const { page } = await visit('?backend=cpu&seed=1#/class');
    await textbox(page, 'Class code').fill(WORD);
    await textbox(page, 'Number on the list').fill(WORD);
    await page
      .getByText(/1 to 63/)
      .first()
      .waitFor();
    await expectInSight(page, 'Class, a number that is none');
  });
});
