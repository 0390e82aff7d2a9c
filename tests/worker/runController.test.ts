import { describe, expect, it } from 'vitest';
import type { CheckpointInfo, PpoPhase, RunKind } from '../../src/contract/domain';
import { LabError } from '../../src/contract/errors';
import type { Event } from '../../src/contract/protocol';
import type { CausalNetwork } from '../../src/core/model/causalNetwork';
import type { Driver, Progress, RunMemory, SavedModel } from '../../src/worker/driver';
import { type Host, RunController } from '../../src/worker/runController';

const PHASES: PpoPhase[] = ['rollout', 'evaluation', 'optimisation'];

/** Counts pulls; PPO goes through its phases. */
class ScriptedDriver implements Driver {
  step = 0;
  phase: PpoPhase | null;
  readonly parents = [];
  readonly labels = [];
  readonly network = { executor: 'portable' } as CausalNetwork; // snapshots note whose rounding its numbers have
  saves: number[] = [];
  disposed = false;
  inNext = 0;
  /** called in every pull */
  onNext: () => void | Promise<void> = () => {};
  /** of every pull; between them the controller may hold it */
  slices = 1;
  /** that were begun, of all pulls */
  begun = 0;
  betweenSlices: () => Promise<void> = async () => {};
  /** of the first and of all later slices of an optimisation, as PPO learns */
  learns = false;
  isWhole = true;
  constructor(
    readonly kind: RunKind = 'pretrain',
    readonly totalSteps = 10,
  ) {
    this.phase = kind === 'ppo' ? 'rollout' : null;
  }
  async next(): Promise<Progress | null> {
    if (this.step >= this.totalSteps) return null;
    this.inNext++;
    for (let slice = 0; slice < this.slices; slice++) {
      if (slice > 0) {
        this.inNext--;
        this.isWhole = !this.learns || this.phase !== 'optimisation';
        await this.betweenSlices();
        this.isWhole = true;
        this.inNext++;
      }
      this.begun++;
      await this.onNext();
    }
    this.inNext--;
    if (this.phase !== null) {
      const next = PHASES[(PHASES.indexOf(this.phase) + 1) % 3] as PpoPhase;
      const last = this.phase === 'optimisation';
      this.phase = next;
      if (!last) return { values: null };
    }
    this.step++;
    return { values: { 'train/loss': this.step } };
  }
  async show(): Promise<void> {}
  batch = async () => null;
  watch(): void {}
  adjust(): void {}
  async save(memory: RunMemory): Promise<Uint8Array> {
    expect([this.inNext, this.isWhole], 'saved within a step').toEqual([0, true]);
    this.saves.push(this.step);
    return new TextEncoder().encode(JSON.stringify({ step: this.step, memory }));
  }
  async keep(): Promise<SavedModel> {
    expect([this.inNext, this.isWhole], 'kept within a step').toEqual([0, true]);
    return { info: { checkpointId: `made at ${this.step}` } as CheckpointInfo, bytes: new Uint8Array([this.step]) };
  }
  async dispose(): Promise<void> {
    this.disposed = true;
  }
}

function setUp(driver = new ScriptedDriver()) {
  const events: Event[] = [];
  const clock = { now: 0, perStep: 10, lost: false };
  const base = driver.onNext;
  driver.onNext = async () => {
    clock.now += clock.perStep;
    await base();
  };
  const host: Host = {
    emit: (event, data) => void events.push({ event, data } as Event),
    now: () => clock.now,
    breathe: () => new Promise((resolve) => setTimeout(resolve, 0)),
    isEngineLost: async () => clock.lost,
    account: () => null,
  };
  const run = new RunController('run', driver, host);
  const of = <K extends Event['event']>(kind: K) =>
    events.filter((event) => event.event === kind).map((event) => event.data) as Extract<Event, { event: K }>['data'][];
  return { run, driver, events, of, clock };
}

