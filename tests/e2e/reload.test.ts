/**
 * A tab that is reloaded, or dies without a word, while a run plays: what follows are the numbers of one that lived, to
 * the last bit.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  MINIATURE,
  metricUntil,
  numbers,
  openStage,
  pause,
  simulateVotes,
  startTrained,
  stepOf,
  trainUntil,
  useLab,
} from './lab';

/** of steps or iterations: no machine ends so many of them while somebody looks */
const ENDLESS = 1_000_000;

/** Leaves the page; @returns the one that is there afterwards, at the same address. */
type Interrupt = (page: Page) => Promise<Page>;

const reload: Interrupt = async (page) => {
  await page.reload();
  return page;
};

/** ends the process of the tab: no event reaches the page any more */
const kill: Interrupt = async (page) => {
  const address = page.url();
  const context = page.context();
  const session = await context.newCDPSession(page);
  const gone = page.waitForEvent('crash');
  void session.send('Page.crash').catch(() => undefined); // a dead tab answers nothing
  await gone;
  await page.close();
  const again = await context.newPage();
  await again.goto(address);
  return again;
};

describe('a run that is interrupted while it plays', () => {
  const { visit } = useLab();

  it.each([
    ['the tab is killed, on wasm', 'wasm', afterPause, kill],
    ['the tab is killed before anything was stored, on wasm', 'wasm', fromBeginning, kill],
    ['the page is reloaded, on WebGPU', 'webgpu', afterPause, reload],
  ] as const)('pretrains to the same numbers when %s', async (_, backend, begin, interrupt) => {
    const address = `?backend=${backend}&executor=portable&seed=6&${MINIATURE}&evalEvery=50&steps=${ENDLESS}&stories=400#/data`;
    const opened = async () => {
      const { page } = await visit(address);
      await page.getByRole('button', { name: 'Generate' }).click();
      await openStage(page, 'Pretrain');
      return page;
    };
    const again = await interrupted(await opened(), begin, interrupt);
    await expectSameAsWhole(again, opened);
  });

  it('optimises to the same numbers when the tab is killed, on wasm', async () => {
    const opened = async () => {
      const { page } = await visit(
        `?backend=wasm&executor=portable&seed=6&rewardSteps=2&rewardBatch=8&normalizeSamples=8&rollouts=8&iterations=${ENDLESS}`,
      );
      await openPpo(page, 2);
      return page;
    };
    const again = await interrupted(await opened(), afterPause, kill);
    await expectSameAsWhole(again, opened);
  });

  it('keeps the iteration, the votes and the models of PPO when the page is reloaded, on WebGPU', async () => {
    const { page } = await visit(
      `?backend=webgpu&seed=2&rewardSteps=1&rewardBatch=4&normalizeSamples=4&rollouts=4&completionLength=8&epochs=1&iterations=${ENDLESS}`,
    );
    await openPpo(page, 1);
    await interrupted(page, afterPause, reload);
    const stands = await stepOf(page);
    await metricUntil(page, 'objective/kl', Number.isFinite);
    await page.getByRole('button', { name: 'Train' }).click();
    await expect.poll(() => stepOf(page), { timeout: 60_000 }).toBeGreaterThan(stands);
    await pause(page);
    await openStage(page, 'Compare');
    await page
      .getByText(/12 simulated/)
      .first()
      .waitFor();
  });
});

/** has the run play until it has gone so far, and pauses it */
async function playTo(page: Page, step: number): Promise<void> {
  await page.getByRole('button', { name: 'Train' }).click();
  await expect.poll(() => stepOf(page), { timeout: 150_000 }).toBeGreaterThanOrEqual(step);
  await pause(page);
}

/** Goes on with a run that was interrupted. @throws unless one that lived has its numbers */
async function expectSameAsWhole(again: Page, opened: () => Promise<Page>): Promise<void> {
  await playTo(again, (await stepOf(again)) + 3);
  const found = await numbers(again);
  const whole = await opened();
  await playTo(whole, found.length);
  expect(found.at(-1)?.step).toBe(String(found.length));
  expect(found).toEqual((await numbers(whole)).slice(0, found.length));
}

/** from Start to the threshold of PPO: the trained model, simulated votes, a reward model */
async function openPpo(page: Page, rewardSteps: number): Promise<void> {
  await startTrained(page);
  await simulateVotes(page, 12);
  await openStage(page, 'Reward model');
  await trainUntil(page, new RegExp(`step ${rewardSteps} of ${rewardSteps}`));
  await openStage(page, 'Optimise');
}

/** Has the run play. @returns the last step that is stored for certain */
type Begin = (page: Page) => Promise<number>;

async function fromBeginning(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Train' }).click();
  return 0;
}

async function afterPause(page: Page): Promise<number> {
  await trainUntil(page, /(step|iteration) [1-9]/);
  const stored = await pause(page);
  await page.getByRole('button', { name: 'Train' }).click();
  return stored;
}

/**
 * Interrupts a run that has gone beyond what is stored. @returns the page afterwards, with the run at what is stored or
 * later
 */
async function interrupted(page: Page, begin: Begin, interrupt: Interrupt): Promise<Page> {
  const stored = await begin(page);
  await expect.poll(() => stepOf(page), { timeout: 60_000, interval: 20 }).toBeGreaterThan(stored);
  const again = await interrupt(page);
  await again.getByRole('button', { name: 'Train', disabled: false }).waitFor({ timeout: 60_000 });
  await expect.poll(() => stepOf(again)).toBeGreaterThanOrEqual(stored);
  return again;
}
