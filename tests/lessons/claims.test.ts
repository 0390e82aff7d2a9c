/**
 * What the sentences of the lessons claim, held against the curves of every seed that was recorded, by the plainest
 * arithmetic.
 */
import { describe, expect, it } from 'vitest';
import type { MetricId } from '../../src/contract/metrics';
import { factsOf } from '../../src/lessons/breakIt/facts';
import { turnWords } from '../../src/lessons/breakIt/turnWords';
import type { ArmName, LessonRecord } from '../../src/store/lessons/lessonState';
import { recordedSeeds } from './recorded';
import { WAYS, type Way } from './ways';

/** a sentence writes two decimals, or three digits of a large number */
const ROUNDING = 0.0051;

type Measured = { step: number; value: number };

const curve = (record: LessonRecord, arm: ArmName, id: MetricId): Measured[] =>
  record.arms[arm].history.flatMap(({ step, values }) =>
    values[id] === undefined ? [] : [{ step, value: values[id] }],
  );
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const first = (points: readonly Measured[]): number => points[0]!.value;
const lastThree = (points: readonly Measured[]): number => mean(points.slice(-3).map(({ value }) => value));
const until = (points: readonly Measured[], step: number): Measured[] => points.filter((point) => point.step <= step);

/** means over the two neighbours on either side, one or none where the curve has few points */
function averaged(points: readonly Measured[]): Measured[] {
  const reach = Math.min(2, Math.floor(points.length / 6));
  return points.map(({ step }, i) => ({
    step,
    value: mean(points.filter((_, j) => Math.abs(j - i) <= reach).map(({ value }) => value)),
  }));
}

const TEXTS = ['completion/length', 'completion/grammatical', 'completion/distinct2', 'completion/distinct'] as const;

/** everything that a sentence may quote of a record, as it was measured */
function quotable(record: LessonRecord, { drawn: { proxy } }: Way): number[] {
  const ids: MetricId[] = [proxy.metric, proxy.kl, 'gold/score', 'axis/gold', 'objective/kl', ...TEXTS];
  const of = (arm: ArmName) =>
    ids.flatMap((id) => {
      const points = curve(record, arm, id);
      const fork = record.forkAt === null ? [] : [lastThree(until(points, record.forkAt))];
      const looks = id.startsWith('axis/') ? [points.at(-1)?.value ?? Number.NaN] : []; // as the page shows it
      return points.length === 0 ? [] : [first(points), lastThree(points), ...looks, ...fork];
    });
  return [
    ...of('healthy'),
    ...of('broken'),
    ...averaged(curve(record, 'broken', 'gold/score')).map(({ value }) => value),
    ...averaged(curve(record, 'broken', proxy.metric)).map(({ value }) => value),
    ...Object.values(record.arms).flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy])),
  ];
}

const number = (text: string): number => Number(text.replace('−', '-').replace('+', ''));
const NUMBER = '[+−]?\\d+(?:\\.\\d+)?';
const near = (one: number, other: number): boolean =>
  Math.abs(one - other) <= Math.max(ROUNDING, 0.0051 * Math.abs(other) + 1e-9);

const every = (sentence: string, pattern: string): RegExpMatchArray[] => [
  ...sentence.matchAll(new RegExp(pattern, 'g')),
];

/** `start` is where the broken run went its own way, `end` the mean of its last three measurements */
interface Ends {
  start: number;
  end: number;
}
function endsOf(record: LessonRecord, id: MetricId): Ends {
  const points = curve(record, 'broken', id);
  return {
    start: record.forkAt === null ? first(points) : lastThree(until(points, record.forkAt)),
    end: lastThree(points),
  };
}

