/** Every view of the lab, in every size that the layout is held to. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { layoutFaultsOf, settled } from '../helpers/layout/look';
import { openStage } from './lab';

export interface View {
  name: string;
  open(page: Page): Promise<void>;
  /** what has to be seen whole on a usual screen, without scrolling */
  hero?(page: Page): Locator;
  /** a drawer lies over the rest on purpose */
  drawer?: true;
}

/** a phone, a laptop at 150 %, a laptop, a projector */
const WINDOWS = [
  { width: 400, height: 800 },
  { width: 911, height: 512 },
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
] as const;
export const USUAL = { width: 1366, height: 768 } as const;

const card = (page: Page, title: RegExp | string): Locator =>
  page.locator('[data-card]', { has: page.getByRole('heading', { level: 2, name: title }) }).first();

const stage = (name: string, hero: (page: Page) => Locator): View => ({
  name,
  open: (page) => openStage(page, name),
  hero,
});

const tab = (name: string, title: RegExp): View => ({
  name,
  async open(page) {
    await openStage(page, 'Optimise');
    await page.getByRole('tab', { name }).click();
  },
  hero: (page) => card(page, title),
});

const drawer = (name: string, key: string): View => ({
  name,
  async open(page) {
    await openStage(page, 'Pretrain');
    await page.keyboard.press(key);
    await page.getByRole('dialog', { name }).waitFor();
  },
  drawer: true,
});

/** a page of the menu Teach */
const teaching = (name: string, address: string): View => ({
  name,
  async open(page) {
    await page.evaluate((hash) => location.assign(hash), address);
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  },
});

export const INSPECT = drawer('Inspect', 'i');

export const TRAINED: readonly View[] = [
  stage('Pretrain', (page) => card(page, 'Loss')),
  stage('Fine-tune', (page) => card(page, 'Held-out loss')),
  stage('Reward model', (page) => card(page, 'Held-out accuracy')),
  tab('PPO', /against distance/),
  tab('DPO', /against distance/),
  tab('Best of N', /^Score/),
];

export const VIEWS: readonly View[] = [
  stage('Start', (page) => page.getByRole('button', { name: /trained model|^Resume$/ }).first()),
  stage('Data', (page) => card(page, /^Stories/)),
  stage('Compare', (page) => page.getByRole('main').locator('article, [data-card]').first()),
  ...TRAINED,
  INSPECT,
  teaching('Taste', '#/taste'),
  teaching('Arena', '#/arena'),
  teaching('Class', '#/class'),
  teaching('Lessons', '#/lessons'),
  teaching('Recorded runs', '#/recorded'),
  teaching('Notebook', '#/notebook'),
  drawer('Checkpoints', 'm'),
  drawer('Help', '?'),
  {
    name: 'Source',
    async open(page) {
      await page.evaluate((hash) => location.assign(hash), '#/source/core/train/measure.ts?symbol=exactKl');
      await page.getByRole('region', { name: 'Lines of src/core/train/measure.ts' }).waitFor();
    },
    drawer: true,
  },
];

async function setPresenter(page: Page, on: boolean): Promise<void> {
  const button = page.getByRole('button', { name: 'Presenter size', includeHidden: true }); // a dialog hides it
  if ((await button.getAttribute('aria-pressed')) !== String(on))
    await button.evaluate((one: HTMLElement) => one.click());
}

async function heroFaults(page: Page, { hero }: View): Promise<string[]> {
  const box = await hero?.(page).boundingBox();
  const foot = await page
    .getByRole('toolbar', { name: 'Transport' })
    .boundingBox({ timeout: 1 })
    .catch(() => null);
  const bottom = foot?.y ?? USUAL.height;
  return box && (box.y < 0 || box.y + box.height > bottom)
    ? [`the hero ends at ${box.y + box.height}, the screen at ${bottom}`]
    : [];
}

/** A drawing follows the new size of its card a moment later: a fault is what stays. */
export async function lastingFaults(page: Page, selector: string): Promise<string[]> {
  const first = await layoutFaultsOf(page, selector);
  if (first.length === 0) return [];
  await page.waitForTimeout(500);
  const second = await layoutFaultsOf(page, selector);
  return second.filter((fault) => first.includes(fault));
}

/**
 * @returns what is wrong with the view as it stands, in every window and both sizes of type; the window is a usual one
 * afterwards
 */
export async function faultsInAllSizes(page: Page, view: View): Promise<string[]> {
  const faults: string[] = [];
  for (const presenter of [false, true]) {
    await setPresenter(page, presenter);
    for (const window of WINDOWS) {
      await page.setViewportSize(window);
      await settled(page);
      const found = await lastingFaults(page, view.drawer ? '[role=dialog], [role=alertdialog]' : 'body');
      if (window.width === USUAL.width && !presenter) found.push(...(await heroFaults(page, view)));
      faults.push(
        ...found.map((fault) => `${view.name}, ${window.width} px${presenter ? ', presenter' : ''}: ${fault}`),
      );
    }
  }
  await setPresenter(page, false);
  await page.setViewportSize(USUAL);
  return faults;
}

/** Opens each view and looks at it in all sizes. */
export async function expectReadable(page: Page, views: readonly View[]): Promise<void> {
  const faults: string[] = [];
  for (const view of views) {
    await view.open(page);
    await page.waitForTimeout(300); // charts draw at most four times a second
    faults.push(...(await faultsInAllSizes(page, view)));
    if (view.drawer) await page.keyboard.press('Escape');
  }
  expect(faults).toEqual([]);
}
