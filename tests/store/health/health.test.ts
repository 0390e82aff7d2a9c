/** Every rule on recorded runs: silent through the whole of a good one, and heard on the bad one it is made for. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunKind } from '../../../src/contract/domain';
import type { MetricValues } from '../../../src/contract/metrics';
import type { MetricPoint } from '../../../src/contract/observations';
import {
  assessHealth,
  GRACE,
  HEALTH_RULES,
  type HealthInput,
  type HealthRule,
  type Knob,
  outcomeOf,
} from '../../../src/store/health';
import {
  axisTrail,
  findTurn,
  noiseOf,
  rolloutTrail,
  smoothed,
  type TrailValue,
} from '../../../src/store/runs/overoptimization';

/** made by tests/scenario/record.ts */
const GOOD = ['healthy', 'dpoHealthy', 'tuned', 'chosen', 'judge', 'pretrained'] as const;
type Series =
  | (typeof GOOD)[number]
  | 'leashOff'
  | 'shortestJoy'
  | 'hurried'
  | 'timid'
  | 'blindCritic'
  | 'fewVotes'
  | 'dpoOverdose'
  | 'dpoByHeart'
  | 'tunedByHeart'
  | 'chosenByWeak'
  | 'judgeByHeart'
  | 'pretrainedByHeart';
/** those that were recorded first are of PPO and do not say so */
function recorded(name: Series): HealthInput {
  const {
    points,
    rewardAccuracy,
    kind = 'ppo',
  } = JSON.parse(readFileSync(`tests/fixtures/series/${name}.json`, 'utf8')) as {
    kind?: RunKind;
    points: { step: number; values: MetricValues }[];
    rewardAccuracy: number | null;
  };
  return { points: points.map((point): MetricPoint => ({ ...point, elapsedMs: 0 })), rewardAccuracy, kind };
}
const upTo = (input: HealthInput, steps: number): HealthInput => ({ ...input, points: input.points.slice(0, steps) });

const BAD: [HealthRule, Series, number, Knob | null][] = [
  ['turned', 'leashOff', 12, { control: 'ppo/klCoef', label: 'Raise the KL coefficient' }],
  ['turned', 'dpoOverdose', 100, { control: 'dpo/beta', label: 'Raise β' }],
  ['klAlarm', 'leashOff', 15, { control: 'ppo/klCoef', label: 'Raise the KL coefficient' }],
  ['klAlarm', 'dpoOverdose', 80, { control: 'dpo/beta', label: 'Raise β' }],
  ['unreadable', 'leashOff', 15, { control: 'ppo/klCoef', label: 'Raise the KL coefficient' }],
  ['unreadable', 'dpoOverdose', 100, { control: 'dpo/beta', label: 'Raise β' }],
  ['collapse', 'shortestJoy', 20, { control: 'ppo/klCoef', label: 'Raise the KL coefficient' }],
  ['collapse', 'tunedByHeart', 32, { control: 'finetune/epochs', label: 'Fewer epochs' }],
  ['weakReward', 'fewVotes', 5, { stage: 'compare', label: 'Vote on more pairs' }],
  ['weakReward', 'chosenByWeak', 64, { stage: 'compare', label: 'Vote on more pairs' }],
  ['lengthRunaway', 'shortestJoy', 20, { stage: 'reward', label: 'Choose how it reads a text' }],
  ['unfinished', 'leashOff', 11, { control: 'ppo/missingEosPenalty', label: 'Charge for unfinished texts' }],
  ['clipping', 'hurried', 4, { control: 'ppo/learningRate', label: 'Lower the learning rate' }],
  ['goldBehind', 'leashOff', 8, { control: 'ppo/klCoef', label: 'Raise the KL coefficient' }],
  ['leashOff', 'leashOff', 1, { control: 'ppo/klCoef', label: 'Raise the KL coefficient' }],
  ['sunk', 'dpoOverdose', 60, { control: 'dpo/rpoAlpha', label: 'Turn on the fine-tuning term' }],
  ['memorised', 'dpoByHeart', 120, { control: 'dpo/steps', label: 'Fewer steps' }],
  ['memorised', 'tunedByHeart', 10, { control: 'finetune/epochs', label: 'Fewer epochs' }],
  ['memorised', 'judgeByHeart', 80, { stage: 'compare', label: 'Vote on more pairs' }],
  ['memorised', 'pretrainedByHeart', 300, { control: 'pretrain/steps', label: 'Fewer steps' }],
  ['stuck', 'timid', 12, { control: 'ppo/klCoef', label: 'Lower the KL coefficient' }],
  ['valueLag', 'blindCritic', 15, { control: 'ppo/valueCoef', label: 'Raise the value loss weight' }],
];

