import type { Page } from 'playwright-core';
import { describe, it } from 'vitest';
import { codeOf } from '../../src/formats/classCode';
import { writeClassFile } from '../../src/formats/classFile';
import { writeNotebook } from '../../src/formats/notebook/write';
import { duelsSaying, lessonSaying, pairsSaying } from './brought';
import { useLab } from './lab';
import { expectInSight, linesFile, textbox, WORD } from './longWord';

const words = (most: number) => WORD.slice(0, most);
const set = pairsSaying(words);
const code = codeOf(set);
const json = (name: string, text: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
const choose = (page: Page, label: string, file: ReturnType<typeof json>) =>
  page.getByLabel(`${label}, file`).setInputFiles(file);

/** shown in the page, wherever */
const shown = (page: Page) =>
  page
    .getByText(/extraordinarily/)
    .first()
    .waitFor();

const DUELS = duelsSaying(words, 6);
const LESSON = lessonSaying(words, 'longWords');

async function notebookWithDamage(): Promise<Buffer> {
  async function* items() {
    const info = { checkpointId: 'long', name: WORD.slice(0, 200), kind: 'base', step: 1, shipped: false };
    yield { path: 'models/1.json', record: info };
    yield { path: `models/${WORD.slice(0, 180)}.safetensors`, bytes: new Uint8Array(20) };
    yield { path: 'settings/classroom.json', record: { student: WORD, teacher: 5 } };
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of writeNotebook(items(), 1)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('a word of 2,000 letters on the pages beside the pipeline', () => {
  const { visit } = useLab();

  it('stays inside the page of a class, as a student and as a teacher meet it', async () => {
    const { page } = await visit('?backend=cpu&seed=1#/class');
    await textbox(page, 'Class code').fill(WORD);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('alert').first().waitFor();
    await expectInSight(page, 'Class, a code that is none');
    await choose(page, 'Take the pairs from a file', json(`${WORD}.json`, writeClassFile({ code, set })));
    await page.getByText('Pair 1 of 12').waitFor();
    await expectInSight(page, 'Class, voting');
  });

  it('stays inside what a teacher takes in', async () => {
    const { page } = await visit('?backend=cpu&seed=1#/class');
    const file = writeClassFile({ code, set, students: 30, codes: [] });
    await choose(page, 'Take the pairs from a file', json('class.json', file));
    await page.getByRole('heading', { name: 'Who is in' }).waitFor();
    await textbox(page, 'Codes').fill(WORD);
    await page.getByRole('button', { name: 'Take in' }).click();
    await textbox(page, 'Codes').fill(`RLHFLAB ${code} ${WORD.toUpperCase()}7`);
    await page.getByRole('button', { name: 'Take in' }).click();
    await expectInSight(page, 'Class, codes');
    const codes = [`${WORD}.txt`, `a${WORD}.txt`].map((name) => ({ ...json(name, WORD), mimeType: 'text/plain' }));
    await page.getByLabel('Files with codes').setInputFiles(codes);
    await page.waitForTimeout(300);
    await expectInSight(page, 'Class, files without codes');
  });

  it('stays inside the arena, a sentence to translate, and runs that are no recordings', async () => {
    const { page } = await visit('?backend=wasm&seed=1#/arena');
    await choose(page, 'Import duels', linesFile(`${WORD}.jsonl`, [...DUELS, { prompt: WORD }]));
    await shown(page);
    await expectInSight(page, 'Arena, asking');
    await page.getByRole('button', { name: /^Keep \d/ }).click();
    await page.getByRole('table', { name: 'Ratings' }).waitFor({ state: 'attached' });
    await expectInSight(page, 'Arena, rated');
    await page.evaluate(() => {
      location.hash = '#/translate';
    });
    await page.getByRole('grid', { name: /^Cross-attention/ }).waitFor();
    await textbox(page, 'Sentence').fill(`the ${WORD} slept`);
    await page.getByText(/The stories do not have/).waitFor();
    await expectInSight(page, 'Translate');
    await page.evaluate(() => {
      location.hash = '#/recorded';
    });
    await choose(page, 'Open recording', json(`${WORD}.rlhflab`, '{}'));
    await shown(page);
    await expectInSight(page, 'Recorded');
  });

  it('stays inside a lesson of a teacher, and inside what is wrong with one', async () => {
    const { page } = await visit('?backend=wasm&seed=1#/lessons');
    const bad = JSON.stringify({ ...LESSON, [WORD]: WORD, steps: [{ ...LESSON.steps[0], place: WORD }] }, null, 1);
    await choose(page, 'Open a lesson file', json(`${WORD}.json`, bad));
    await shown(page);
    await expectInSight(page, 'Lessons, what is wrong');
    await choose(page, 'Open a lesson file', json('own.json', JSON.stringify(LESSON)));
    await page
      .getByRole('heading', { name: /^extraordinarily/ })
      .first()
      .waitFor();
    await expectInSight(page, 'Lessons');
    await page
      .getByRole('article', { name: /^extraordinarily/ })
      .getByRole('button')
      .first()
      .click();
    await page.getByRole('radio').first().waitFor();
    await expectInSight(page, 'a lesson, asking');
  });

  it('stays inside what a notebook says of its damage, and a report', async () => {
    const { page } = await visit('?backend=wasm&seed=1#/notebook');
    await choose(page, 'Open notebook', json(`${WORD}.rlhflab`, 'nothing'));
    await page
      .getByText(/notebook/i)
      .first()
      .waitFor();
    await textbox(page, 'Title').fill(WORD);
    await expectInSight(page, 'Notebook, refused');
    const file = { name: `${WORD}.rlhflab`, mimeType: 'application/zip', buffer: await notebookWithDamage() };
    await page.getByLabel('Open notebook, file').setInputFiles(file);
    await shown(page);
    await expectInSight(page, 'Notebook, damaged');
  });

  it('stays inside the columns of a table of another program', async () => {
    const { page } = await visit('?backend=wasm&seed=1');
    await page.getByRole('button', { name: /^Start with the trained model/ }).click();
    await page.getByLabel('Votes file').waitFor({ state: 'attached' });
    const rows = [1, 2].map((i) => ({ [`${WORD}a`]: `p ${i}`, [`${WORD}b`]: `x${WORD}`, [`c ${WORD}`]: 'y' }));
    await page.getByLabel('Votes file').setInputFiles(linesFile(`${WORD}.jsonl`, rows));
    const dialog = page.getByRole('dialog', { name: /^Import a table/ });
    await dialog
      .getByText(/extraordinarily/)
      .first()
      .waitFor({ state: 'attached' });
    await expectInSight(page, 'columns of a table', '[role=dialog]');
  });
});
