import { describe, expect, it } from 'vitest';
import { accessibleInBothThemes, metric, metricUntil, pause, progress, stepOf, useLab } from './lab';
import { expectReadable, type View } from './views';

/** a run of minutes, cut short after its first looks at held-out sentences */
describe('the translator', () => {
  const { visit } = useLab();
  const ADDRESS = '?backend=wasm&seed=4';

  it('is reached from Teach, trained, paused and read by keyboard alone', async () => {
    const { page } = await visit(ADDRESS);
    await page.getByRole('button', { name: 'Teach' }).focus();
    await page.keyboard.press('Enter');
    const entry = page.getByRole('menuitem', { name: 'Translate' });
    await entry.waitFor();
    for (let i = 0; i < 20 && !(await entry.evaluate((one) => one === document.activeElement)); i++)
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { level: 1, name: 'Translate' });
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
    const grid = page.getByRole('grid', { name: /^Cross-attention/ });
    await grid.waitFor();
    await page.getByText('Untrained.', { exact: true }).waitFor();
    await page.keyboard.press('Space');
    await metricUntil(page, 'translator/loss', (loss) => loss < 3);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Train', disabled: false }).waitFor();
    const stood = await stepOf(page);
    await page.keyboard.press('.');
    await progress(page, `step ${stood + 1} of 500`).waitFor();
    expect(await metric(page, 'translator/exactMatchCut')).toBe(0);

    const sentence = page.getByRole('textbox', { name: 'Sentence' });
    await sentence.focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('the dragon slept');
    await page.getByText('The stories do not have “dragon”.').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('The shy owl won a shiny kite.');
    await expect.poll(() => grid.getByRole('columnheader').allTextContents()).toContain('kite');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('radio', { name: 'Greedy' }).isChecked()).toBe(true);
    await page.keyboard.press('c');
    await page.getByText('It does not hear the sentence.', { exact: true }).waitFor();
    await page.keyboard.press('c');
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.getByText(/ reads (“.+”|the beginning) \d/).waitFor();
    await accessibleInBothThemes(page, 'Translate');

    await page.getByRole('tab', { name: 'Translator' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'Why it suffices' }).waitFor();
    await accessibleInBothThemes(page, 'What a decoder alone leaves out');
  });

  it('goes on while other pages are looked at, and is found where it stood after a reload', async () => {
    const { page } = await visit(`${ADDRESS}#/translate`);
    await page.getByRole('grid').waitFor();
    await page.getByRole('button', { name: 'Step' }).click();
    await progress(page, 'step 1 of 500').waitFor();
    const loss = await metric(page, 'translator/loss');
    await page.getByRole('button', { name: 'Train' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    const left = await stepOf(page);
    await page.getByRole('navigation', { name: 'Pipeline' }).getByRole('link', { name: /^Data/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Data' }).waitFor();
    await page.waitForTimeout(1000);
    await page.goBack();
    await expect.poll(() => stepOf(page)).toBeGreaterThan(left);
    const stood = await pause(page);
    await page.reload();
    await progress(page, `step ${stood} of 500`).waitFor();
    await page.getByRole('button', { name: 'Step' }).click();
    await progress(page, `step ${stood + 1} of 500`).waitFor();
    await page.getByRole('button', { name: 'Reset' }).click();
    const ask = page.getByRole('alertdialog').getByRole('button', { name: 'Start over' }); // of a slow machine
    await progress(page, 'step 0 of 500').or(ask).first().waitFor();
    if (await ask.isVisible()) await ask.click();
    await progress(page, 'step 0 of 500').waitFor();
    await page.reload();
    await progress(page, 'step 0 of 500').waitFor();
    await page.getByRole('button', { name: 'Step' }).click();
    await progress(page, 'step 1 of 500').waitFor();
    expect(await metric(page, 'translator/loss'), 'the same seed goes on to the same numbers').toBe(loss);
  });

  it('cuts no text at any width, on either tab', async () => {
    const { page } = await visit(`${ADDRESS}#/translate`);
    await page.getByRole('grid').waitFor();
    const tab = (name: string): View => ({ name, open: () => page.getByRole('tab', { name }).click() });
    await expectReadable(page, [tab('Translator'), tab('What a decoder alone leaves out')]);
  });

  it('fits a phone: ribbons run between two columns and nothing is wider than the page', async () => {
    const { page } = await visit(`${ADDRESS}#/translate`, { width: 400, height: 800 });
    await page.getByRole('grid').waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(400);
  });
});
