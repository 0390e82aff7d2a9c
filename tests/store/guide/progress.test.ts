import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../src/contract/observations';
import {
  beginning,
  keptRows,
  type LessonEvent,
  minutesLeft,
  NOTHING_CAME,
  phaseOf,
  played,
  stepAfter,
  stepAt,
} from '../../../src/store/guide/progress';
import { holds, numberIn, type Reading } from '../../../src/store/guide/readings';
import { lessonOf, WAY } from './lesson';

const points = (...gold: number[]): MetricPoint[] =>
  gold.map((value, i) => ({ step: i + 1, elapsedMs: 0, values: { 'gold/score': value } }));
const IDLE: Reading = {
  seed: 3,
  votes: 0,
  step: 0,
  history: [],
  control: null,
  forkAt: null,
  facts: {},
  pressed: [],
  answered: [],
};
const news = (fields: Partial<Reading>, over = false): LessonEvent => ({
  kind: 'news',
  reading: { ...IDLE, ...fields },
  over,
});
const LESSON = lessonOf(WAY);
const then = (...events: LessonEvent[]) =>
  events.reduce((progress, event) => played(LESSON, progress, event), beginning(LESSON));
const NEXT = { kind: 'next' } as const;
const UP = { kind: 'answer', answer: 'up' } as const;

describe('a lesson as it goes on', () => {
  it('lets a step be left that is only read, and holds one until its condition is met', () => {
    expect(phaseOf(LESSON, beginning(LESSON))).toBe('told');
    expect(then(NEXT, NEXT).at).toBe('vote');
    expect(then(NEXT, news({ votes: 2 }), NEXT).at).toBe('vote');
    expect(then(NEXT, news({ votes: 3 }), NEXT).at).toBe('guess');
  });

  it('asks before anything may move, and keeps the answer once something has', () => {
    const asked = [NEXT, news({ votes: 3 }), NEXT, UP, news({}), NEXT] as const;
    expect(phaseOf(LESSON, then(...asked))).toBe('ask');
    expect(then(...asked, news({ step: 9 }))).toEqual(then(...asked)); // nothing counts before the answer
    expect(then(...asked, UP, { kind: 'answer', answer: 'down' }).guesses.train).toBe('down');
    expect(then(...asked, UP, news({ step: 1 }), { kind: 'answer', answer: 'down' }).guesses.train).toBe('up');
    expect(then(...asked, { kind: 'answer', answer: 'sideways' })).toEqual(then(...asked));
  });

  it('tells what came by the first condition that holds, and that nothing did', () => {
    const asked = [NEXT, news({ votes: 3 }), NEXT, UP, news({}), NEXT, UP] as const;
    const done = then(...asked, news({ step: 4, votes: 7 }));
    expect([phaseOf(LESSON, done), done.came.train]).toEqual(['told', NOTHING_CAME]);
    expect(done.kept).toEqual({ 'train/votes': 7 });
    expect(keptRows(LESSON, done)).toEqual([{ step: LESSON.steps[3], name: 'votes', value: 7 }]);
    expect(then(...asked, news({ step: 4, votes: 7 }), news({ step: 9, votes: 9 }))).toEqual(done);
  });

  it('goes back without forgetting, ends once, and begins again with nothing', () => {
    const done = then(NEXT, news({ votes: 3 }));
    const back = played(LESSON, done, { kind: 'back' });
    expect(back).toMatchObject({ at: 'read', came: done.came, way: [] });
    expect(played(LESSON, back, { kind: 'back' })).toBe(back);
    expect(phaseOf(LESSON, played(LESSON, back, NEXT))).toBe('told');
    expect(played(LESSON, done, { kind: 'again' })).toEqual(beginning(LESSON));
    const short = lessonOf([WAY[0]!]);
    const ended = played(short, beginning(short), NEXT);
    expect(ended.isDone).toBe(true);
    expect(played(short, ended, NEXT)).toBe(ended);
  });

  it('follows next over the steps in between, and counts the minutes of that way', () => {
    const lesson = lessonOf([
      { id: 'a', place: 'start', next: 'c' },
      { id: 'b', place: 'start', minutes: 9 },
      { id: 'c', place: 'start', minutes: 4 },
    ]);
    expect(played(lesson, beginning(lesson), NEXT).at).toBe('c');
    expect(minutesLeft(lesson, beginning(lesson))).toBe(5);
  });

  it('finds its first step again in a lesson that was changed under it', () => {
    expect(stepAt(LESSON, { ...beginning(LESSON), at: 'gone' }).id).toBe('read');
  });

  it('never goes on before a step is told, whatever happens in whichever order, and never changes what came', () => {
    const event = fc.oneof(
      fc.constantFrom<LessonEvent>(NEXT, { kind: 'back' }, UP, { kind: 'answer', answer: 'down' }),
      fc
        .record({ votes: fc.nat(5), step: fc.nat(9), over: fc.boolean() })
        .map(({ over, ...fields }) => news(fields, over)),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let progress = beginning(LESSON);
        for (const one of events) {
          const next = played(LESSON, progress, one);
          if (next.at !== progress.at && one.kind === 'next') {
            expect(phaseOf(LESSON, progress)).toBe('told');
            expect(next.at).toBe(stepAfter(LESSON, stepAt(LESSON, progress))?.id);
          }
          expect(next).toMatchObject({ came: progress.came, kept: progress.kept });
          for (const id of Object.keys(progress.came)) expect(next.guesses[id]).toBe(progress.guesses[id]);
          progress = next;
        }
      }),
    );
  });
});

