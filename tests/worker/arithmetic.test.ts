/**
 * Whose rounding a run has on WebAssembly, where the same run is to give the same bits: recorded with it, kept when it
 * goes on.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKernels, stopKernels } from '../../src/core/kernels/wasm/player';
import { type TraceEvent, traceFile } from '../../src/formats/trace';
import { decodeRun, encodeRun } from '../../src/worker/storedRun';
import { filesThatFuse } from '../helpers/kernels';
import { type NodeThreads, sharingThreads } from '../helpers/threads';
import { traceFault } from '../helpers/traceFormat';
import type { Loopback } from './loopback';
import { pretrainSpec, SLOW } from './specs';
import { finish, startedLab } from './started';

describe('a run on WebAssembly', () => {
  let lab: Loopback;
  const pools: NodeThreads[] = [];
  let swiftest = 2;

  /** as it is stored after two steps */
  const stored = async (runId: string) => {
    await lab.client.call('run/create', { runId, spec: pretrainSpec() });
    for (let i = 0; i < 2; i++) await lab.client.call('run/step', { runId });
    return lab.client.call('run/snapshot', { runId });
  };
  const goOn = async (runId: string, snapshot: Uint8Array) => {
    await lab.client.call('run/restore', { runId, snapshot });
    return finish(lab, runId);
  };
  const start = (executor: 'auto' | 'portable') => lab.client.call('engine/start', { backend: 'wasm', executor });

  beforeAll(async () => {
    const kernels = async () =>
      startKernels(await filesThatFuse(), sharingThreads(2, pools), (_, choices) =>
        choices.map((threads) => Math.abs(threads - swiftest)),
      );
    lab = await startedLab({ kernels });
  }, 2 * SLOW); // kernels are compiled
  afterAll(stopKernels);

  it(
    'is computed by the kernels of the lab on two threads, says so, and goes on to the same bits',
    async () => {
      expect(lab.session.engine.info).toMatchObject({ backend: 'wasm', executor: 'fused', threads: 2 });
      await lab.client.call('run/create', { runId: 'whole', spec: pretrainSpec() });
      const whole = await finish(lab, 'whole');
      const snapshot = await stored('first');
      expect(decodeRun(snapshot).memory.arithmetic).toBe('wasm');
      expect(await goOn('second', snapshot), 'checkpoints are named by their content').toBe(whole);
    },
    SLOW,
  );

  it(
    'finds the swiftest number of threads when it begins, tells it, and keeps it to its end',
    async () => {
      const threads = () => lab.of('engine/changed').map(({ info }) => info.threads);
      swiftest = 1;
      await lab.client.call('run/create', { runId: 'alone', spec: pretrainSpec() });
      expect(threads()).toEqual([1]);
      swiftest = 2;
      const whole = await finish(lab, 'alone');
      expect(threads(), 'none changes while it runs').toEqual([1]);
      await lab.client.call('run/create', { runId: 'together', spec: pretrainSpec() });
      expect(threads()).toEqual([1, 2]);
      expect(await finish(lab, 'together'), 'to the same bits').toBe(whole);
      expect(lab.session.engine.info).toMatchObject({ executor: 'fused', threads: 2, reason: 'wasm was asked for' });
    },
    SLOW,
  );

  it(
    'is timed kernel by kernel while somebody looks, within its steps, and has the same bits',
    async () => {
      await lab.client.call('run/create', { runId: 'unseen', spec: pretrainSpec() });
      const whole = await finish(lab, 'unseen');
      const kernels = async () =>
        (await lab.client.call('engine/trace', {})).spans.filter(({ kind }) => kind === 'kernel');
      expect(await kernels()).toEqual([]);
      expect((await lab.client.call('engine/time', {})).kernels).toEqual([]);
      await lab.client.call('run/create', { runId: 'seen', spec: pretrainSpec() });
      expect(await finish(lab, 'seen'), 'checkpoints are named by their content').toBe(whole);
      const { windowMs, phases, kernels: shares } = await lab.client.call('engine/time', {});
      expect(phases.map(({ name }) => name).sort()).toEqual(['observation', 'preparing', 'pretraining step', 'saving']);
      expect(shares.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['matMul', 'adamWStep', 'layerNormBackward', 'sampleColumn']),
      );
      const sum = (of: { ms: number }[]) => of.reduce((all, { ms }) => all + ms, 0);
      expect(sum(shares)).toBeLessThanOrEqual(sum(phases));
      expect(sum(phases), 'nothing is counted twice').toBeLessThanOrEqual(windowMs);
      const { spans } = await lab.client.call('engine/trace', {});
      const file = traceFile([{ name: 'computing thread', spans }]);
      expect(traceFault(file)).toBeNull();
      const threads = (JSON.parse(file) as { traceEvents: TraceEvent[] }).traceEvents.filter(({ ph }) => ph === 'X');
      expect(new Set(threads.map(({ tid }) => tid)).size, 'one thread computes: all of it nests').toBe(1);
      const plans = spans.filter(({ kind }) => kind === 'plan');
      for (const { startMs, endMs, name } of await kernels())
        expect(
          plans.some((plan) => plan.startMs <= startMs && endMs <= plan.endMs),
          name,
        ).toBe(true);
    },
    SLOW,
  );

  it(
    'goes on in the arithmetic of tf.js when it began there, or was stored before there was another',
    async () => {
      await start('portable');
      await lab.client.call('run/create', { runId: 'portable', spec: pretrainSpec() });
      const whole = await finish(lab, 'portable');
      const snapshot = await stored('portable first');
      expect(decodeRun(snapshot).memory.arithmetic).toBe('tf.js');
      const { memory, ...run } = decodeRun(snapshot);
      const { arithmetic: _, ...older } = memory;
      await start('auto');
      expect(await goOn('portable second', snapshot)).toBe(whole);
      expect(await goOn('older', encodeRun({ ...run, memory: older }))).toBe(whole);
    },
    SLOW,
  );

  it(
    'goes on in fast arithmetic when it began there, and without it when it began without, whatever is asked for now',
    async () => {
      await start('auto');
      const { fast: offered } = lab.session.engine.info!;
      expect(offered, 'off until it is asked for').toBe(false);
      const plain = await stored('plain');
      const wholes: Record<string, unknown> = {};
      for (const fast of [false, true]) {
        expect((await lab.client.call('engine/fast', { fast })).fast).toBe(fast);
        await lab.client.call('run/create', { runId: `${fast} whole`, spec: pretrainSpec() });
        wholes[`${fast}`] = await finish(lab, `${fast} whole`);
      }
      expect(wholes.true).not.toBe(wholes.false);
      const swift = await stored('swift');
      expect(decodeRun(swift).memory.arithmetic).toBe('wasmFast');
      expect(await goOn('plain again', plain)).toBe(wholes.false);
      await lab.client.call('engine/fast', { fast: false });
      expect(await goOn('swift again', swift)).toBe(wholes.true);
    },
    SLOW,
  );

  it(
    'moves to tf.js and goes on when a thread dies',
    async () => {
      await start('auto');
      await lab.client.call('run/create', { runId: 'dying', spec: pretrainSpec() });
      await lab.client.call('run/step', { runId: 'dying' });
      await pools.at(-1)!.lose();
      await lab.client.call('run/play', { runId: 'dying' });
      const { info, error } = await lab.until('engine/changed', ({ info: { executor } }) => executor === 'portable');
      expect(info).toMatchObject({ backend: 'wasm', threads: null });
      expect(info.reason).toContain('a thread of WebAssembly has stopped');
      expect(error?.code).toBe('engine/executor');
      await finish(lab, 'dying');
    },
    SLOW,
  );
});
