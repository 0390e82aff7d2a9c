/**
 * What the page claims of recorded runs, at every step of them: each number held against the curve, and against every
 * other place that tells it.
 */
import { readFileSync } from 'node:fs';
import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../src/contract/observations';
import { assessHealth } from '../../src/store/health';
import type { Method } from '../../src/store/runs/methodTrail';
import { methodTrail, peakStep, toldTrail, toldTurn } from '../../src/store/runs/methodTrail';
import { TrailChart, type TrailPoint } from '../../src/ui/charts/TrailChart';
import { dpoSentence } from '../../src/ui/panels/Optimise/dpoSentence';
import { ppoSentence } from '../../src/ui/panels/Optimise/ppoSentence';

/** made by tests/scenario/record.ts */
const SERIES: readonly [Method, string][] = [
  ...['healthy', 'leashOff', 'hurried', 'fewVotes', 'shortestJoy', 'timid', 'blindCritic'].map(
    (name) => ['ppo', name] as [Method, string],
  ),
  ...['dpoHealthy', 'dpoOverdose', 'dpoByHeart'].map((name) => ['dpo', name] as [Method, string]),
  ...['chosen', 'chosenByWeak'].map((name) => ['bestOf', name] as [Method, string]),
];

const recorded = (name: string): MetricPoint[] =>
  (
    JSON.parse(readFileSync(`tests/fixtures/series/${name}.json`, 'utf8')) as {
      points: Omit<MetricPoint, 'elapsedMs'>[];
    }
  ).points.map((point) => ({ ...point, elapsedMs: 0 }));

/**
 * by the plainest arithmetic: what was measured, and of PPO the mean of as many neighbours on either side as there are,
 * two at most
 */
function curveOf(method: Method, points: readonly MetricPoint[]): TrailPoint[] {
  const measured = points.flatMap(({ step, values }) => {
    const [kl, proxy, gold] =
      method === 'ppo'
        ? [values['objective/klExact'], values['objective/scores'], values['gold/score']]
        : [values['axis/kl'], values['axis/score'], values['axis/gold']];
    return kl === undefined || proxy === undefined || gold === undefined ? [] : [{ step, kl, proxy, gold }];
  });
  if (method !== 'ppo') return measured;
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  return measured.map(({ step }, i) => {
    const reach = Math.min(2, i, measured.length - 1 - i);
    const near = measured.filter((_, j) => Math.abs(j - i) <= reach);
    return {
      step,
      kl: mean(near.map(({ kl }) => kl)),
      proxy: mean(near.map(({ proxy }) => proxy)),
      gold: mean(near.map(({ gold }) => gold)),
    };
  });
}

const number = (text: string): number => Number(text.replace('−', '-').replace('+', ''));
const two = (value: number | null | undefined): string => (value ?? Number.NaN).toFixed(2).replace(/^-0\.00$/, '0.00');
const NUMBER = '([+−]?\\d+(?:\\.\\d+)?(?:e-\\d+)?)';
const FELL = new RegExp(
  `Gold fell by ${NUMBER} since (?:iteration |step |N = )(\\d+) \\(${NUMBER} nats\\), from ${NUMBER}(?: \\(mean of (\\d) iterations\\))? to ${NUMBER}, while the score rose from ${NUMBER} to ${NUMBER}`,
);
const END = new RegExp(`Score ${NUMBER}, gold ${NUMBER} at ${NUMBER} nats`);

const sentenceOf = (method: Method, points: MetricPoint[]): string => {
  const [status, totalSteps, message] = ['done', points.length, ''] as const;
  if (method === 'ppo')
    return ppoSentence({ ready: true, status, points, totalSteps, message, error: null, rewardAccuracy: null }).text;
  if (method === 'dpo') return dpoSentence({ blocked: null, status, points, totalSteps, message, stale: false }).text;
  return assessHealth({ points, rewardAccuracy: null, kind: method })
    .map(({ text }) => text)
    .join(' ');
};

/** a caption writes three digits of what is larger than ten */
const agree = (said: string, value: number): boolean =>
  Math.abs(number(said) - value) <= Math.max(0.00501, 0.0051 * Math.abs(value));

/** what a screen reader hears of a trail */
const READING = `KL ${NUMBER} nats, reward model ${NUMBER}, gold rater ${NUMBER}`;
function expectRead(said: string, pattern: string, { kl, proxy, gold }: TrailPoint): void {
  const read = said.match(new RegExp(pattern.replace('READING', READING)));
  expect(read, `${pattern} in: ${said}`).not.toBeNull();
  expect([agree(read![1]!, kl), agree(read![2]!, proxy!), agree(read![3]!, gold!)], said).toEqual([true, true, true]);
}
const captionOf = (props: Parameters<typeof TrailChart>[0]): string => {
  cleanup();
  return render(<TrailChart {...props} />).container.querySelector('figcaption')!.textContent!;
};