/** gives up after so many turns: a run that ended otherwise is told by the test, not by a process that hangs */
const until = async (condition: () => boolean): Promise<void> => {
  for (let turn = 0; !condition(); turn++) {
    if (turn > 20_000) throw new Error('it never came to that');
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
};

describe('the run controller', () => {
  it('plays to the end, tells every number once and leaves a checkpoint', async () => {
    const { run, events, of } = setUp();
    expect(run.state.status).toBe('idle');
    run.play();
    await until(() => run.state.status === 'done');
    expect(of('run/metrics').flatMap(({ points }) => points.map((point) => point.step))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(run.state).toMatchObject({ checkpointId: 'made at 10', step: 10, elapsedMs: 100 });
    expect(events.slice(-2)).toMatchObject([
      { event: 'shelf/saved', data: { info: { checkpointId: 'made at 10' }, isResult: true } },
      { event: 'run/state', data: { status: 'done', checkpointId: 'made at 10' } },
    ]);
    expect(of('run/snapshot'), 'a run that is over goes on from nowhere').toEqual([]);
  });

  it('batches numbers to ten events a second', async () => {
    const { run, of, clock } = setUp(new ScriptedDriver('pretrain', 100));
    clock.perStep = 7;
    run.play();
    await until(() => run.state.status === 'done');
    expect(of('run/metrics').length).toBeLessThanOrEqual(10);
  });

  it('pauses after the step in hand and counts no time while paused', async () => {
    const { run, clock, driver } = setUp(new ScriptedDriver('pretrain', 1000));
    run.play();
    await until(() => driver.step >= 3);
    const { status, step, elapsedMs } = await run.pause();
    expect([status, elapsedMs]).toEqual(['paused', step * 10]);
    clock.now += 5000;
    await run.step();
    expect(run.state).toMatchObject({ status: 'paused', step: step + 1, elapsedMs: (step + 1) * 10 });
  });

  it('counts what the device does between two steps while it plays', async () => {
    const driver = new ScriptedDriver('pretrain', 5);
    const { run, clock } = setUp(driver);
    driver.show = async () => {
      clock.now += 40; // a picture waits behind the steps in flight
    };
    run.play();
    await until(() => run.state.status === 'done');
    expect(run.state.elapsedMs).toBe(5 * 10 + 4 * 40);
  });

  it('goes on when play is pressed while a pause is being carried out', async () => {
    const { run, driver } = setUp(new ScriptedDriver('pretrain', 60));
    run.play();
    await until(() => driver.step >= 2);
    const paused = run.pause();
    run.play();
    await paused;
    await until(() => run.state.status === 'done');
    expect(driver.step).toBe(60);
  });

  it('plays on, and says so, when play is pressed during a single step', async () => {
    const { run, of } = setUp(new ScriptedDriver('pretrain', 4));
    const stepped = run.step();
    await Promise.resolve();
    run.play();
    await stepped;
    await until(() => run.state.status === 'done');
    const told = of('run/state').map(({ status, step }) => `${status} ${step}`);
    expect(told.filter((state) => !state.startsWith('running'))).toEqual(['done 4']);
  });

  it('lets everyone go who waits for a pause when play is pressed meanwhile', async () => {
    const driver = new ScriptedDriver('pretrain', 1000);
    let release = () => {};
    const { run } = setUp(driver);
    run.play();
    await until(() => driver.step >= 2);
    driver.onNext = () => new Promise((resolve) => (release = resolve));
    await until(() => driver.inNext === 1);
    const pauses = [run.pause(), run.pause()];
    run.play();
    expect((await Promise.all(pauses)).map(({ status }) => status)).toEqual(['running', 'running']);
    release();
    driver.onNext = () => {};
    await run.dispose();
  });

  it('pauses by itself at the step it is asked to play until, for PPO between two iterations, and says so last', async () => {
    for (const kind of ['pretrain', 'ppo'] as const) {
      const { run, driver, of } = setUp(new ScriptedDriver(kind, 10));
      run.play(4);
      await until(() => run.state.status === 'paused');
      expect([driver.step, driver.phase]).toEqual([4, kind === 'ppo' ? 'rollout' : null]);
      expect(of('run/state').at(-1)).toMatchObject({ status: 'paused', step: 4 });
      expect(of('run/metrics').flatMap(({ points }) => points.map(({ step }) => step))).toEqual([1, 2, 3, 4]);
      expect(run.play(4).status, 'it stands there already').toBe('paused');
      expect(run.play(3).status).toBe('paused');
      run.play(6);
      await until(() => run.state.status === 'paused' && driver.step === 6);
      run.play();
      await until(() => run.state.status === 'done');
      expect(driver.step).toBe(10);
    }
  });

  it('is done, not paused, when it is asked to play until its end or further', async () => {
    const { run } = setUp();
    run.play(99);
    await until(() => run.state.status !== 'running');
    expect(run.state).toMatchObject({ status: 'done', step: 10 });
  });

  it('steps through PPO one phase at a time and saves only between iterations', async () => {
    const { run, driver, of } = setUp(new ScriptedDriver('ppo', 3));
    const phases = [];
    for (let i = 0; i < 4; i++) phases.push((await run.step()).phase);
    expect(phases).toEqual(['evaluation', 'optimisation', 'rollout', 'evaluation']);
    expect(driver.saves).toEqual([0, 1]);
    expect(of('run/snapshot').at(-1)?.step).toBe(1);
    expect(run.state.message).toBe('Paused before evaluation.');
  });

  it('saves and keeps only between two pulls while it plays', async () => {
    const driver = new ScriptedDriver('pretrain', 500);
    driver.onNext = () => new Promise((resolve) => setTimeout(resolve, 1));
    const { run, of } = setUp(driver);
    run.play();
    await until(() => driver.step >= 2);
    const [bytes, info] = await Promise.all([run.save(), run.keep()]);
    expect(JSON.parse(new TextDecoder().decode(bytes)).step).toBeGreaterThanOrEqual(2);
    expect(info.checkpointId).toMatch(/made at/);
    expect(of('shelf/saved')).toMatchObject([{ info, isResult: false }]);
    expect(run.state.status).toBe('running');
    await run.dispose();
  });

  it('stores a snapshot before 15 s of running have passed, however long a step takes', async () => {
    const { run, of, clock } = setUp(new ScriptedDriver('pretrain', 40));
    clock.perStep = 4000;
    const stamps: number[] = [0];
    run.play();
    let seen = 0;
    await until(() => {
      if (of('run/snapshot').length > seen) stamps.push(clock.now);
      seen = of('run/snapshot').length;
      return run.state.status === 'done';
    });
    expect(Math.max(...stamps.slice(1).map((stamp, i) => stamp - (stamps[i] ?? 0)))).toBeLessThanOrEqual(15_000);
  });

  it('stores a small snapshot every few seconds, and a large one as seldom as it may', async () => {
    const gaps = async (bytes: number) => {
      const driver = new ScriptedDriver('pretrain', 100);
      driver.save = async () => new Uint8Array(bytes);
      const { run, of, clock } = setUp(driver);
      clock.perStep = 500;
      const stamps: number[] = [];
      run.play();
      let seen = 0;
      await until(() => {
        if (of('run/snapshot').length > seen) stamps.push(clock.now);
        seen = of('run/snapshot').length;
        return run.state.status === 'done';
      });
      return stamps.slice(1, -1).map((stamp, i) => stamp - stamps[i]!);
    };
    const [small, middle, large] = [await gaps(1000), await gaps(4_000_000), await gaps(50_000_000)];
    expect(Math.max(...small)).toBeLessThanOrEqual(4500);
    expect(Math.min(...middle)).toBeGreaterThanOrEqual(7000);
    expect(Math.max(...middle)).toBeLessThanOrEqual(9000);
    expect(Math.min(...large)).toBeGreaterThanOrEqual(12_500);
    expect(Math.max(...large)).toBeLessThanOrEqual(14_500);
  });

  it.each([
    ['run/klCeiling', 'stopped'],
    ['run/nonFinite', 'failed'],
  ] as const)('ends with the sentence of %s and keeps the last good snapshot', async (code, status) => {
    const driver = new ScriptedDriver();
    driver.onNext = () => {
      if (driver.step === 4) throw new LabError(code, 'objective/kl ran away');
    };
    const { run, of } = setUp(driver);
    run.play();
    await until(() => run.state.status === status);
    expect(run.state.message).toBe('objective/kl ran away');
    expect(of('run/failed')).toMatchObject([{ runId: 'run', error: { code } }]);
    expect(of('run/snapshot').at(-1)?.step).toBe(4);
    expect((await run.step()).status).toBe(status);
    expect(JSON.parse(new TextDecoder().decode(await run.save())).step).toBe(4);
  });

  it('says nothing more once disposed', async () => {
    const { run, driver, events } = setUp(new ScriptedDriver('pretrain', 1000));
    run.play();
    await until(() => driver.step >= 2);
    const gone = run.dispose();
    const told = events.length;
    await gone;
    expect(driver.disposed).toBe(true);
    expect(events.length).toBe(told);
  });

  it('leaves a lost engine to the session, and goes on with the driver it is given', async () => {
    const driver = new ScriptedDriver();
    let isLost = false;
    driver.onNext = () => {
      isLost = driver.step === 3;
      if (isLost) throw new Error('device lost');
    };
    const { run, of, clock } = setUp(driver);
    clock.lost = true;
    run.play();
    await until(() => isLost);
    await run.pause();
    expect(of('run/failed')).toEqual([]);
    const next = new ScriptedDriver();
    next.step = 2;
    run.replaceDriver(next, 'Moved to wasm.');
    expect(run.state).toMatchObject({ status: 'paused', step: 2, message: 'Moved to wasm.' });
    run.play();
    await until(() => run.state.status === 'done');
    expect(next.step).toBe(10);
    const steps = of('run/metrics').flatMap(({ points }) => points.map(({ step }) => step));
    expect(steps, 'what was computed after the snapshot is told once').toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('pulls no driver of a lost engine, and does what it was asked meanwhile with the one that arrives', async () => {
    const driver = new ScriptedDriver();
    driver.onNext = () => {
      throw new Error('device lost');
    };
    const { run, clock } = setUp(driver);
    clock.lost = true;
    let pulls = 0;
    const pull = driver.next.bind(driver);
    driver.next = () => {
      pulls++;
      return pull();
    };
    const states = await Promise.all([run.step(), run.step(), run.pause()]);
    expect(states.map(({ status }) => status)).toEqual(['idle', 'idle', 'idle']);
    expect(run.play().status).toBe('idle');
    expect(pulls).toBe(1);
    const saving = run.save();
    const next = new ScriptedDriver();
    next.step = 2;
    run.replaceDriver(next, 'Moved to wasm.');
    expect(JSON.parse(new TextDecoder().decode(await saving)).step).toBe(2);
    expect(driver.saves).toEqual([]);
    expect((await run.step()).step).toBe(3);
  });

  it('frees the driver that arrives after it was disposed of', async () => {
    const { run, of } = setUp();
    await run.dispose();
    const next = new ScriptedDriver();
    run.replaceDriver(next, 'Moved to wasm.');
    expect(next.disposed).toBe(true);
    expect(of('run/state')).toEqual([]);
  });

  it('refuses what waits for a lost engine when it is disposed of', async () => {
    const driver = new ScriptedDriver();
    driver.onNext = () => {
      throw new Error('device lost');
    };
    const { run, clock } = setUp(driver);
    clock.lost = true;
    await run.step();
    const refused = expect(run.save()).rejects.toMatchObject({ code: 'run/missingInput' });
    await run.dispose();
    await refused;
  });

  it('ends at once when what it computes with is gone', async () => {
    const { run, driver, of } = setUp(new ScriptedDriver('pretrain', 1000));
    run.play();
    await until(() => driver.step >= 3);
    run.end(new Error('GPUOutOfMemoryError: Out of memory'));
    expect(run.state.status).toBe('failed');
    expect(of('run/failed')).toMatchObject([{ error: { code: 'engine/outOfMemory' } }]);
    const { step } = driver;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(driver.step).toBeLessThanOrEqual(step + 1);
    await run.dispose();
  });

  describe('in the middle of a pull', () => {
    /** a run that was paused after its first slices */
    async function held(slices = 100) {
      const driver = new ScriptedDriver('ppo', 2);
      driver.slices = slices;
      const made = setUp(driver);
      made.run.play();
      await until(() => driver.begun >= 3);
      const state = await made.run.pause();
      return { ...made, state, begun: driver.begun };
    }
    const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

    it('pauses after the slice in hand, and stands still until someone presses play', async () => {
      const { run, driver, state, begun, of } = await held();
      expect(state).toMatchObject({ status: 'paused', step: 0, phase: 'rollout' });
      expect(begun).toBeLessThan(10);
      expect((await run.pause()).status).toBe('paused');
      await soon();
      expect(driver.begun).toBe(begun);
      run.play();
      await until(() => run.state.status === 'done');
      expect(driver.begun, 'no slice is done twice').toBe(2 * 3 * 100);
      expect(of('run/metrics').flatMap(({ points }) => points.map(({ step }) => step))).toEqual([1, 2]);
    });

    it('pauses again and again, and counts no time while it stands', async () => {
      const { run, driver, clock } = await held();
      for (let i = 0; i < 3; i++) {
        clock.now += 5000;
        run.play();
        const { begun } = driver;
        await until(() => driver.begun > begun + 1);
        expect((await run.pause()).status).toBe('paused');
      }
      run.play();
      await until(() => run.state.status === 'done');
      expect(run.state.elapsedMs).toBe(2 * 3 * 100 * clock.perStep);
    });

    it('saves the run as it stood before, keeps it, and stores it when it pauses', async () => {
      const { run, driver, of } = await held();
      expect(driver.saves).toEqual([0]);
      expect(of('run/snapshot').at(-1)?.step).toBe(0);
      const [bytes, info] = await Promise.all([run.save(), run.keep()]);
      expect(JSON.parse(new TextDecoder().decode(bytes)).step).toBe(0);
      expect(info.checkpointId).toBe('made at 0');
      expect(run.state.status).toBe('paused');
      await run.dispose();
    });

    it('finishes the phase, and no more, when a step is asked for', async () => {
      const { run, driver } = await held();
      expect(await run.step()).toMatchObject({ status: 'paused', phase: 'evaluation' });
      expect(driver.begun).toBe(100);
      expect(await run.step()).toMatchObject({ status: 'paused', phase: 'optimisation' });
      run.play();
      await until(() => run.state.status === 'done');
    });

    it('goes on when play is pressed before it stands', async () => {
      const driver = new ScriptedDriver('ppo', 2);
      driver.slices = 100;
      const { run } = setUp(driver);
      run.play();
      await until(() => driver.begun >= 3);
      const paused = run.pause();
      run.play();
      expect((await paused).status).toBe('running');
      await until(() => run.state.status === 'done');
      expect(driver.begun).toBe(2 * 3 * 100);
    });

    it('gives the rest up when it is disposed of, standing or not, and says nothing of it', async () => {
      const standing = await held();
      await standing.run.dispose();
      const running = setUp(new ScriptedDriver('ppo', 2));
      running.driver.slices = 1_000_000;
      running.run.play();
      await until(() => running.driver.begun >= 3);
      await running.run.dispose();
      for (const { driver, of } of [standing, running]) {
        expect(driver.disposed).toBe(true);
        expect(driver.begun).toBeLessThan(10);
        expect(of('run/failed')).toEqual([]);
      }
    });

    it('saves and keeps between two slices while it plays', async () => {
      const driver = new ScriptedDriver('ppo', 2);
      driver.slices = 100;
      const { run } = setUp(driver);
      run.play();
      await until(() => driver.begun >= 3);
      const [, info] = await Promise.all([run.save(), run.keep()]);
      expect(info.checkpointId).toBe('made at 0');
      expect(driver.begun, 'not only after the phase').toBeLessThan(10);
      expect(run.state.status).toBe('running');
      await run.dispose();
    });

    describe('that has learned something already', () => {
      /** a run that was paused among the updates of its second iteration */
      async function heldLearning() {
        const driver = new ScriptedDriver('ppo', 3);
        Object.assign(driver, { slices: 20, learns: true });
        const made = setUp(driver);
        made.run.play();
        await until(() => driver.begun >= 60 + 40 + 3);
        const state = await made.run.pause();
        return { ...made, state, begun: driver.begun };
      }

      it('stands still, and says from where a reload goes on', async () => {
        const { run, driver, state, begun, of } = await heldLearning();
        expect(state).toMatchObject({ status: 'paused', step: 1, phase: 'optimisation' });
        expect(begun).toBeLessThan(60 + 40 + 10);
        const stored = of('run/snapshot').at(-1)!;
        expect(JSON.parse(new TextDecoder().decode(stored.bytes)).step).toBe(stored.step);
        expect(stored.step).toBeLessThanOrEqual(1);
        expect(state.message).toBe(`Paused within optimisation; a reload goes on from iteration ${stored.step}.`);
        expect(await run.save(), 'half of an iteration is never saved').toEqual(stored.bytes);
        await soon();
        expect(driver.begun).toBe(begun);
        run.play();
        await until(() => run.state.status === 'done');
        expect(driver.begun, 'no slice is done twice').toBe(3 * 3 * 20);
        expect(of('run/metrics').flatMap(({ points }) => points.map(({ step }) => step))).toEqual([1, 2, 3]);
      });

      it('keeps the model that the iteration ends with', async () => {
        const { run, driver } = await heldLearning();
        const kept = await Promise.all([run.keep(), run.keep()]);
        expect(kept.map(({ checkpointId }) => checkpointId)).toEqual(['made at 2', 'made at 2']);
        expect(run.state).toMatchObject({ status: 'paused', step: 2, phase: 'rollout' });
        expect(driver.begun).toBe(2 * 60);
      });

      it('finishes the iteration first for whoever asked for its model before the pause', async () => {
        const driver = new ScriptedDriver('ppo', 3);
        Object.assign(driver, { slices: 20, learns: true });
        const { run } = setUp(driver);
        run.play();
        await until(() => driver.begun >= 43);
        const [info] = await Promise.all([run.keep(), run.pause()]);
        expect(info.checkpointId).toBe('made at 1');
        expect(run.state).toMatchObject({ status: 'paused', step: 1 });
      });

      it('lets nobody who stores it wait, and pauses meanwhile all the same', async () => {
        const driver = new ScriptedDriver('ppo', 3);
        Object.assign(driver, { slices: 200, learns: true });
        const { run } = setUp(driver);
        run.play();
        await until(() => driver.begun >= 2 * 200 + 3);
        const [bytes, { status, phase }] = await Promise.all([run.save(), run.pause()]);
        expect(JSON.parse(new TextDecoder().decode(bytes)).step).toBe(0);
        expect([status, phase]).toEqual(['paused', 'optimisation']);
        expect(driver.begun, 'long before the iteration ends').toBeLessThan(2 * 200 + 20);
      });

      it('has a snapshot to go back to even when no other was due', async () => {
        const driver = new ScriptedDriver('ppo', 3);
        Object.assign(driver, { slices: 20, learns: true });
        const { run, clock, of } = setUp(driver);
        clock.perStep = 0;
        run.play();
        await until(() => driver.begun >= 43);
        await run.pause();
        expect(of('run/snapshot').at(-1)?.step).toBe(0);
      });
    });

    it('gives the rest up for the driver that arrives, which begins the phase anew', async () => {
      const { run, driver, begun, of } = await held();
      const next = new ScriptedDriver('ppo', 2);
      run.replaceDriver(next, 'Moved to wasm.');
      expect(run.state).toMatchObject({ status: 'idle', step: 0, message: 'Moved to wasm.' });
      run.play();
      await until(() => run.state.status === 'done');
      expect([driver.begun, next.begun]).toEqual([begun, 6]);
      expect(of('run/failed')).toEqual([]);
    });
  });

  it('knows that a restored run is over', () => {
    const driver = new ScriptedDriver();
    driver.step = 10;
    const host: Host = {
      emit: () => {},
      now: () => 0,
      breathe: async () => {},
      isEngineLost: async () => false,
      account: () => null,
    };
    const memory = { elapsedMs: 5, latest: {}, checkpointId: 'made' };
    expect(new RunController('run', driver, host, memory).play()).toMatchObject({
      status: 'done',
      checkpointId: 'made',
      elapsedMs: 5,
    });
  });
});
