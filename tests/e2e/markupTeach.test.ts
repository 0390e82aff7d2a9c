/** The same on the pages beside the pipeline: what files and codes of others hold is shown as it is written. */
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../src/formats/classCode';
import { writeClassFile } from '../../src/formats/classFile';
import { duelsSaying, lessonSaying, pairsSaying } from './brought';
import { startTrained, useLab } from './lab';
import { found, MARKUP, shown, watchElements } from './markup';

const words = () => MARKUP;
const set = pairsSaying(words);
const DUELS = duelsSaying(words, 4);
const LESSON = lessonSaying(words, 'markup');
const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const open = (page: Page, label: string, name: string, text: string) =>
  page.getByLabel(label).setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
const goTo = (page: Page, hash: string) => page.evaluate((to) => location.assign(to), hash);

describe('markup in what others bring', () => {
  const { visit } = useLab();
  let page: Page;
  afterEach(async () => expect(await found(page)).toEqual({ elements: [], hacked: 0 }));

  it('stays text in a class, in the arena and in codes', async () => {
    ({ page } = await visit('?backend=cpu&seed=1#/class'));
    await watchElements(page);
    await page.getByRole('textbox', { name: 'Class code', exact: true }).fill(MARKUP);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('alert').first().waitFor();
    const file = writeClassFile({ code: codeOf(set), set, students: 30, codes: [] });
    await open(page, 'Take the pairs from a file, file', `${MARKUP}.json`, file);
    await page.getByRole('heading', { name: 'Who is in' }).waitFor();
    await shown(page).waitFor();
    await page.getByRole('textbox', { name: 'Codes', exact: true }).fill(`${MARKUP} RLHFLAB ${codeOf(set)} ${MARKUP}`);
    await page.getByRole('button', { name: 'Take in' }).click();
    await goTo(page, '#/arena');
    await open(page, 'Import duels, file', `${MARKUP}.jsonl`, lines(DUELS));
    await page.getByText(/^4 duels from/).waitFor();
    await page.getByRole('table', { name: 'Ratings' }).getByText(/<img/).first().waitFor({ state: 'attached' });
  });

  it('stays text in a lesson and its answers, and in what is wrong with one', async () => {
    ({ page } = await visit('?backend=wasm&seed=1#/lessons'));
    await watchElements(page);
    await open(page, 'Open a lesson file, file', `${MARKUP}.json`, JSON.stringify({ ...LESSON, [MARKUP]: MARKUP }));
    await page.getByRole('alert').getByText(/<img/).first().waitFor();
    await open(page, 'Open a lesson file, file', 'own.json', JSON.stringify(LESSON));
    const card = page.getByRole('article', { name: MARKUP });
    await card.getByRole('button').first().click();
    await page.getByRole('radio').first().click();
    await shown(page).waitFor();
    await page
      .getByRole('button', { name: /^(Next|Finish)/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'The end' }).waitFor();
    await goTo(page, '#/lessons');
    await page.getByRole('heading', { name: MARKUP }).first().waitFor();
  });

  it('stays text in a notebook, in columns of a table, and in an own rater', async () => {
    ({ page } = await visit('?backend=wasm&seed=1#/notebook'));
    await watchElements(page);
    await open(page, 'Open notebook, file', `${MARKUP}.rlhflab`, 'nothing');
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill(MARKUP);
    await page.getByText(/<img/).first().waitFor();
    await goTo(page, '#/start');
    await startTrained(page);
    const rows = [1, 2].map((i) => ({ [`${MARKUP}p`]: `the fox ${i}`, [`${MARKUP}a`]: MARKUP, b: `${MARKUP} ${i}` }));
    await open(page, 'Votes file', `${MARKUP}.jsonl`, lines(rows));
    const table = page.getByRole('dialog', { name: /^Import a table/ });
    await table.getByText(/<img/).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Simulated rater').first().click();
    await page.getByRole('combobox', { name: 'Rater' }).selectOption('own');
    await page.getByRole('button', { name: /what it likes/ }).click();
    const rater = page.getByRole('dialog', { name: 'Your own rater' });
    await rater.getByLabel('Liked words or phrases', { exact: true }).fill(MARKUP);
    await page.keyboard.press('Escape');
    await page.getByText(/It likes “<img/).waitFor();
  });
});
