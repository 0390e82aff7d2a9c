import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../src/contract/domain';
import * as moves from '../../src/worker/activity';

type Activity = moves.Activity;
type Name = Activity['name'];

const EVERY: Record<Name, Activity> = {
  idle: { name: 'idle' },
  paused: { name: 'paused' },
  stepping: { name: 'stepping', from: 'idle' },
  running: { name: 'running', until: 7 },
  pausing: { name: 'pausing', resumed: Promise.resolve(), resume: () => {} },
  stalled: { name: 'stalled', seen: 'running' },
  done: { name: 'done' },
  stopped: { name: 'stopped' },
  failed: { name: 'failed' },
  abandoned: { name: 'abandoned' },
  disposed: { name: 'disposed' },
};
const MOVES = {
  play: (now: Activity) => moves.play(now, null),
  pause: moves.pause,
  step: moves.step,
  rest: moves.rest,
  finish: moves.finish,
  stop: moves.stop,
  fail: moves.fail,
  stall: moves.stall,
  abandon: moves.abandon,
  arrive: (now: Activity) => moves.arrive(now, 3),
  dispose: moves.dispose,
};

/** where each move leads from where; it leads nowhere from anywhere else */
const LEADS: Record<keyof typeof MOVES, Partial<Record<Name, Name>>> = {
  play: { idle: 'running', paused: 'running', stepping: 'running', running: 'running', pausing: 'running' },
  pause: { running: 'pausing' },
  step: { idle: 'stepping', paused: 'stepping' },
  rest: { stepping: 'paused', pausing: 'paused' },
  finish: { stepping: 'done', running: 'done', pausing: 'done' },
  stop: { stepping: 'stopped', running: 'stopped', pausing: 'stopped' },
  fail: { stepping: 'failed', running: 'failed', pausing: 'failed' },
  stall: { stepping: 'stalled', running: 'stalled', pausing: 'stalled' },
  abandon: {
    idle: 'abandoned',
    paused: 'abandoned',
    stepping: 'abandoned',
    running: 'abandoned',
    pausing: 'abandoned',
    stalled: 'abandoned',
  },
  arrive: {
    idle: 'paused',
    paused: 'paused',
    stepping: 'paused',
    running: 'paused',
    pausing: 'paused',
    stalled: 'paused',
  },
  dispose: Object.fromEntries(Object.keys(EVERY).map((name) => [name, 'disposed'])),
};

describe('what a run is doing', () => {
  it.each(Object.keys(MOVES) as (keyof typeof MOVES)[])('follows the table of moves: %s', (move) => {
    const found = Object.values(EVERY).map((now) => [now.name, MOVES[move](now).name]);
    const wanted = Object.values(EVERY).map((now) => [now.name, LEADS[move][now.name] ?? now.name]);
    expect(found).toEqual(wanted);
  });

  it('stays the very same where a move leads nowhere', () => {
    for (const move of [moves.pause, moves.step, moves.rest, moves.fail]) expect(move(EVERY.done)).toBe(EVERY.done);
  });

  it('begins afresh with a driver that has done no step', () => {
    expect(moves.arrive(EVERY.stalled, 0)).toEqual({ name: 'idle' });
  });

  it('looks to the page as before while one step is done, while a pause is carried out and while the engine is lost', () => {
    const seen = (...way: ((now: Activity) => Activity)[]): RunStatus =>
      moves.statusOf(way.reduce((now, move) => move(now), EVERY.paused));
    expect(seen(moves.step)).toBe('paused');
    expect(seen(moves.step, moves.stall)).toBe('paused');
    expect(seen(MOVES.play, moves.pause)).toBe('running');
    expect(seen(MOVES.play, moves.pause, moves.stall)).toBe('running');
    expect(seen(MOVES.play, moves.abandon)).toBe('failed');
  });

  it('lets go whoever waits for a pause that is taken back', async () => {
    const now = moves.pause(EVERY.running);
    if (now.name !== 'pausing') throw new Error(now.name);
    now.resume();
    await expect(now.resumed).resolves.toBeUndefined();
  });
});
