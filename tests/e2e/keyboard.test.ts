import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { metric, metricUntil, pairShown, progress, useLab } from './lab';

/** So many stops are on no stage: a walk that is longer has been caught somewhere. */
const STOPS = 90;

/** What has the focus, in a screen reader's words: 'button "Train"', 'slider "KL coefficient"'. */
async function focused(page: Page): Promise<string> {
  const held = page.locator(':focus');
  if ((await held.count()) === 0) return 'nothing';
  const words = await held.ariaSnapshot();
  const first = (words.split('\n')[0] ?? '').replace(/^- /, '').replace(/:$/, '');
  return first.startsWith("'") ? first.slice(1, -1).replaceAll("''", "'") : first; // YAML quotes names with a colon
}

/** Everything that Tab stops at has a name, a ring, and a place on the screen. */
async function expectFindable(page: Page, stop: string): Promise<void> {
  expect(stop, 'the name of a stop').toMatch(/^\w+ "[^"]+"/);
  const seen = await page.locator(':focus').evaluate((element) => {
    const hasRing = (style: CSSStyleDeclaration) =>
      style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
    const box = element.getBoundingClientRect();
    const around = [element, element.parentElement ?? element];
    return {
      ring: around.some((one) => hasRing(getComputedStyle(one))) || hasRing(getComputedStyle(element, '::after')),
      inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
  });
  expect(seen, stop).toEqual({ ring: true, inSight: true });
}

/** Presses Tab until the wanted thing has the focus, looking at every stop on the way. @returns its name */
async function tabTo(page: Page, wanted: RegExp): Promise<string> {
  const passed: string[] = [];
  for (let press = 0; press < STOPS; press++) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    passed.push(stop);
    if (stop === 'nothing') continue;
    await expectFindable(page, stop);
    if (wanted.test(stop)) return stop;
  }
  throw new Error(`Tab never came to ${wanted}: ${passed.join(', ')}`);
}

async function press(page: Page, wanted: RegExp, key = 'Enter'): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

/** Chooses an option of the list that has the focus by the letters that it begins with. */
async function choose(page: Page, stop: RegExp, letters: string): Promise<void> {
  await tabTo(page, stop);
  await page.keyboard.type(letters);
}

/** Opens a stage through the pipeline; its heading has the focus then, so that Tab goes on inside the stage. */
async function open(page: Page, stage: string): Promise<void> {
  await press(page, new RegExp(`^link "${stage}`));
  await page.getByRole('heading', { level: 1, name: stage, exact: true }).waitFor();
  await expect.poll(() => focused(page)).toMatch(new RegExp(`^heading "${stage}"`));
}

const value = (page: Page): Promise<string> =>
  page.locator(':focus').evaluate((element) => (element as HTMLInputElement).value);

const ADDRESS =
  '?backend=wasm&seed=5&stories=400&steps=6&batch=8&rewardSteps=4&rewardBatch=8&normalizeSamples=8&rollouts=4&epochs=1&iterations=4&completionLength=12';

