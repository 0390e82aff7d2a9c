/** Every rule on recorded runs: silent through the whole of a good one, and heard on the bad one it is made for. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../src/contract/domain';
import type { MetricValues } from '../../src/contract/metrics';
import { assessHealth, GRACE, HEALTH_RULES, type HealthInput, type HealthRule } from '../../src/store/health';
import { axisTrail, findTurn, noiseOf, rolloutTrail, smoothed, type TrailValue } from '../../src/store/overoptimization';

/** made by tests/scenario/record.ts */
type Series = 'healthy' | 'leashOff' | 'shortestJoy' | 'hurried' | 'blindCritic' | 'fewVotes';
function recorded(name: Series): HealthInput {
  const { points, rewardAccuracy } = JSON.parse(readFileSync(`tests/fixtures/series/${name}.json`, 'utf8')) as {
    points: { step: number; values: MetricValues }[];
    rewardAccuracy: number;
  };
  return { points: points.map((point): MetricPoint => ({ ...point, elapsedMs: 0 })), rewardAccuracy };
}
const upTo = (input: HealthInput, steps: number): HealthInput => ({ ...input, points: input.points.slice(0, steps) });

const BAD: Record<HealthRule, [Series, number]> = {
  turned: ['leashOff', 12],
  klAlarm: ['leashOff', 15],
  unreadable: ['leashOff', 15],
  collapse: ['shortestJoy', 20],
  weakReward: ['fewVotes', 5],
  lengthRunaway: ['shortestJoy', 20],
  clipping: ['hurried', 4],
  valueLag: ['blindCritic', 15],
};

describe('the health rules', () => {
  it('say nothing at any iteration of a run that went well', () => {
    const healthy = recorded('healthy');
    expect(healthy.points.length).toBe(40);
    for (let steps = 0; steps <= 40; steps++) expect([steps, assessHealth(upTo(healthy, steps))]).toEqual([steps, []]);
  });

  for (const [rule, [series, steps]] of Object.entries(BAD) as [HealthRule, [Series, number]][]) {
    it(`hear ${rule} on the run that shows it, with a number and what to do`, () => {
      const finding = HEALTH_RULES[rule](upTo(recorded(series), steps));
      expect(finding?.rule).toBe(rule);
      expect(finding?.text).toMatch(/\d/);
      expect(finding?.advice).toMatch(/^\w.*\.$/);
      expect(assessHealth(upTo(recorded(series), steps)).map((one) => one.rule)).toContain(rule);
    });
  }

  it('wait with distance and grammar until the first iterations have settled', () => {
    const early = upTo(recorded('leashOff'), GRACE);
    expect(early.points.at(-1)!.values['objective/klExact']!).toBeGreaterThan(12);
    expect([HEALTH_RULES.klAlarm(early), HEALTH_RULES.unreadable(early)]).toEqual([null, null]);
  });

  it('tell too long from too short', () => {
    expect(HEALTH_RULES.lengthRunaway(recorded('leashOff'))?.headline).toBe('Longer and longer.');
    expect(HEALTH_RULES.lengthRunaway(recorded('shortestJoy'))?.headline).toBe('Shorter and shorter.');
  });

  it('put the worst first', () => {
    const tones = assessHealth(recorded('hurried')).map(({ tone }) => tone);
    expect(tones[0]).toBe('bad');
    expect(tones).toEqual([...tones].sort((a, b) => ['bad', 'warn', 'neutral'].indexOf(a) - ['bad', 'warn', 'neutral'].indexOf(b)));
  });

  it('work on the sparse points of a method without rollouts: DPO far from its reference', () => {
    const dpo = [20, 40, 60, 80, 100].map(
      (step): MetricPoint => ({ step, elapsedMs: 0, values: { 'axis/kl': step / 2, 'completion/grammatical': 1 - step / 110 } }),
    );
    const rules = assessHealth({ points: dpo, rewardAccuracy: null }).map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining(['klAlarm', 'unreadable']));
    expect(rules).not.toContain('valueLag');
  });

  it('hear entropy that is gone although texts still differ', () => {
    const points = Array.from(
      { length: 12 },
      (_, i): MetricPoint => ({ step: i + 1, elapsedMs: 0, values: { 'policy/entropy_avg': 0.9 * 0.8 ** i, 'completion/distinct': 0.9 } }),
    );
    expect(HEALTH_RULES.collapse({ points, rewardAccuracy: null })?.headline).toBe('Entropy collapse.');
    expect(HEALTH_RULES.collapse({ points: points.slice(0, 5), rewardAccuracy: null })).toBeNull();
  });
});

const trail = (gold: number[], proxy = gold.map((_, i) => i / 10)): TrailValue[] =>
  gold.map((value, i) => ({ step: i + 1, kl: i, proxy: proxy[i]!, gold: value }));

describe('the turning point', () => {
  it('is found on a run that ran away, where its gold was highest, by rollouts and by the axis', () => {
    const { points } = recorded('leashOff');
    const [fine, coarse] = [findTurn(rolloutTrail(points)), findTurn(axisTrail(points))];
    const gold = rolloutTrail(points).map((point) => point.gold);
    expect(fine!.step).toBeLessThanOrEqual(6);
    expect(fine!.fallen).toBeGreaterThan(0.8);
    expect(fine!.proxyGain).toBeGreaterThan(1);
    expect(Math.abs(fine!.step - 1 - gold.indexOf(Math.max(...gold)))).toBeLessThanOrEqual(2);
    expect(coarse!.step).toBe(5);
  });

  it('is claimed at no moment of a run that went well', () => {
    const { points } = recorded('healthy');
    for (let steps = 1; steps <= points.length; steps++) {
      expect(findTurn(rolloutTrail(points.slice(0, steps)))).toBeNull();
      expect(findTurn(axisTrail(points.slice(0, steps)))).toBeNull();
    }
  });

  it('needs a proxy that went on rising: where both fall, nothing was gamed', () => {
    const gold = [0, 0.3, 0.6, 0.9, 0.6, 0.3, 0, -0.3];
    expect(findTurn(trail(gold))?.step).toBe(4);
    expect(findTurn(trail(gold, gold))).toBeNull();
  });

  it('needs a fall beyond the noise of the curve itself', () => {
    const noisy = Array.from({ length: 30 }, (_, i) => 0.5 * Math.sin(7.7 * i * i));
    expect(noiseOf(noisy)).toBeGreaterThan(0.3);
    expect(findTurn(trail(noisy))).toBeNull();
    expect(findTurn(trail(noisy.map((x, i) => x - Math.max(0, i - 12) / 6)))).not.toBeNull();
  });

  it('has too little to say below four points', () => {
    expect(findTurn(trail([1, 0, -1]))).toBeNull();
    expect(smoothed([0, 3, 6, 0], 1)).toEqual([1.5, 3, 3, 3]);
  });

  it('leaves points out at which something was not measured', () => {
    const points = [{ step: 1, elapsedMs: 0, values: { 'axis/kl': 1, 'axis/score': 2 } }];
    expect(axisTrail(points)).toEqual([]);
    expect(rolloutTrail(points)).toEqual([]);
  });
});
