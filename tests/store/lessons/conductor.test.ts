import { describe, expect, it } from 'vitest';
import type { RunState } from '../../../src/contract/protocol';
import { CalledOff, Conductor } from '../../../src/store/lessons/conductor';
import type { ThreadRun } from '../../../src/store/lessons/threadRun';

/** comes back paused at these steps, one after the other, and stays at the last */
function scripted(steps: readonly number[]): ThreadRun & { plays: number } {
  return {
    runId: 'run',
    totalSteps: 10,
    plays: 0,
    async playUntil() {
      const step = steps[Math.min(this.plays++, steps.length - 1)] as number;
      return {
        runId: 'run',
        kind: 'dpo',
        status: step >= 10 ? 'done' : 'paused',
        step,
        message: '',
      } as unknown as RunState;
    },
    pause: async () => {},
    adjust: async () => {},
    snapshot: async () => new Uint8Array(),
    dispose: async () => {},
  };
}

describe('the conductor', () => {
  it('plays on after every rest until the step that was asked for', async () => {
    const run = scripted([1, 1, 4, 4, 7]);
    expect((await new Conductor().play(run, 7)).step).toBe(7);
    expect(run.plays).toBe(5);
  });

  it('gives up on a run that comes back without a step again and again', async () => {
    const run = scripted([2]);
    await expect(new Conductor().play(run, 7)).rejects.toThrow('stands still at step 2');
    expect(run.plays).toBeLessThan(10);
  });

  it('does not take the halts of a visitor for standing still', async () => {
    const conductor = new Conductor();
    const run = scripted([2, 2, 2, 2, 2, 2, 10]);
    const playUntil = run.playUntil.bind(run);
    run.playUntil = async (step) => {
      await conductor.halt();
      conductor.go();
      return playUntil(step);
    };
    expect((await conductor.play(run, 10)).status).toBe('done');
  });

  it('lets everything go that was halted, however often', async () => {
    const conductor = new Conductor();
    await conductor.halt();
    const first = conductor.turn();
    await conductor.halt();
    const second = conductor.turn();
    conductor.go();
    await Promise.all([first, second]);
  });

  it('cannot be halted, nor made to go on, once it was called off', async () => {
    const conductor = new Conductor();
    await conductor.callOff();
    await conductor.halt();
    await expect(conductor.turn()).rejects.toThrow(CalledOff);
    conductor.go();
    await expect(conductor.turn()).rejects.toThrow(CalledOff);
  });

  it('stops between two plays once it was called off', async () => {
    const conductor = new Conductor();
    await conductor.callOff();
    await expect(conductor.play(scripted([1]), 5)).rejects.toThrow(CalledOff);
  });
});
