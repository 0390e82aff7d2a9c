import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GivenFile } from '../../src/contract/protocol';
import { badModels } from '../helpers/badModels';
import { filesOfModel } from '../helpers/modelFiles';
import { openStage, pairShown, pressVotes, startTrained, useLab } from './lab';

const MODELS = 'Open a model file, file';
const ROWS = 'Votes file';
const NEXT_FOR_MODELS = /all files of a GPT-2: model\.safetensors, config\.json and tokenizer\.json/;

const payload = (files: readonly GivenFile[]) =>
  Promise.all(
    files.map(async ({ path, blob }) => ({
      name: path,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(await blob.arrayBuffer()),
    })),
  );

/** fields of Thrift's compact form: of a schema whose groups lie in one another so many deep */
function nestedParquet(depth: number): Buffer {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];
  const group = [0x35, 0, 0x18, 1, 0x67, 0x15, 2, 0]; // required, called g, with one child
  const leaf = [0x15, 12, 0x25, 0, 0x18, 1, 0x67, 0]; // of bytes
  const schema = [...Array.from({ length: depth }, () => group).flat(), ...leaf];
  const footer = [0x15, 2, 0x19, 0xfc, ...varint(depth + 1), ...schema, 0x16, 2, 0x19, 0x0c, 0];
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), Buffer.from(footer), length, Buffer.from('PAR1')]);
}

/** rows in words that the shipped model knows, no two alike */
function manyRows(count: number): string {
  const words = ['fox', 'wolf', 'robin', 'badger', 'owl', 'mouse', 'he', 'she', 'they', 'was', 'were', 'a', 'the', '.'];
  const text = (i: number): string =>
    [0, 1, 2, 3, 4, 5].map((place) => words[Math.floor(i / words.length ** place) % words.length]).join(' ');
  return ['prompt,chosen,rejected', ...Array.from({ length: count }, (_, i) => `the fox,${text(i)},the owl .`)].join(
    '\n',
  );
}

const votesAre = (page: Page, count: number): Promise<void> =>
  page.getByText(`${count} yours · 0 simulated · 0 imported`).first().waitFor();

/** what was there before is there, and the page answers */
async function isAlive(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Checkpoints', exact: true }).click();
  const drawer = page.getByRole('treeitem');
  await drawer.first().waitFor();
  expect(await drawer.count()).toBe(1);
  await page.keyboard.press('Escape');
  await drawer.first().waitFor({ state: 'detached' });
}

describe('bad files', () => {
  const { visit } = useLab();
  let folder: string;
  const path = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bad-'));
    for (const name of ['model.safetensors', 'gpt2.zip', 'rows.jsonl']) {
      writeFileSync(path(name), '');
      truncateSync(path(name), 6 * 2 ** 30); // no bytes on the disk
    }
    for (const name of ['config.json', 'tokenizer.json']) writeFileSync(path(name), filesOfModel('plain')[name]!);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('of models are named with the next step, one after the other, and model and vote stay', async () => {
    const { page } = await visit('?backend=wasm&seed=1#/start');
    await startTrained(page);
    await pressVotes(page, ['1']);
    await votesAre(page, 1);
    await openStage(page, 'Start');
    const ready = page.getByRole('button', { name: 'Open a model file', exact: true, disabled: false });
    const said = (words: RegExp) => page.getByText(words).first().waitFor({ timeout: 60_000 });
    for (const [what, files, words] of badModels()) {
      if (files.some((file) => file.path.includes('/'))) continue; // a driver gives no folders
      await page.getByLabel(MODELS).setInputFiles(await payload(files));
      await said(new RegExp(words.source.replace(/^\^/, ''))).catch(() => {
        throw new Error(`${what}: nobody said ${words}`);
      });
      await said(NEXT_FOR_MODELS);
      await ready.waitFor();
    }
    await isAlive(page);
    for (const [names, words] of [
      [['model.safetensors'], /is 6\.0 GB large/],
      [['model.safetensors', 'config.json', 'tokenizer.json'], /announce no header, in a file of 6,442,450,944 bytes/],
      [['gpt2.zip'], /gpt2\.zip is no ZIP archive/],
    ] as const) {
      await page.getByLabel(MODELS).setInputFiles(names.map(path));
      await said(words);
      await ready.waitFor();
    }
    await isAlive(page);
    await openStage(page, 'Compare');
    await pairShown(page);
    await votesAre(page, 1);
  });

  it('of rows are named, and the vote stays', async () => {
    const { page } = await visit('?backend=wasm&seed=1#/start');
    await startTrained(page);
    await pressVotes(page, ['1']);
    const bad: [string | { name: string; bytes: Buffer }, RegExp][] = [
      [path('rows.jsonl'), /rows\.jsonl is 6\.0 GB large, more than the 50(?:\.0)? MB/],
      [{ name: 'none.parquet', bytes: Buffer.from('PAR1 and then nothing, PAR1') }, /Parquet/],
      [{ name: 'deep.parquet', bytes: nestedParquet(60_000) }, /nested too deep/],
    ];
    for (const [file, words] of bad) {
      await page
        .getByLabel(ROWS)
        .setInputFiles(
          typeof file === 'string'
            ? file
            : { name: file.name, mimeType: 'application/octet-stream', buffer: file.bytes },
        );
      await page.getByText(words).first().waitFor();
      await isAlive(page);
    }
    await page
      .getByLabel(ROWS)
      .setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer: Buffer.from(manyRows(200_000)) });
    const dialog = page.getByRole('dialog', { name: 'Import a table' });
    await dialog.getByText('100,000 preferences will be kept.').waitFor({ timeout: 120_000 });
    await dialog.getByText('100,000 rows are left out.').waitFor();
    await dialog
      .getByText(/the lab keeps 100,000 preferences/)
      .first()
      .waitFor();
    await dialog.getByRole('button', { name: 'Keep none' }).click();
    await votesAre(page, 1);
    await isAlive(page);
    await pressVotes(page, ['2']);
    await votesAre(page, 2);
  });
});
