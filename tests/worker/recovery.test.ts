import { describe, expect, it } from 'vitest';
import type { EngineInfo, RunStatus } from '../../src/contract/domain';
import { LabError } from '../../src/contract/errors';
import type { Event, RunState } from '../../src/contract/protocol';
import { ExecutorError } from '../../src/core/kernels/plan/player';
import { type Patient, Recovery } from '../../src/worker/recovery';

const INFO: EngineInfo = {
  backend: 'webgpu',
  executor: 'fused',
  threads: null,
  threadsUp: null,
  fast: null,
  adapter: null,
  reason: null,
  crossOriginIsolated: true,
};

/** an engine of two paths with one run on it; `rebuild` may be given another body */
function setUp({ executor = 'fused' as EngineInfo['executor'], status = 'running' as RunStatus } = {}) {
  const engine = {
    info: { ...INFO, executor } as EngineInfo,
    generation: 1,
    isLost: false,
    startNext: async () => {
      if (engine.info.backend === 'wasm') throw new Error('there is no path left');
      engine.generation++;
      engine.isLost = false;
      engine.info = { ...INFO, backend: 'wasm', executor: 'portable' };
      return engine.info;
    },
    withdrawFused: () => {
      engine.info = { ...engine.info, executor: 'portable' };
      return engine.info;
    },
  };
  const events: Event[] = [];
  const reasons: string[] = [];
  const ends: string[] = [];
  const run = { state: { status } as RunState, end: (error: unknown) => void ends.push((error as Error).message) };
  const patient: Patient = {
    engine,
    emit: (event, data) => void events.push({ event, data } as Event),
    now: () => performance.now(),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    runs: () => [run],
    rebuild: async (reason) => void reasons.push(reason),
  };
  return { recovery: new Recovery(patient), patient, engine, events, reasons, ends };
}

/** the device goes away under this engine */
function lose({ recovery, engine }: ReturnType<typeof setUp>): Promise<void> {
  engine.isLost = true;
  return recovery.recover('the driver was reset');
}

describe('a device that goes away', () => {
  it('costs the call that was under way time and nothing else', async () => {
    const lab = setUp();
    const works = ['fails', 'works'];
    const answer = lab.recovery.survive(async () => {
      if (works.shift() === 'works') return lab.engine.info.backend;
      void lose(lab);
      throw new Error('the device is lost');
    });
    expect(await answer).toBe('wasm');
    expect(lab.reasons).toEqual(['The graphics device was lost']);
    expect(lab.events).toMatchObject([
      {
        event: 'engine/changed',
        data: { info: { backend: 'wasm' }, error: { code: 'webgpu/lost', message: 'webgpu: the driver was reset' } },
      },
    ]);
  });

  it('is heard of a moment after the work on it has failed', async () => {
    const lab = setUp();
    let isFirst = true;
    const answer = lab.recovery.survive(async () => {
      if (!isFirst) return 'done';
      isFirst = false;
      setImmediate(() => void lose(lab));
      throw new Error('the device is lost');
    });
    expect(await answer).toBe('done');
  });

  it('is left after the runs arrived that were on their way to the portable executor', async () => {
    const lab = setUp();
    const withdrawing = lab.recovery.withdraw('a kernel does not compile');
    await Promise.all([withdrawing, lose(lab)]);
    expect(lab.engine.info.backend).toBe('wasm');
    expect(lab.reasons).toEqual(['The fused executor stopped', 'The graphics device was lost']);
    await lab.recovery.settled();
  });

  it('does not end runs that could not arrive because it went away: they are built again on the next path', async () => {
    const lab = setUp();
    const { rebuild } = lab.patient;
    lab.patient.rebuild = async (reason) => {
      if (lab.engine.isLost) throw new Error('nothing can be built on a lost device');
      await rebuild(reason);
    };
    await Promise.all([lab.recovery.withdraw('a kernel does not compile'), lose(lab)]);
    expect(lab.ends).toEqual([]);
    expect(lab.reasons).toEqual(['The graphics device was lost']);
  });

  it('ends the runs when no path is left', async () => {
    const lab = setUp();
    await lose(lab);
    await lose(lab);
    expect(lab.ends).toEqual(['there is no path left']);
    await lab.recovery.settled();
  });
});

describe('work that fails on an engine that stands', () => {
  it('is not done again for a bug, nor for trouble that a visitor can meet', async () => {
    const lab = setUp({ executor: 'portable' });
    for (const error of [new TypeError('a bug'), new LabError('run/votes', 'Too few.')]) {
      let times = 0;
      const work = async () => {
        times++;
        throw error;
      };
      await expect(lab.recovery.survive(work)).rejects.toBe(error);
      expect(times).toBe(1);
    }
    expect(lab.reasons).toEqual([]);
  });

  it('leads to the portable executor once, however many kernels fail together', async () => {
    const lab = setUp();
    const error = new ExecutorError('too large for this card');
    expect(await Promise.all([lab.recovery.isEngineLost(error), lab.recovery.isEngineLost(error)])).toEqual([
      true,
      true,
    ]);
    await lab.recovery.settled();
    expect(lab.reasons).toEqual(['The fused executor stopped']);
    expect(lab.events).toMatchObject([
      { data: { info: { executor: 'portable' }, error: { code: 'engine/executor' } } },
    ]);
  });

  it.each([
    ['running', ['Out of memory']],
    ['paused', []],
  ] as const)('ends what runs when the card refuses memory to the portable executor: %s', (status, ends) => {
    const lab = setUp({ executor: 'portable', status });
    lab.recovery.stumble('Out of memory');
    expect(lab.ends).toEqual(ends);
    expect(lab.reasons).toEqual([]);
  });
});
