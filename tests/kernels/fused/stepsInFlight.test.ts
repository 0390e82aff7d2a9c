/**
 * Several steps in the device's hands: the numbers are those of steps that wait for each other, and storing in between
 * loses none.
 */
import { describe, expect, it } from 'vitest';
import type { MetricValues } from '../../../src/contract/metrics';
import { currentGpu, type Gpu } from '../../../src/core/kernels/gpu/device';
import { readbackOf } from '../../../src/core/kernels/gpu/readback';
import type { SavedRun } from '../../../src/core/train/snapshot';
import { STEP_LOOPS } from '../../core/train/stepLoops';
import { take, throughStorage, ticking } from '../../core/train/tiny';
import { withBackend } from '../../helpers/backend';

withBackend('webgpu', { executor: 'fused' });

/** all but the time */
const numbersOf = (reports: { step: number; metrics: MetricValues }[]) =>
  reports.map(({ step, metrics: { 'perf/stepMs': _, 'perf/tokensPerSecond': __, ...numbers } }) => ({
    step,
    ...numbers,
  }));

describe.each(STEP_LOOPS)('steps of %s in flight', (_, begin) => {
  const loop = (saved?: SavedRun<never>) => begin(ticking(), saved);

  it('give the numbers of steps that wait for each other, in their order', async () => {
    const [hasty, patient] = [await loop(), await loop()];
    expect(hasty.run.steps.depth).toBe(3);
    Object.defineProperty(patient.run.steps, 'depth', { value: 1 });
    const numbers = numbersOf(await take(hasty.reports, 99));
    expect(numbers.length).toBeGreaterThanOrEqual(9);
    expect(numbers).toEqual(numbersOf(await take(patient.reports, 99)));
    expect(readbackOf(currentGpu() as Gpu).made).toBeLessThanOrEqual(3);
  });

  it('are stored with the run, so that not one report is lost', async () => {
    const expected = numbersOf(await take((await loop()).reports, 99));
    const { run, reports } = await loop();
    const before = numbersOf(await take(reports, 2));
    const saved = await run.save();
    expect(saved.state.unreported?.length).toBeGreaterThan(0);
    expect(run.step).toBe(2);
    const resumed = await loop(throughStorage(saved) as SavedRun<never>);
    expect(resumed.run.step).toBe(2);
    const after = numbersOf(await take(resumed.reports, 99));
    expect([...before, ...after]).toEqual(expected);
  });
});
