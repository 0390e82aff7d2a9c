/**
 * Speed where the device's answers come late: the wall time between finished steps, whenever the page hears of them.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MetricValues } from '../../../src/contract/metrics';
import { nameScalars } from '../../../src/core/kernels/namedScalars';
import { tf } from '../../../src/core/tf';
import { StepClock, StepsInFlight } from '../../../src/core/train/stepsInFlight';
import { STEP_LOOPS, type StepLoop } from './stepLoops';

/** Works on one step after the other; whoever waits is told at the next look. */
class LateDevice {
  time = 0;
  /** of one step */
  stepMs = 100;
  /** between two looks for what is finished; 0 tells at once */
  lookEveryMs = 0;
  private busyUntil = 0;
  private waiting: { finished: number; tell: () => void }[] = [];

  async read(numbers: tf.Tensor): Promise<number[]> {
    const values = [...numbers.dataSync()];
    numbers.dispose();
    this.busyUntil = Math.max(this.time, this.busyUntil) + this.stepMs;
    await new Promise<void>((tell) => this.waiting.push({ finished: this.busyUntil, tell }));
    return values;
  }

  /** to the next look at which something is finished */
  advance(): void {
    const next = this.waiting[0]?.finished;
    if (next === undefined) return;
    const look = this.lookEveryMs > 0 ? Math.ceil(next / this.lookEveryMs) * this.lookEveryMs : next;
    this.time = Math.max(this.time, look);
    const told = this.waiting.filter(({ finished }) => finished <= this.time);
    this.waiting = this.waiting.filter(({ finished }) => finished > this.time);
    for (const { tell } of told) tell();
  }
}

let device = new LateDevice();
vi.mock('../../../src/core/kernels/readNumbers', () => ({ readNumbers: (numbers: tf.Tensor) => device.read(numbers) }));

const flush = () => new Promise((resolve) => setImmediate(resolve));

/** waits for a promise while the device works */
async function whileItWorks<T>(promise: Promise<T>): Promise<T> {
  let done = false;
  const end = () => {
    done = true;
  };
  promise.then(end, end);
  for (await flush(); !done; await flush()) device.advance();
  return promise;
}

const now = () => device.time;

async function begin(loop: StepLoop, depth: number) {
  const { run, reports } = await loop(now);
  Object.defineProperty(run.steps, 'depth', { value: depth });
  const pull = async (): Promise<MetricValues | null> => (await whileItWorks(reports.next())).value?.metrics ?? null;
  return { run, pull };
}

async function allOf(pull: () => Promise<MetricValues | null>): Promise<MetricValues[]> {
  const all: MetricValues[] = [];
  for (let metrics = await pull(); metrics; metrics = await pull()) all.push(metrics);
  return all;
}

const stepMs = (metrics: MetricValues | null): number => metrics?.['perf/stepMs'] ?? Number.NaN;

beforeEach(async () => {
  await tf.setBackend('cpu');
  device = new LateDevice();
});
afterEach(() => vi.restoreAllMocks());

describe.each(STEP_LOOPS)('the speed of %s', (_, loop) => {
  it.each([1, 3])('is wall time per step with %i in flight, told at once', async (depth) => {
    const { pull } = await begin(loop, depth);
    const all = await allOf(pull);
    expect(all.length).toBeGreaterThanOrEqual(9);
    for (const metrics of all) expect(stepMs(metrics)).toBeCloseTo(100, 9);
  });

  it('is shared by steps that are told of at once', async () => {
    device.lookEveryMs = 300;
    const { pull } = await begin(loop, 3);
    const all = await allOf(pull);
    const last = all.slice(-3).map(stepMs);
    expect(Math.min(...last)).toBeGreaterThan(60);
    expect(Math.max(...last)).toBeLessThan(180);
  });
});

/** steps that cost the device 243 ms, in a browser that looks every 100 or 729 ms */
describe.each([0, 100, 729])('a device that is looked at every %i ms', (lookEveryMs) => {
  const scalars = () => nameScalars({ loss: tf.scalar(1), tokens: tf.scalar(64) });

  /** @returns what is told of each of `count` steps, as StepsInFlight pulls them, and the wall time of them all */
  async function run(clock: StepClock, count: number, depth: number) {
    const underway: Promise<{ speed: MetricValues }>[] = [];
    const told: MetricValues[] = [];
    const started = device.time;
    for (let taken = 0; told.length < count; ) {
      while (taken < count && underway.length < depth) {
        taken++;
        underway.push(clock.read(scalars(), now(), ({ tokens }) => tokens));
      }
      told.push((await whileItWorks(underway.shift()!)).speed);
    }
    return { told, wallMs: device.time - started };
  }

  it('shows the wall time of steps, not the moments at which they were told of', async () => {
    Object.assign(device, { stepMs: 243, lookEveryMs });
    const { told, wallMs } = await run(new StepClock(now, 3), 36, 3);
    const shown = told.map(stepMs).sort((a, b) => a - b)[17]!; // the page shows medians
    expect(Math.abs(shown / (wallMs / 36) - 1)).toBeLessThan(0.05);
    for (const speed of told.slice(5)) expect(speed['perf/tokensPerSecond']! * stepMs(speed)).toBeCloseTo(64_000, 6);
  });

  it('belongs to no step while nothing is under way: a pause, an evaluation', async () => {
    Object.assign(device, { stepMs: 243, lookEveryMs });
    const clock = new StepClock(now, 3);
    const before = await run(clock, 12, 3);
    device.time += lookEveryMs > 0 ? 100 * lookEveryMs : 60_000;
    const [first] = (await run(clock, 3, 3)).told;
    expect(stepMs(first!)).toBeLessThan(1.5 * (before.wallMs / 12));
    expect(stepMs(first!)).toBeGreaterThan(0.5 * (before.wallMs / 12));
  });
});

it('counts the step after a pause from its own beginning, though its forerunners were told of in the pause', async () => {
  const [, loop] = STEP_LOOPS[0]!;
  const { run, pull } = await begin(loop, 3);
  for (let i = 0; i < 3; i++) await pull();
  await whileItWorks(run.save()); // as a pause does: waits for what is in flight
  device.time += 60_000;
  for (const metrics of await allOf(pull)) expect(stepMs(metrics)).toBeCloseTo(100, 9);
});

it('has the depth of the executor', () => {
  const depths = (['fused', 'portable'] as const).map((executor) => new StepsInFlight({ executor }).depth);
  expect(depths).toEqual([3, 1]);
});
