import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startTrained, useLab } from './lab';
import { linesFile } from './longWord';
import { faultsInAllSizes, type View } from './views';

const stays = async () => undefined;
const page = (name: string): View => ({ name, open: stays });
const over = (name: string): View => ({ name, open: stays, drawer: true });

describe('the layout of pages beside the pipeline with something in them, and of what lies over a page', () => {
  const { visit } = useLab();

  it('cuts no text and squeezes no card of a class, its question and a lesson', async () => {
    const { page: tab } = await visit('?backend=wasm&seed=1#/class');
    await tab.getByRole('button', { name: /^Open a class/ }).click();
    await tab.getByRole('heading', { name: 'Who is in' }).waitFor({ timeout: 90_000 });
    const faults = await faultsInAllSizes(tab, page('Class, open'));
    await tab.getByRole('button', { name: 'Delete the class' }).click();
    await tab.getByRole('alertdialog').waitFor();
    faults.push(...(await faultsInAllSizes(tab, over('Class, asking'))));
    await tab.getByRole('button', { name: 'Cancel' }).click();
    await tab.evaluate(() => location.assign('#/lesson/firstTaste'));
    await tab.getByRole('heading', { name: 'A writer without a wish' }).waitFor();
    await tab.getByRole('button', { name: 'A is better', disabled: false }).waitFor();
    faults.push(...(await faultsInAllSizes(tab, page('a lesson'))));
    expect(faults).toEqual([]);
  });

  it('lays the sheet of a lesson below the transport bar on a phone, its way on in sight', async () => {
    const { page: tab } = await visit('?backend=wasm&seed=1#/lesson/rewardHacking', { width: 400, height: 800 });
    const bar = tab.getByRole('toolbar', { name: 'Transport' });
    await bar.waitFor();
    const box = async (place: Locator) => (await place.boundingBox())!;
    const title = await box(tab.getByRole('heading', { level: 1, name: 'Reward hacking' }));
    const { y, height } = await box(bar);
    expect(y + height).toBeLessThanOrEqual(title.y);
    expect(y).toBeGreaterThan(200);
    const next = await box(tab.getByRole('button', { name: 'Next' }));
    expect(next.y + next.height).toBeLessThanOrEqual(800);
    await tab.evaluate(() => location.assign('#/lessons'));
    const card = tab.getByRole('article', { name: 'The cat and the dog' });
    const [sentence, begin] = [card.locator('p').last(), card.getByRole('button', { name: 'Begin' })];
    await begin.waitFor();
    const told = await box(sentence);
    expect((await box(begin)).y, 'what a card is left by stands below its words').toBeGreaterThan(told.y + told.height);
  });

  it('cuts no text and squeezes no card of what Inspect shows, in the drawer and widened, and of a shelf of twelve', async () => {
    const { page: tab } = await visit('?backend=wasm&seed=4');
    await startTrained(tab);
    const faults: string[] = [];
    await tab.keyboard.press('i');
    const drawer = tab.getByRole('dialog', { name: 'Inspect' });
    for (const wide of [false, true]) {
      if (wide) await drawer.getByRole('button', { name: 'Widen' }).click();
      for (const view of ['Attention', 'Arithmetic', 'Layers', 'Words', 'Before and after']) {
        await drawer.getByRole('tab', { name: view, exact: true }).click();
        await drawer.locator('[aria-busy=false]').first().waitFor();
        faults.push(...(await faultsInAllSizes(tab, over(`Inspect, ${view}${wide ? ', widened' : ''}`))));
      }
    }
    await tab.keyboard.press('Escape');
    await tab.evaluate(() => location.assign('#/data'));
    await tab.keyboard.press('m');
    const rows = tab.getByRole('treeitem');
    for (let count = await rows.count(); count < 12; count++) {
      await rows.first().click();
      await tab.getByRole('button', { name: 'Duplicate', exact: true }).click();
      await rows.nth(count).waitFor();
    }
    faults.push(...(await faultsInAllSizes(tab, over('Checkpoints, twelve'))));
    expect(faults).toEqual([]);
  });

  it('cuts no text and squeezes no card of a table of another program, an own rater and a question', async () => {
    const { page: tab } = await visit('?backend=wasm&seed=1');
    await startTrained(tab);
    const rows = [1, 2].map((i) => ({ question: `the fox ${i} .`, good: 'it was glad .', bad: `it slept ${i} .` }));
    await tab.getByLabel('Votes file').setInputFiles(linesFile('rows.jsonl', rows));
    await tab
      .getByRole('dialog', { name: /^Import a table/ })
      .getByText('the fox 1 .')
      .first()
      .waitFor();
    const faults = await faultsInAllSizes(tab, over('a table'));
    await tab.keyboard.press('Escape');
    await tab.getByText('Simulated rater').first().click();
    await tab.getByRole('combobox', { name: 'Rater' }).selectOption('own');
    await tab.getByRole('button', { name: /what it likes/ }).click();
    await tab.getByRole('dialog', { name: 'Your own rater' }).getByRole('listitem').first().waitFor();
    faults.push(...(await faultsInAllSizes(tab, over('an own rater'))));
    await tab.keyboard.press('Escape');
    await tab.evaluate(() => location.assign('#/start'));
    await tab.getByRole('button', { name: 'Forget everything…' }).click();
    await tab.getByRole('alertdialog').waitFor();
    faults.push(...(await faultsInAllSizes(tab, over('Forget everything'))));
    expect(faults).toEqual([]);
  });
});