/** rose, fell, or stayed near: the words and their numbers are those of this curve */
function expectCourse(said: string, { start, end }: Ends, smooth: readonly Measured[]): void {
  const back = said.match(`^rose from (${NUMBER}) to (${NUMBER}) by \\w+ (\\d+) and fell back to (${NUMBER})`);
  if (back) {
    const [from, top, to] = [back[1]!, back[2]!, back[4]!].map(number) as [number, number, number];
    const place = smooth.find(({ step }) => step === Number(back[3]))!;
    expect([near(from, start), near(top, place.value), near(to, end)], said).toEqual([true, true, true]);
    expect(place.value, said).toBe(Math.max(...smooth.map(({ value }) => value)));
    expect(top, said).toBeGreaterThan(Math.max(from, to));
    return;
  }
  // clearly above both ends, a peak may not be passed over
  expect(Math.max(...smooth.map(({ value }) => value)) - Math.max(start, end), said).toBeLessThanOrEqual(
    0.25 + ROUNDING,
  );
  const moved = said.match(`^(rose|fell) from (${NUMBER}) to (${NUMBER})`);
  if (moved) {
    const [from, to] = [number(moved[2]!), number(moved[3]!)];
    expect([near(from, start), near(to, end)], said).toEqual([true, true]);
    expect(moved[1] === 'rose' ? to : from, said).toBeGreaterThan(moved[1] === 'rose' ? from : to);
    return;
  }
  const stayed = said.match(`^stayed near (${NUMBER}) \\(it began at (${NUMBER})\\)`);
  expect(stayed, `no course in: ${said}`).not.toBeNull();
  expect([near(number(stayed![1]!), end), near(number(stayed![2]!), start)], said).toEqual([true, true]);
  expect(Math.abs(end - start), said).toBeLessThan(0.25 + ROUNDING);
}

const from = (sentence: string, words: RegExp): string => sentence.slice(sentence.search(words)).replace(words, '');