describe('the health rules', () => {
  it('say nothing at any step of a run that went well, whatever the method', () => {
    for (const name of GOOD) {
      const good = recorded(name);
      expect(good.points.length, name).toBeGreaterThan(20);
      for (let steps = 0; steps <= good.points.length; steps++)
        expect([name, steps, assessHealth(upTo(good, steps))]).toEqual([name, steps, []]);
    }
  });

  it('are each heard on at least one recorded run', () => {
    expect(new Set(BAD.map(([rule]) => rule))).toEqual(new Set(Object.keys(HEALTH_RULES)));
  });

  for (const [rule, series, steps, knob] of BAD) {
    it(`hear ${rule} on ${series}, with a number, what to do and where`, () => {
      const finding = HEALTH_RULES[rule](upTo(recorded(series), steps));
      expect(finding?.rule).toBe(rule);
      expect(finding?.text).toMatch(/\d/);
      expect(finding?.advice).toMatch(/^\w.*\.$/);
      expect(finding?.knob).toEqual(knob);
      expect(assessHealth(upTo(recorded(series), steps)).map((one) => one.rule)).toContain(rule);
    });
  }

  it('never ask for more of what is at its end', () => {
    const points = Array.from({ length: 12 }, (_, i) => ({
      step: i + 1,
      elapsedMs: 0,
      values: { 'objective/klExact': 20, 'objective/kl_coef': 0.5 },
    }));
    const advised = (kl: number, coef: number) =>
      HEALTH_RULES.klAlarm({
        rewardAccuracy: null,
        points: points.map((point) => ({ ...point, values: { 'objective/klExact': kl, 'objective/kl_coef': coef } })),
      })?.knob;
    expect(advised(20, 0.5)).toEqual({ control: 'ppo/learningRate', label: 'Lower the learning rate' });
    expect(advised(20, 0.1)).toEqual({ control: 'ppo/klCoef', label: 'Raise the KL coefficient' });
  });

  it('count what each method counts', () => {
    expect(HEALTH_RULES.turned(upTo(recorded('leashOff'), 12))?.text).toMatch(/since iteration \d/);
    expect(HEALTH_RULES.turned(recorded('dpoOverdose'))?.text).toMatch(/since step \d0 /);
    expect(HEALTH_RULES.turned({ ...recorded('dpoOverdose'), kind: 'bestOf' })?.text).toMatch(/since N = \d0 /);
  });

  it('conclude nothing from gold that is another taste, whatever the method: turned and goldBehind rest', () => {
    for (const name of ['leashOff', 'shortestJoy', 'dpoOverdose', 'dpoByHeart'] as const)
      for (const kind of ['ppo', 'dpo', 'bestOf', 'finetune'] as const) {
        const input = { ...recorded(name), kind, gold: 'anothers' as const };
        for (let steps = 1; steps <= input.points.length; steps++)
          for (const { rule, text, advice } of assessHealth(upTo(input, steps))) {
            expect(['turned', 'goldBehind']).not.toContain(rule);
            expect(`${text} ${advice}`).not.toMatch(/gold|gamed|peak|meant/i);
          }
      }
  });

  it('say that it is not known where gold may be another taste: no alarm, no blame, and no knob of the method', () => {
    const doubtful = { ...upTo(recorded('leashOff'), 12), gold: 'unknown' as const };
    for (const rule of ['turned', 'goldBehind'] as const) {
      expect(HEALTH_RULES[rule](doubtful)).toMatchObject({ tone: 'neutral', knob: { stage: 'compare' } });
      expect(HEALTH_RULES[rule](doubtful)?.text).toMatch(/may be no fault/);
      expect(HEALTH_RULES[rule](doubtful)?.text).not.toMatch(/gamed|meant/);
    }
    expect(HEALTH_RULES.turned({ ...doubtful, gold: 'theirs' })).toEqual(
      HEALTH_RULES.turned(upTo(recorded('leashOff'), 12)),
    );
  });

  it('take another taste’s gold for no excuse, and its fall for no trouble', () => {
    const shrinking = Array.from({ length: 12 }, (_, i) => ({
      step: i + 1,
      elapsedMs: 0,
      values: { 'completion/length': 20 / (1 + i), 'gold/score': 0.1 * i },
    }));
    expect(HEALTH_RULES.lengthRunaway({ points: shrinking, rewardAccuracy: null, gold: 'anothers' })?.rule).toBe(
      'lengthRunaway',
    );
    const falling = Array.from({ length: 12 }, (_, i) => ({
      step: i + 1,
      elapsedMs: 0,
      values: { 'objective/scores': i, 'gold/score': -i },
    }));
    expect(outcomeOf('ppo', falling, true).troubles).toEqual(['The gold ended below where it began.']);
    expect(outcomeOf('ppo', falling, true, 'anothers').troubles).toEqual([]);
  });

  it('blame no judge where there is none: DPO and fine-tuning learn from texts', () => {
    for (const kind of ['dpo', 'finetune'] as const)
      for (const name of ['dpoOverdose', 'dpoByHeart', 'leashOff', 'shortestJoy'] as const) {
        const { points } = recorded(name);
        const ofTheAxis = points.map((point) => ({
          ...point,
          values: Object.fromEntries(Object.entries(point.values).filter(([id]) => /^(axis|completion|eval)/.test(id))),
        }));
        const said = assessHealth({ points: ofTheAxis, rewardAccuracy: null, kind });
        expect(said.length, `${kind} ${name}`).toBeGreaterThan(0);
        for (const { rule, text, advice } of said)
          expect(`${rule}: ${text} ${advice}`).not.toMatch(/judge|gamed|pays|reward/i);
      }
    expect(HEALTH_RULES.turned(recorded('dpoOverdose'))?.text).toMatch(
      /it fits what it learns from beyond what was meant\.$/,
    );
    expect(HEALTH_RULES.turned(upTo(recorded('leashOff'), 12))?.text).toMatch(/the judge is being gamed\.$/);
  });

  it('let texts become shorter where gold rises with it: the rater wants it so', () => {
    const shorter = (gold: (step: number) => number): HealthInput => ({
      rewardAccuracy: null,
      points: Array.from({ length: 12 }, (_, i) => ({
        step: i + 1,
        elapsedMs: 0,
        values: { 'completion/length': 20 / (1 + i), 'gold/score': gold(i) },
      })),
    });
    expect(HEALTH_RULES.lengthRunaway(shorter((i) => 0.1 * i))).toBeNull();
    expect(HEALTH_RULES.lengthRunaway(shorter(() => 0))?.rule).toBe('lengthRunaway');
  });

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
    expect(tones).toEqual(
      [...tones].sort((a, b) => ['bad', 'warn', 'neutral'].indexOf(a) - ['bad', 'warn', 'neutral'].indexOf(b)),
    );
  });

  it('work on the sparse points of a method without rollouts: DPO far from its reference', () => {
    const dpo = [20, 40, 60, 80, 100].map(
      (step): MetricPoint => ({
        step,
        elapsedMs: 0,
        values: { 'axis/kl': step / 2, 'completion/grammatical': 1 - step / 110 },
      }),
    );
    const rules = assessHealth({ points: dpo, rewardAccuracy: null }).map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining(['klAlarm', 'unreadable']));
    expect(rules).not.toContain('valueLag');
  });

  it('hear entropy that is gone although texts still differ', () => {
    const points = Array.from(
      { length: 12 },
      (_, i): MetricPoint => ({
        step: i + 1,
        elapsedMs: 0,
        values: { 'policy/entropy_avg': 0.9 * 0.8 ** i, 'completion/distinct': 0.9 },
      }),
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

describe('advice', () => {
  /** gold rises and falls again while the score goes on */
  const points: MetricPoint[] = Array.from({ length: 32 }, (_, i) => {
    const [score, gold] = [i / 8, i < 12 ? i / 8 : 1.5 - (i - 12) / 8];
    const axis: MetricValues = { 'axis/kl': i / 4, 'axis/score': score, 'axis/gold': gold };
    return {
      step: i + 1,
      elapsedMs: i,
      values: { ...axis, 'objective/klExact': i / 4, 'objective/scores': score, 'gold/score': gold },
    };
  });

  it.each(['bestOf', 'dpo'] as const)('names no KL coefficient where the method has none: %s', (kind) => {
    let told = 0;
    for (const byRule of [true, false])
      for (const gold of ['theirs', 'unknown'] as const)
        for (const { advice } of assessHealth({ points, rewardAccuracy: null, kind, byRule, gold })) {
          told++;
          expect(advice, `${byRule} ${gold}`).not.toMatch(/KL coefficient|leash/);
        }
    expect(told).toBeGreaterThan(3);
  });
});
