/** The presenter as a room sees it: every screen whole, at the sizes of projectors, in letters for the last row. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { SCREENS } from '../../src/ui/panels/Presenter/screens';
import { layoutFaultsOf, settled } from '../helpers/layout/look';
import { accessibleInBothThemes, openStage, pressVotes, simulateVotes, startTrained, useLab } from './lab';
import { lastingFaults } from './views';

const SHORT =
  'backend=wasm&seed=4&stories=400&batch=4&evalEvery=3&rewardBatch=8&ruleLabels=8&normalizeSamples=8&rollouts=4&completionLength=12&epochs=1&steps=6&rewardSteps=4&iterations=2';
const PROJECTORS = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
];
const LEAST_PX = 22;
const SCREEN = '[data-place=screen]';

/** what scrolls, what is cut, what is small, and a picture that does not end above the foot */
const looked = (page: Page): Promise<string[]> =>
  page.evaluate(
    ([selector, least]) => {
      const room = document.querySelector(selector)!;
      const isSeen = (one: Element) => one.checkVisibility() && one.closest('.visually-hidden') === null;
      const seen = [...room.querySelectorAll('*')].filter(isSeen);
      const scrolls = seen.filter(
        (one) =>
          getComputedStyle(one).overflowY !== 'visible' &&
          one.clientHeight > 0 &&
          one.scrollHeight > one.clientHeight + 2,
      );
      const small = seen.filter(
        (one) =>
          [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()) &&
          Number.parseFloat(getComputedStyle(one).fontSize) < least,
      );
      const foot = room.querySelector('footer')!.getBoundingClientRect();
      const low = [...room.querySelectorAll('[data-hero] *')].filter(
        (one) => isSeen(one) && one.closest('svg') === null && one.getBoundingClientRect().bottom > foot.top + 1,
      );
      const outside = foot.bottom > innerHeight ? ['the foot is outside'] : [];
      const named = (what: string, found: Element[]) => found.map((one) => `${what}: ${one.tagName} ${one.className}`);
      return [...named('scrolls', scrolls), ...named('small', small), ...named('below the foot', low), ...outside];
    },
    [SCREEN, LEAST_PX] as const,
  );

async function expectWhole(page: Page): Promise<void> {
  const faults: string[] = [];
  await page.keyboard.press('p');
  await page.getByRole('dialog', { name: 'Presenter' }).waitFor();
  await page.keyboard.press('Home');
  for (const { idea } of SCREENS) {
    await page.getByRole('heading', { level: 2, name: idea }).waitFor();
    for (const size of PROJECTORS) {
      await page.setViewportSize(size);
      await page.waitForTimeout(500); // charts draw at most four times a second
      await settled(page);
      const found = [...(await lastingFaults(page, SCREEN)), ...(await looked(page))];
      faults.push(...found.map((fault) => `${idea} ${size.width} px: ${fault}`));
    }
    await page.keyboard.press('PageDown');
  }
  await page.keyboard.press('Escape');
  expect(faults).toEqual([]);
}

async function train(page: Page, stage: string, end: RegExp): Promise<void> {
  await openStage(page, stage);
  const bar = page.getByRole('toolbar', { name: 'Transport' });
  await bar.getByRole('button', { name: 'Train', exact: true, disabled: false }).click();
  await bar.getByText(end).first().waitFor({ timeout: 150_000 });
}

describe('the presenter at the sizes of projectors', () => {
  const { visit } = useLab();

  it('shows every screen whole, in 22 px and more, before anything is there and when all is trained', async () => {
    const { page } = await visit(`?${SHORT}`);
    await page.getByRole('button', { name: 'Engine: WebAssembly' }).waitFor();
    await expectWhole(page);
    await page.setViewportSize({ width: 1366, height: 768 });
    await startTrained(page);
    await pressVotes(page, [...'1221121221121']);
    await simulateVotes(page, 40);
    await train(page, 'Pretrain', /6 of 6/);
    await train(page, 'Reward model', /4 of 4/);
    await train(page, 'Optimise', /2 of 2/);
    await expectWhole(page);
    await page.keyboard.press('p');
    await accessibleInBothThemes(page, 'the presenter');
    expect(await layoutFaultsOf(page, SCREEN)).toEqual([]);
  });

  it('takes a recorded run by R, says so, counts hands and is steered from its notes', async () => {
    const { page, context } = await visit('?backend=wasm');
    await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
    await page.keyboard.press('p');
    const [notes] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('button', { name: 'Notes' }).click(),
    ]);
    await notes.setViewportSize({ width: 400, height: 800 });
    await notes.getByText(SCREENS[0]!.notes[0]!).waitFor();
    await page.bringToFront();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('r');
    await page.getByText(/^Recorded · Pretrain · step /).waitFor({ timeout: 60_000 });
    await page.getByRole('figure', { name: 'Loss' }).waitFor();
    await notes.locator('img[src^="data:image/png"]').waitFor({ timeout: 60_000 });
    await page.keyboard.press('r');
    await page.getByText(/not begun: Space trains/).waitFor();
    const asked = SCREENS.findIndex(({ picture }) => picture === 'question');
    await page.keyboard.press('Home');
    for (let i = 0; i < asked; i++) await page.keyboard.press('PageDown');
    for (let i = 0; i < 2; i++) await notes.getByRole('button', { name: 'One hand more for It stays' }).click();
    await notes.getByText('2 up').waitFor();
    await accessibleInBothThemes(notes, 'the notes');
    expect(await notes.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    await notes.getByRole('button', { name: /^Pointer/ }).click();
    const ring = page.getByRole('img', { name: 'Pointer' });
    const before = await ring.evaluate((one) => (one as HTMLElement).style.translate);
    await notes.keyboard.press('ArrowRight');
    await expect.poll(() => ring.evaluate((one) => (one as HTMLElement).style.translate)).not.toBe(before);
    await notes.close();
    await page.getByText('Notes closed: N').waitFor();
  });

  it('has its notes in a second window, which press its keys and follow it', async () => {
    const { page, context } = await visit('?backend=wasm');
    await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
    await page.keyboard.press('p');
    const [notes] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('button', { name: 'Notes' }).click(),
    ]);
    await notes.getByText(SCREENS[0]!.notes[0]!).waitFor();
    await notes.getByRole('button', { name: /^Forward/ }).click();
    await page.getByRole('heading', { level: 2, name: SCREENS[1]!.idea }).waitFor();
    await notes.keyboard.press('b');
    await page.getByText('The screen is black.').waitFor({ state: 'attached' });
    await notes.keyboard.press('PageUp');
    await notes.getByText(SCREENS[0]!.notes[0]!).waitFor();
    await page.getByRole('heading', { level: 2, name: SCREENS[0]!.idea }).waitFor();
    await page.keyboard.press('Escape');
    await notes.getByText('The presenter was closed').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
  });
});