describe('the whole loop by keyboard alone', () => {
  const { visit } = useLab();

  it('leads from the first page to PPO and out of Inspect again, with a name and a ring at every stop', async () => {
    const { page } = await visit(ADDRESS);
    await page.getByRole('button', { name: 'Start with the trained model' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('button "Jump to the stage"');
    await press(page, /^button "Start with the trained model"/);
    await pairShown(page);
    await expect.poll(() => focused(page)).toMatch(/^heading "Compare"/);

    await tabTo(page, /^button "A is better"/);
    await page.waitForTimeout(400); // a pair that has just come takes no vote, lest a held key votes twice
    await page.keyboard.press('Enter');
    await page
      .getByText(/1 yours/)
      .first()
      .waitFor();
    expect(await focused(page)).toBe('button "A is better"');
    await tabTo(page, /^spinbutton "Votes"/);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('30');
    await press(page, /^button "Add simulated votes"/);
    await page
      .getByText(/30 simulated/)
      .first()
      .waitFor({ timeout: 120_000 });
    await expect.poll(() => focused(page)).toBe('button "Add simulated votes"');
    await press(page, /^button "Clear votes/);
    await expect.poll(() => focused(page)).toBe('button "Close Clear votes"');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toMatch(/^button "Clear votes/);

    await open(page, 'Data');
    await tabTo(page, /^tab "Stories"/);
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toMatch(/^tab "Your own text"/);
    await page.keyboard.press('ArrowLeft');
    await tabTo(page, /^slider "Happy endings"/);
    await page.keyboard.press('ArrowRight');
    expect(Number(await value(page))).toBeGreaterThan(0.35);

    await open(page, 'Pretrain');
    await press(page, /^button "All settings/);
    expect(await focused(page)).toBe('button "Close Pretraining settings"');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toMatch(/^button "All settings/);
    await press(page, /^button "Step"/);
    await progress(page, /step 1 of 6/).waitFor({ timeout: 60_000 });
    expect(await focused(page)).toBe('button "Step"');
    await page.getByRole('button', { name: 'Train', disabled: false }).waitFor();
    await press(page, /^button "Train"/);
    await progress(page, /step 6 of 6/).waitFor({ timeout: 60_000 });
    await tabTo(page, /^slider "Crosshair of Loss"/);
    const end = await value(page);
    await page.keyboard.press('ArrowLeft');
    expect(Number(await value(page))).toBeLessThan(Number(end));

    await open(page, 'Reward model');
    await page.getByRole('button', { name: 'Train', disabled: false }).waitFor();
    await page.keyboard.press('Space');
    await progress(page, /step 4 of 4/).waitFor({ timeout: 120_000 });
    await tabTo(page, /^textbox "Score a text"/);
    await page.keyboard.type('the fox found a lamp . he was glad .');
    await page.getByText(/Each word is shaded/).waitFor();

    await open(page, 'Optimise');
    await tabTo(page, /^slider "KL coefficient"/);
    await page.keyboard.press('ArrowRight');
    expect(Number(await value(page))).toBeGreaterThan(0.1);
    await press(page, /^button "Train"/, 'Space');
    await metricUntil(page, 'objective/kl', Number.isFinite);
    expect(await focused(page)).toMatch(/^button "(Pause|Train)"/);
    expect(await metric(page, 'objective/scores')).not.toBeNaN();

    await page.keyboard.press('i');
    const drawer = page.getByRole('dialog', { name: 'Inspect' });
    await expect.poll(() => focused(page)).toMatch(/^textbox "Text"/);
    const cells = await tabTo(page, /^button "Attention/);
    expect(cells).toContain('arrow keys move the cell');
    const reading = drawer.getByText(/looks at/);
    await page.keyboard.press('ArrowUp');
    await reading.first().waitFor();
    const first = await reading.first().textContent();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => reading.first().textContent()).not.toBe(first);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape'); // lets the cell go
    expect(await drawer.count()).toBe(1);
    const head = await tabTo(page, /^button "Layer 1, head 1"/);
    expect(head).toContain('[pressed]');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toMatch(/^button "Layer 1, head 2" \[pressed\]/);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toMatch(/^button "(Pause|Train)"/);
    await progress(page, /iteration 4 of 4/).waitFor({ timeout: 120_000 });
  });

  it('says what the columns of a table are, and keeps its rows', async () => {
    const { page } = await visit('?backend=wasm#/compare');
    await press(page, /^button "Start with the trained model"/);
    await pairShown(page);
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page, /^button "Import votes"/)]);
    const rows = ['fox', 'owl'].map((one) => `1,the ${one} found a kite .,he was glad .,he was sad .`);
    const table = ['nr,frage,gut,mies', ...rows, '3,the hen found a kite .,so,so'].join('\n');
    await chooser.setFiles({ name: 'fragen.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
    const dialog = page.getByRole('dialog', { name: 'Import a table' });
    await dialog.getByText('Nothing will be kept.').waitFor();
    for (const [column, letters] of [
      ['frage', 'prompt'],
      ['gut', 'chosen'],
      ['mies', 'rejected'],
    ] as const)
      await choose(page, new RegExp(`^combobox "${column}"`), letters);
    await dialog.getByText('2 preferences will be kept.').waitFor();
    await dialog.getByText('row 3: both completions are the same').waitFor();
    await press(page, /^button "Keep 2"/);
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('2 votes imported, counted apart from yours.').waitFor();
    // the keyboard is where it was
    await expect.poll(() => focused(page)).toMatch(/^button "Import votes"/);
  });
});
