/** The way of a number in words, on curves that no run of the lessons had: short ones, level ones, steps. */
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/lessons/breakIt/facts';
import { turnWords } from '../../src/lessons/breakIt/turnWords';
import { courseWords } from '../../src/lessons/guided/words';
import { numberIn, type Reading } from '../../src/store/guide/readings';
import type { LessonRecord } from '../../src/store/lessons/lessonState';
import { wayOf } from './ways';

const COURSES = { rose: 'rose', fell: 'fell', stayed: 'stayed', back: 'back from {top} at {at}' };
const historyOf = (golds: readonly number[]) =>
  golds.map((gold, i) => ({ step: i + 1, elapsedMs: 0, values: { 'gold/score': gold } }));

function course(...golds: number[]): string {
  const history = historyOf(golds);
  const reading: Reading = {
    seed: 1,
    votes: 0,
    step: history.length,
    history,
    control: null,
    forkAt: null,
    pressed: [],
    facts: {},
    answered: [],
  };
  const moments = ['start', 'end', 'peak', 'peakAt'].map((moment) => `gold.${moment}`);
  return courseWords(COURSES, 'gold', Object.fromEntries(moments.map((name) => [name, numberIn(reading, name)])));
}
const line = (count: number, of: (share: number) => number) =>
  Array.from({ length: count }, (_, i) => of(i / Math.max(1, count - 1)));

describe('the way of a number', () => {
  it.each([2, 3, 4, 5, 6, 7, 11, 12, 30])('of %i points that only rise is no way back', (count) => {
    expect(course(...line(count, (share) => 2 * share))).toBe('rose');
    expect(course(...line(count, (share) => 2 - 2 * share))).toBe('fell');
  });

  it('is level for one point and for equal ones', () => {
    expect(course(0.5)).toBe('stayed');
    for (const count of [2, 5, 12, 30]) expect(course(...line(count, () => -1))).toBe('stayed');
  });

  it('did not stay where it fell clearly from in between, though it ends near where it began', () => {
    const golds = [...line(10, (share) => 0.3 + 0.2 * share), ...line(10, (share) => 0.5 - 0.42 * share)];
    expect(course(...golds, 0.08, 0.08, 0.08)).toMatch(/^back from \+0\.4\d at 1\d$/);
  });

  it('of a step is up or down', () => {
    expect(course(...line(20, (share) => (share < 0.5 ? 0 : 1)))).toBe('rose');
    expect(course(...line(20, (share) => (share < 0.5 ? 1 : 0)))).toBe('fell');
  });
});

describe('the turning point', () => {
  it('is not denied where gold was not measured', () => {
    const { drawn } = wayOf('leashOff');
    const arm = { totalSteps: 3, rows: [], accuracy: null, history: [{ step: 1, elapsedMs: 0, values: {} }] };
    const record = { status: 'done', forkAt: null, arms: { healthy: arm, broken: arm } } as unknown as LessonRecord;
    expect(turnWords(factsOf(record, drawn).broken, drawn, false)).toBe(
      'Gold was not measured in the broken run, so nothing says whether it turned.',
    );
  });
});