describe.each(WAYS.map((way) => [way.title, way] as const))('%s, on every recorded seed', (_title, way) => {
  const records = recordedSeeds(way.id);
  const { drawn } = way;
  const said = (record: LessonRecord): string => way.said(record);
  const goldOf = (record: LessonRecord) => curve(record, 'broken', 'gold/score');

  it('is recorded for several seeds', () => {
    expect(new Set(records.map(({ seed }) => seed)).size).toBe(records.length);
    expect(records.length).toBeGreaterThanOrEqual(3);
  });

  it('quotes no score, share, length or distance that was not measured', () => {
    for (const record of records) {
      const sentence = said(record);
      const known = quotable(record, way);
      const scores = every(sentence, `[+−]\\d+\\.\\d+`).map(([text]) => number(text));
      const amounts = every(sentence, `(${NUMBER}) (?:nats|tokens)`).map((match) => number(match[1]!));
      for (const value of [...scores, ...amounts])
        expect(
          known.some((one) => near(value, one)),
          `${value} in: ${sentence}`,
        ).toBe(true);
      for (const match of every(sentence, '(\\d+) %'))
        expect(
          known.some((one) => Math.abs(100 * one - Number(match[1])) <= 0.51),
          `${match[0]} in: ${sentence}`,
        ).toBe(true);
    }
  });

  it('tells gold’s course as its curve went', () => {
    for (const record of records) {
      const smooth = averaged(goldOf(record)).filter(({ step }) => record.forkAt === null || step > record.forkAt);
      expectCourse(from(said(record), /\b(?:its )?gold (?=rose|fell|stayed)/), endsOf(record, 'gold/score'), smooth);
    }
  });

  it('tells the score’s course, where it does', () => {
    for (const record of records) {
      const sentence = said(record);
      if (!/score (?:rose|fell|stayed)/.test(sentence)) continue;
      const after = ({ step }: Measured) => record.forkAt === null || step > record.forkAt;
      const smooth = averaged(curve(record, 'broken', drawn.proxy.metric)).filter(after);
      expectCourse(from(sentence, /score (?=rose|fell|stayed)/), endsOf(record, drawn.proxy.metric), smooth);
    }
  });

  it('says shrank of what shrank, grew of what grew, and names its cause only where the other run has another', () => {
    for (const record of records) {
      const sentence = said(record);
      const length = endsOf(record, 'completion/length');
      const healthy = lastThree(curve(record, 'healthy', 'completion/length'));
      if (/shrank/.test(sentence)) expect(length.end, sentence).toBeLessThan(Math.min(length.start, healthy));
      if (/grew from/.test(sentence)) expect(length.end, sentence).toBeGreaterThan(Math.max(length.start, healthy));
      if (/do not show why/.test(sentence)) {
        const apart =
          length.end < 0.8 * Math.min(length.start, healthy) || length.end > 1.25 * Math.max(length.start, healthy);
        expect(apart, sentence).toBe(false);
      }
    }
  });

  it('counts the held-out votes of each judge that it speaks of', () => {
    for (const record of records)
      for (const [, stated, percent, count] of every(said(record), '(\\d+)( %)? of (\\d+) votes it had not seen')) {
        const judged = Object.values(record.arms).filter(({ heldOutPairs }) => heldOutPairs === Number(count));
        const isFew = Number(count) < 10; // of which a share claims too much
        expect(percent === undefined, said(record)).toBe(isFew);
        const share = isFew ? (100 * Number(stated)) / Number(count) : Number(stated);
        expect(
          judged.some(({ accuracy }) => Math.abs(100 * accuracy! - share) <= 0.51),
          said(record),
        ).toBe(true);
      }
  });

  it('says of the turn what the curve did', () => {
    for (const record of records) {
      const { broken } = factsOf(record, drawn);
      const words = turnWords(broken, drawn, false);
      const smooth = averaged(goldOf(record));
      const proxies = averaged(
        curve(record, 'broken', drawn.proxy.metric).filter(({ step }) => smooth.some((one) => one.step === step)),
      );
      const at = (points: readonly Measured[], step: number) => points.find((point) => point.step === step)!.value;
      const turned = words.match(/^Turning point: \w+ (\d+)\. Gold fell by (\d+\.\d) since/);
      const falls = smooth.flatMap((from, i) => smooth.slice(i).map((to) => from.value - to.value));
      if (turned) {
        const step = Number(turned[1]);
        const trail = averaged(
          goldOf(record).filter((one) => curve(record, 'broken', drawn.proxy.metric).some((p) => p.step === one.step)),
        );
        expect(Math.abs(at(trail, step) - trail.at(-1)!.value - Number(turned[2])), words).toBeLessThanOrEqual(0.051);
        expect(proxies.at(-1)!.value, words).toBeGreaterThan(at(proxies, step));
      } else if (/fell nowhere/.test(words)) expect(Math.max(...falls), words).toBeLessThan(0.1);
      else {
        const fall = words.match(
          `was from (${NUMBER}) to (${NUMBER}) \\(\\w+ (\\d+) to (\\d+)\\); it ended at (${NUMBER})\\.`,
        )!;
        expect(fall, words).not.toBeNull();
        const [from, to, end] = [fall[1]!, fall[2]!, fall[5]!].map(number) as [number, number, number];
        expect(near(from, at(smooth, Number(fall[3]))) && near(to, at(smooth, Number(fall[4]))), words).toBe(true);
        expect(Math.abs(from - to - Math.max(...falls)), words).toBeLessThanOrEqual(2 * ROUNDING);
        expect(near(end, lastThree(goldOf(record))), words).toBe(true);
        expect(words).not.toMatch(/never fell/);
      }
    }
  });

  it('begins at distance 0, where nothing was changed yet', () => {
    for (const record of records) {
      expect(Math.abs(factsOf(record, drawn).broken.start.kl)).toBeLessThan(1e-4);
      if (way.id === 'sampledOtherwise') continue; // texts that are drawn otherwise are others from the first on
      expect(first(curve(record, 'broken', 'gold/score'))).toBe(first(curve(record, 'healthy', 'gold/score')));
    }
  });
});

describe('the checker of courses', () => {
  const place = (value: number, step: number): Measured => ({ step, value });

  it('finds what contradicts a curve', () => {
    const fell = { start: 0.55, end: 0 };
    expect(() => expectCourse('rose from +0.00 to +0.55', fell, [])).toThrow();
    expect(() => expectCourse('rose from +0.55 to 0.00', fell, [])).toThrow();
    expect(() => expectCourse('stayed near 0.00 (it began at +0.55)', fell, [])).toThrow();
    expect(() => expectCourse('never fell clearly', fell, [])).toThrow();
    expect(() => expectCourse('fell from +0.55 to 0.00', fell, [])).not.toThrow();
    const hill = [place(0.1, 1), place(0.9, 2), place(0.3, 3)];
    expect(
      () => expectCourse('rose from +0.10 to +0.30', { start: 0.1, end: 0.3 }, hill),
      'a peak passed over',
    ).toThrow();
    expect(() =>
      expectCourse('rose from +0.10 to +0.90 by step 2 and fell back to +0.30', { start: 0.1, end: 0.3 }, hill),
    ).not.toThrow();
  });
});
