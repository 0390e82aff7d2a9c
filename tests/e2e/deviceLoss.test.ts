/**
 * The browser's GPU process dies under the page: the page says so, keeps the votes and goes on from what was stored.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { MINIATURE, numbers, openStage, pause, pressVotes, startTrained, stepOf, trainUntil, useLab } from './lab';

const SENTENCE = /The graphics device was lost/;
/**
 * a step takes some ten milliseconds: enough of them that the run cannot end before it is paused, or while its device
 * is killed
 */
const STEPS = 800;

async function killGpu(page: Page): Promise<void> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  await session?.send('Browser.crashGpuProcess');
  await page.getByText(SENTENCE).first().waitFor();
  await page.getByRole('button', { name: /^Engine: WebAssembly/ }).waitFor();
}

describe('when the GPU process is killed', () => {
  const { visit } = useLab();

  it('voting goes on with the votes that were cast', async () => {
    const { page } = await visit('?backend=webgpu&seed=5');
    await startTrained(page);
    await pressVotes(page, ['1', '2']);
    await killGpu(page);
    await pressVotes(page, ['1', '2', '1', '2', '1']);
    await page
      .getByText(/7 yours/)
      .first()
      .waitFor();
  });

  it('pretraining goes on from its last snapshot to its end, and a reload has WebGPU again', async () => {
    const { page } = await visit(`?backend=webgpu&seed=5&${MINIATURE}&evalEvery=1000&steps=${STEPS}&stories=400#/data`);
    await page.getByRole('button', { name: 'Generate' }).click();
    await openStage(page, 'Pretrain');
    await trainUntil(page, /step [1-9]/);
    const stored = await pause(page);
    await page.getByRole('button', { name: 'Train' }).click();
    await expect.poll(() => stepOf(page), { timeout: 60_000 }).toBeGreaterThan(stored);
    await killGpu(page);
    await page.getByRole('button', { name: 'Train', disabled: false }).waitFor();
    expect(await stepOf(page)).toBeGreaterThanOrEqual(stored);
    await trainUntil(page, new RegExp(`step ${STEPS} of ${STEPS}`));
    const points = await numbers(page);
    expect(points.map(({ step }) => Number(step))).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    for (const point of points) expect(Number(point['train/loss'])).toBeGreaterThan(0);

    await page.reload();
    await page.getByRole('button', { name: /^Engine: WebGPU/ }).waitFor();
  });
});
