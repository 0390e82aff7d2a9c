import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useLab } from './lab';

/** Drops files of this machine as a hand does: the browser itself would open them, if the page let it. */
async function drop(page: Page, target: Locator, files: string[]): Promise<void> {
  const box = await target.boundingBox();
  if (!box) throw new Error('there is nothing to drop on');
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const devtools = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, ...at, data: { items: [], files, dragOperationsMask: 1 } });
  await devtools.detach();
}

describe('dropped files', () => {
  const { visit } = useLab();
  let folder: string;
  const path = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drops-'));
    mkdirSync(path('letters'));
    writeFileSync(path('one.txt'), 'One text.');
    writeFileSync(path('two.txt'), 'Another text.');
    writeFileSync(path('model.safetensors'), '');
    truncateSync(path('model.safetensors'), 3 * 2 ** 30); // no bytes on the disk
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('that cannot be opened get a sentence each, and the page stays', async () => {
    const { page } = await visit('?backend=wasm#/data');
    const address = page.url();
    await page.getByRole('tab', { name: 'Your own text' }).click();
    // until then a drop is told to wait
    await page.getByRole('button', { name: 'Use this text', disabled: false }).waitFor();
    const area = page.getByRole('region', { name: 'Open a text file' });
    const said = area.getByRole('alert');
    await drop(page, area, [path('letters')]);
    await said.getByText('letters is a folder.').waitFor();
    await drop(page, area, [path('one.txt'), path('two.txt')]);
    await said.getByText('You dropped 2 things. Drop one file.').waitFor();
    await drop(page, page.getByRole('heading', { level: 1, name: 'Data' }), [path('one.txt')]);
    await page.getByText('The file was dropped beside the places that take one').waitFor();
    expect(page.url()).toBe(address);

    await page
      .getByRole('link', { name: /^Start/ })
      .first()
      .click();
    const models = page.getByRole('region', { name: 'Open a model file' });
    await models.scrollIntoViewIfNeeded();
    await drop(page, models, [path('model.safetensors')]);
    await models.getByText('model.safetensors is 3.0 GB large').waitFor();
    await page.getByLabel('Open a model file, file').setInputFiles(path('model.safetensors'));
    await models.getByText('model.safetensors is 3.0 GB large').waitFor();
  });
});