describe.each(SERIES)('what is told of %s, %s', (method, name) => {
  afterEach(cleanup);
  const whole = recorded(name);
  const prefixes = whole.map((_, i) => whole.slice(0, i + 1)).filter((points) => curveOf(method, points).length > 0);

  it('is a trail of the curve, its end as it was measured', () => {
    for (const points of prefixes) {
      const [told, curve] = [toldTrail(method, points), curveOf(method, points)];
      expect(told.map(({ step }) => step)).toEqual(curve.map(({ step }) => step));
      told.forEach((point, i) => {
        for (const side of ['kl', 'proxy', 'gold'] as const) expect(point[side]).toBeCloseTo(curve[i]![side]!, 9);
      });
      const { 'gold/score': gold, 'axis/gold': looked } = points.findLast(
        ({ step }) => step === told.at(-1)!.step,
      )!.values;
      expect(told.at(-1)!.gold).toBe(method === 'ppo' ? gold : looked);
    }
  });

  it('has one end in every sentence', () => {
    for (const points of prefixes) {
      const end = curveOf(method, points).at(-1)!;
      const said = sentenceOf(method, points).match(END);
      if (!said) continue;
      expect([said[1], said[2]].map((text) => two(number(text!)))).toEqual([end.proxy, end.gold].map(two));
      expect(agree(said[3]!, end.kl), said[0]).toBe(true);
    }
  });

  it('has a fall that is the difference of the two numbers that stand beside it, and of no others', () => {
    for (const points of prefixes) {
      const curve = curveOf(method, points);
      const words = sentenceOf(method, points);
      const turn = toldTurn(method, points);
      const said = words.match(FELL);
      expect(said !== null, words).toBe(turn !== null);
      if (!said) continue;
      const [, by, step, kl, from, averaged, to, score, paid] = said as unknown as string[];
      const place = curve.findIndex((point) => point.step === Number(step));
      const peak = curve[place]!;
      expect(by).toBe(two(number(from!) - number(to!)));
      expect([from, kl, score].map((text) => two(number(text!)))).toEqual([peak.gold, peak.kl, peak.proxy].map(two));
      expect([to, paid].map((text) => two(number(text!)))).toEqual([curve.at(-1)!.gold, curve.at(-1)!.proxy].map(two));
      expect(peak.gold).toBe(Math.max(...curve.map(({ gold }) => gold!)));
      expect(number(paid!)).toBeGreaterThanOrEqual(number(score!));
      const reach = method === 'ppo' ? Math.min(2, place, curve.length - 1 - place) : 0;
      expect(Number(averaged ?? 1), words).toBe(2 * reach + 1);
      expect(peakStep('ppo', { history: points, bestOf: null }) ?? Number(step)).toBe(Number(step));
    }
  });

  it('never says that score and gold changed otherwise than from their first number to their last', () => {
    for (const points of prefixes) {
      const curve = curveOf(method, points);
      const since = (side: 'proxy' | 'gold') => curve.at(-1)![side]! - curve[0]![side]!;
      const words = assessHealth({ points, rewardAccuracy: null, kind: method })
        .map(({ text }) => text)
        .join(' ');
      const behind = words.match(`score rose by ${NUMBER} since the start, gold changed by ${NUMBER}`);
      if (behind)
        expect([behind[1], behind[2]].map((text) => two(number(text!)))).toEqual(
          [since('proxy'), since('gold')].map(two),
        );
      const still = words.match(`score changed by ${NUMBER} in`);
      if (still) expect(two(number(still[1]!))).toBe(two(since('proxy')));
      const far = words.match(`(?:^| )${NUMBER} nats from the reference`);
      if (far) expect(Number(far[1]).toFixed(1)).toBe(curve.at(-1)!.kl.toFixed(1));
      const said = sentenceOf(method, points);
      if (/The score ended below|Score and gold ended/.test(said)) expect(since('proxy'), said).toBeLessThan(0);
      if (/The gold ended below|Score and gold ended/.test(said)) expect(since('gold'), said).toBeLessThan(0);
    }
  });

  it('is read out the same on its own chart and on that of another method', () => {
    for (const points of [whole, whole.slice(0, Math.ceil(whole.length / 2))]) {
      const curve = curveOf(method, points);
      const turn = toldTurn(method, points);
      const [end, top] = [curve.at(-1)!, curve.find(({ step }) => step === turn?.step)];
      const own = captionOf({
        points: toldTrail(method, points),
        noun: 'step',
        peak: turn && { step: turn.step, label: '' },
      });
      expectRead(own, `At step ${end.step}: READING`, end);
      if (top) expectRead(own, `Gold peaked at step ${top.step}: READING`, top);
      else expect(own).not.toMatch(/peaked/);
      if (method === 'bestOf') continue;
      const run = { history: points, bestOf: null };
      const other = { id: 'other', label: 'the other', points: methodTrail(method, run), peak: peakStep(method, run) };
      const beside = captionOf({ points: [], others: [other] });
      expectRead(beside, 'the other: READING', end);
      const peaked = beside.match(`Its gold peaked at KL ${NUMBER}`);
      expect(peaked !== null).toBe(top !== undefined);
      if (peaked && top) expect(agree(peaked[1]!, top.kl)).toBe(true);
    }
  });
});

it('finds a turn where there is one', () => {
  expect(toldTurn('ppo', recorded('leashOff'))).not.toBeNull();
  expect(toldTurn('dpo', recorded('dpoOverdose'))).not.toBeNull();
});

it('takes best of N at its word: its curve has no noise, so a rater who disagrees from the first choice on falls from N = 1', () => {
  const points = recorded('chosen')
    .slice(0, 16)
    .map(({ values, ...rest }) => ({ ...rest, values: { ...values, 'axis/gold': -values['axis/gold']! } }));
  const { text } = assessHealth({ points, rewardAccuracy: null, kind: 'bestOf' })[0]!;
  const [, by, step, , from, , to] = text.match(FELL) as unknown as string[];
  expect([step, two(number(from!)), two(number(to!))]).toEqual([
    '1',
    two(points[0]!.values['axis/gold']),
    two(points[15]!.values['axis/gold']),
  ]);
  expect(by).toBe(two(number(from!) - number(to!)));
});
