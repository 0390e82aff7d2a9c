import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/domain';
import { RaterSchema } from '../../src/formats/opinionSchemas';
import type { LessonArmPlan, LessonPlan } from '../../src/store/lessons/lessonState';
import { parse, parseRunSpec, SamplingSchema } from '../../src/worker/schemas';
import { WAYS } from './ways';

const armsOf = ({ healthy, broken }: LessonPlan): LessonArmPlan[] =>
  'forkAt' in broken ? [healthy] : [healthy, broken];

/** the runs that an arm asks the thread for */
function specsOf(arm: LessonArmPlan, { seed, rater }: LessonPlan): RunSpec[] {
  const { reward, method } = arm;
  const from = { seed, baseId: 'base', opinions: [] };
  const judge: RunSpec[] = reward ? [{ kind: 'reward', ...from, config: reward, vetoed: [], useRule: false }] : [];
  if (method.kind === 'dpo') return [...judge, { kind: 'dpo', ...from, config: method.config, rewardId: null, rater }];
  return [...judge, { kind: 'ppo', seed, config: method.config, baseId: 'base', rewardId: 'judge', rater }];
}

describe('the ways to break RLHF', () => {
  it('have the names that buttons, teachers and tests call them by', () => {
    expect(WAYS.map(({ title }) => title)).toEqual([
      'Leash off',
      'Greedy from the start',
      'Shortest joy',
      'DPO overdose',
      'Too few votes',
      'Sampled otherwise',
      'Ten times the reward',
    ]);
  });

  it('are made of runs that the thread accepts, with the seed they are given', () => {
    for (const { id, plan } of WAYS) {
      const given = plan(7);
      expect(given).toMatchObject({ lessonId: `rewardHacking/${id}`, seed: 7 });
      expect(parse(RaterSchema, given.rater)).toEqual(given.rater);
      expect(parse(SamplingSchema, given.sampling)).toEqual(given.sampling);
      for (const arm of armsOf(given))
        for (const spec of specsOf(arm, given)) expect(parseRunSpec(spec), id).toEqual(spec);
      for (const arm of armsOf(given)) if (arm.method.kind === 'ppo') expect(arm.reward, id).not.toBeNull();
    }
  });

  it('differ from their healthy twin, and fork before its end', () => {
    for (const { plan } of WAYS) {
      const { healthy, broken } = plan(1);
      expect(broken).not.toEqual(healthy);
      if (!('forkAt' in broken)) continue;
      expect(broken.forkAt).toBeLessThan(
        healthy.method.kind === 'ppo' ? healthy.method.config.iterations : healthy.method.config.steps,
      );
      expect(Object.keys(broken.knobs).length).toBeGreaterThan(0);
    }
  });

  it('differ from it by exactly one cause', () => {
    const causes = ({ healthy, broken }: LessonPlan): string[] => {
      if ('forkAt' in broken) return Object.keys(broken.knobs);
      const other = (a: object, b: object): string[] =>
        Object.entries(a).flatMap(([key, value]) => {
          const mine = (b as Record<string, unknown>)[key];
          if (typeof value === 'object' && value !== null) return other(value, mine as object);
          return value === mine ? [] : [key];
        });
      return other(healthy, broken);
    };
    expect(Object.fromEntries(WAYS.map(({ id, plan }) => [id, causes(plan(1))]))).toEqual({
      leashOff: ['klCoef'],
      greedy: ['klCoef'],
      shortestJoy: ['klCoef'],
      dpoOverdose: ['steps'],
      tooFewVotes: ['votes'],
      sampledOtherwise: ['rolloutTopK'],
      tenfold: ['rewardScale'],
    });
  });

  it('judge both runs at one temperature, so that their texts before are the same', () => {
    for (const { plan } of WAYS) {
      const temperatures = armsOf(plan(1)).map(({ method }) => method.config.temperature);
      expect(new Set(temperatures).size).toBe(1);
    }
  });
});
