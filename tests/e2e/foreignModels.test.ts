import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/formats/safetensors';
import {
  filesOfAdapter,
  filesOfMiddlingAdapter,
  filesOfMiddlingModel,
  filesOfModel,
  type ModelFiles,
  withConfig,
  zipped,
} from '../helpers/modelFiles';
import { downloaded, openStage, pairShown, useLab } from './lab';

const FIELD = 'Open a model file, file';
const IN_CHECKPOINTS = 'Open a checkpoint file, file';
const payload = (files: ModelFiles) =>
  Object.entries(files).map(([name, bytes]) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  }));
const give = (page: Page, files: ReturnType<typeof payload>) => page.getByLabel(FIELD).setInputFiles(files);
const said = (page: Page, words: string | RegExp) => page.getByText(words).first().waitFor({ timeout: 60_000 });

describe('a model that another program saved', () => {
  const { visit } = useLab();
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'foreign-'));
    mkdirSync(join(scratch, 'gpt2-owl'));
    for (const [name, bytes] of Object.entries(filesOfModel('plain')))
      writeFileSync(join(scratch, 'gpt2-owl', name), bytes);
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  it('comes as files, writes, is voted on, stays over a reload, and goes back with the same numbers', async () => {
    const { page } = await visit('?backend=wasm#/start');
    await page.getByRole('button', { name: 'Open a model file', exact: true, disabled: false }).waitFor();
    await give(page, payload(filesOfModel('plain')));
    await said(page, 'GPT-2 is in Checkpoints now.');
    await openStage(page, 'Compare');
    await pairShown(page);
    await page.getByRole('button', { name: 'A is better' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Checkpoints', exact: true }).click();
    await page.getByRole('treeitem', { name: /^GPT-2/ }).click();
    await said(page, 'what another program saved');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save for transformers' }).click(),
    ]);
    const folder = unzipSync(new Uint8Array(readFileSync(await download.path())));
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    const original = filesOfModel('plain');
    expect(JSON.parse(new TextDecoder().decode(folder['tokenizer.json']))).toEqual(
      JSON.parse(new TextDecoder().decode(original['tokenizer.json'])),
    );
    expect(decodeSafetensors(folder['model.safetensors']!).tensors).toEqual(
      decodeSafetensors(original['model.safetensors']!).tensors,
    );
    await page.getByRole('button', { name: 'Inspect', exact: true }).last().click();
    await page.getByRole('textbox', { name: 'Text' }).waitFor();
  });

  it('comes as an archive and in its older form, and what cannot be right is named while the page stays', async () => {
    const { page } = await visit('?backend=wasm#/start');
    const ready = page.getByRole('button', { name: 'Open a model file', exact: true, disabled: false });
    await ready.waitFor();
    const { 'tokenizer.json': _, ...untold } = filesOfModel('plain');
    await give(page, payload(untold));
    await said(page, /tokenizer\.json is missing/);
    await ready.waitFor();
    await give(page, payload(withConfig({ model_type: 'llama' })));
    await said(page, /model_type is llama/);
    await ready.waitFor();
    await give(page, payload({ 'owl.zip': zipped(filesOfModel('hub-names')).slice(0, -40) }));
    await said(page, /the file was cut/);
    await ready.waitFor();
    const bomb = { ...untold, 'model.safetensors': new Uint8Array(2 ** 28) };
    await give(page, payload({ 'bomb.zip': zipped(bomb) }));
    await said(page, /unpacks to 256\.0 MB/);
    await ready.waitFor();
    await give(page, payload({ 'owl.zip': zipped(filesOfModel('hub-names')) }));
    await said(page, 'owl is in Checkpoints now.');
    expect(await page.getByText(/the file was cut/).count()).toBe(0);
  });

  it('has an adapter of peft put on it, which goes out again as it came', async () => {
    const { page } = await visit('?backend=wasm#/start');
    const ready = page.getByRole('button', { name: 'Open a model file', exact: true, disabled: false });
    await ready.waitFor();
    await give(page, payload(filesOfAdapter('c-attn-r4')));
    await said(page, /choose the one it was trained on in Checkpoints/);
    await ready.waitFor();
    await give(page, payload(filesOfModel('plain')));
    await said(page, 'GPT-2 is in Checkpoints now.');
    await page.getByRole('button', { name: 'Checkpoints', exact: true }).click();
    await page.getByRole('treeitem', { name: /^GPT-2/ }).click();
    await page.getByLabel(IN_CHECKPOINTS).setInputFiles(payload(filesOfAdapter('c-attn-r4')));
    await said(page, 'GPT-2 with an adapter is in Checkpoints now.');
    await page.getByRole('treeitem', { name: /^GPT-2 with an adapter/ }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save adapter' }).click(),
    ]);
    const folder = unzipSync(new Uint8Array(readFileSync(await download.path())));
    expect(decodeSafetensors(folder['adapter_model.safetensors']!).tensors).toEqual(
      decodeSafetensors(filesOfAdapter('c-attn-r4')['adapter_model.safetensors']!).tensors,
    );
    await page.getByRole('button', { name: 'Merge' }).click();
    await page.getByRole('treeitem', { name: /^GPT-2 with an adapter merged/ }).waitFor();
  });

  it('of 17 million numbers stays out of a notebook of what learned on it, and is asked for by its hash', async () => {
    const model = Object.entries(filesOfMiddlingModel()).map(([name, bytes]) => {
      writeFileSync(join(scratch, name), bytes);
      return join(scratch, name); // more than a driver carries
    });
    const { page } = await visit('?backend=wasm#/start');
    await page.getByRole('button', { name: 'Open a model file', exact: true, disabled: false }).waitFor();
    await page.getByLabel(FIELD).setInputFiles(model);
    await said(page, 'GPT-2 is in Checkpoints now.');
    await page.getByRole('button', { name: 'Checkpoints', exact: true }).click();
    await page.getByRole('treeitem', { name: /^GPT-2/ }).click();
    await page.getByLabel(IN_CHECKPOINTS).setInputFiles(payload(filesOfMiddlingAdapter()));
    await said(page, 'GPT-2 with an adapter is in Checkpoints now.');
    await page.getByRole('treeitem', { name: /^GPT-2 with an adapter/ }).click();
    await said(page, /its file has these alone, the rest is GPT-2/);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Teach' }).click();
    await page.getByRole('menuitem', { name: 'Notebook' }).click();
    const notebook = await downloaded(page, page.getByRole('button', { name: 'Save notebook' }));
    expect(notebook.length).toBeLessThan(2 ** 23); // the trunk alone has 68 MB
    writeFileSync(join(scratch, 'lab.rlhflab'), notebook);

    const { page: other } = await visit('?backend=wasm#/notebook');
    const [chooser] = await Promise.all([
      other.waitForEvent('filechooser'),
      other.getByRole('button', { name: 'Open notebook', exact: true }).click(),
    ]);
    await chooser.setFiles(join(scratch, 'lab.rlhflab'));
    await other.getByText('Opened:').waitFor({ timeout: 60_000 });
    await other.getByRole('button', { name: 'Checkpoints', exact: true }).click();
    await other.getByRole('treeitem', { name: /^GPT-2 with an adapter/ }).click();
    await said(other, /GPT-2 is not in this lab\. Open its model file/);
    const asked = other.getByLabel('Open the model file, file');
    await asked.setInputFiles(payload(filesOfModel('plain')));
    await said(other, /another model than the one that GPT-2 with an adapter learned on/);
    await asked.setInputFiles(model);
    await said(other, 'GPT-2 is in Checkpoints now.');
    await other.getByRole('treeitem', { name: /^GPT-2 with an adapter/ }).click();
    await other.getByRole('button', { name: 'Merge' }).click();
    await other.getByRole('treeitem', { name: /^GPT-2 with an adapter merged/ }).waitFor({ timeout: 60_000 });
    await other.reload();
    await other.getByRole('button', { name: 'Checkpoints', exact: true }).click();
    await other.getByRole('treeitem', { name: /^GPT-2 with an adapter merged/ }).waitFor({ timeout: 60_000 });
  }, 240_000);
});