describe('numbers and conditions', () => {
  const history = points(0, 1, 1, 1, -1, -1, -1);
  const reading: Reading = { ...IDLE, votes: 12, step: 7, history, control: points(0, 2, 2, 2), forkAt: 4 };

  it('are means of the last three measurements, at the end and at the fork', () => {
    const of = (name: string) => numberIn(reading, name);
    expect([of('gold.start'), of('gold.fork'), of('gold.end'), of('control.gold.end')]).toEqual([0, 1, -1, 2]);
    expect([of('votes'), of('step'), of('seed'), of('length.end'), of('nothing')]).toEqual([
      12,
      7,
      3,
      Number.NaN,
      Number.NaN,
    ]);
  });

  it('are the last look at held-out cases, as the page shows it, with the two ends of its interval', () => {
    const look = (accuracy: number, heldOut: number, step: number): MetricPoint => ({
      step,
      elapsedMs: 0,
      values: { 'reward/accuracy': accuracy, 'eval/heldOut': heldOut, 'reward/trainAccuracy': accuracy },
    });
    const judged: Reading = { ...IDLE, history: [look(0.2, 20, 1), look(0.5, 20, 2), look(0.8, 20, 3)] };
    expect([numberIn(judged, 'accuracy.end'), numberIn(judged, 'heldOut.end')]).toEqual([0.8, 20]);
    expect(holds({ metric: 'reward/accuracy', atLeast: 0.8 }, judged)).toBe(true);
    // Wilson of 16 of 20 by hand: (0.8960 ± 0.1999) / 1.1921
    expect(numberIn(judged, 'accuracy.low')).toBeCloseTo(0.584, 4);
    expect(numberIn(judged, 'accuracy.high')).toBeCloseTo(0.9193, 4);
    expect(numberIn(judged, 'sides.low')).toBeNaN();
  });

  it('hold at their bounds as they say, and never of what was not measured', () => {
    expect(holds({ change: 'gold/score', from: 'fork', atMost: -2 }, reading)).toBe(true);
    expect(holds({ change: 'gold/score', from: 'fork', below: -2 }, reading)).toBe(false);
    expect(holds({ change: 'gold/score', from: 'control', atLeast: -3, above: -4 }, reading)).toBe(true);
    expect(holds({ share: 'gold/score', of: 'fork', below: 0 }, reading)).toBe(true);
    expect(holds({ metric: 'iteration', atLeast: 7 }, reading)).toBe(true);
    expect(holds({ metric: 'completion/length', atMost: 1e9 }, reading)).toBe(false);
    expect(holds({ votes: 13 }, reading)).toBe(false);
    expect(holds({ pressed: 'train' }, { ...reading, pressed: ['train'] })).toBe(true);
    expect(holds({ answered: 'read' }, reading)).toBe(false);
  });
});
