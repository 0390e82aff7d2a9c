import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { LessonStep } from '../../src/contract/lesson';
import type { MetricId } from '../../src/contract/metrics';
import type { MetricPoint } from '../../src/contract/observations';
import { drawnOf } from '../../src/lessons/breakIt/drawn';
import { type Facts, factsOf } from '../../src/lessons/breakIt/facts';
import { numberIn } from '../../src/store/guide/readings';
import { watchedTwin } from '../../src/store/guide/watch';
import { LESSON_RECORD } from '../../src/store/lessons/lessonRecord';
import type { LessonArm, LessonRecord } from '../../src/store/lessons/lessonState';
import { formatSigned } from '../../src/ui/primitives/format';
import { recordedLesson } from './recorded';
import { WAYS, wayOf } from './ways';

/** the same lesson if nothing had gone wrong */
const well = (record: LessonRecord): LessonRecord => ({
  ...record,
  arms: { ...record.arms, broken: record.arms.healthy },
});

const BROKE: Record<string, string> = {
  leashOff: 'falls',
  greedy: 'worse',
  shortestJoy: 'alike',
  dpoOverdose: 'worse',
  tooFewVotes: 'less',
  sampledOtherwise: 'worse',
  tenfold: 'normal',
};

/** by hand: the mean of the last three measured values */
function last(points: readonly MetricPoint[], id: MetricId): number {
  const values = points.flatMap((point) => (point.values[id] === undefined ? [] : [point.values[id]])).slice(-3);
  return values.reduce((sum, value) => sum + value, 0) / 3;
}

describe.each(WAYS.map((way) => [way.title, way] as const))('%s', (_title, way) => {
  const record = recordedLesson(way.id);
  const good = well(record);

  it('was recorded with the settings that ship, and can be stored', () => {
    expect(v.is(LESSON_RECORD, record)).toBe(true);
    const plan = way.plan(record.seed);
    const steps = ({ method }: typeof plan.healthy) =>
      method.kind === 'ppo' ? method.config.iterations : method.config.steps;
    expect(record.arms.healthy.totalSteps).toBe(steps(plan.healthy));
    expect(record.arms.broken.totalSteps).toBe('forkAt' in plan.broken ? steps(plan.healthy) : steps(plan.broken));
    expect(record.forkAt).toBe('forkAt' in plan.broken ? plan.broken.forkAt : null);
  });

  it('finds that it broke in the run that broke, and says another thing of one that went well', () => {
    expect(way.came(record)).toBe(BROKE[way.id]);
    expect(way.came(good)).not.toBe(BROKE[way.id]);
    for (const one of [record, good]) expect(way.step.ask!.order).toContain(way.came(one));
    expect(way.said(good)).not.toBe(way.said(record));
  });

  it('says it with the numbers of these two runs', () => {
    const gold = formatSigned(Number(last(record.arms.broken.history, 'gold/score').toFixed(2)));
    expect(way.said(record)).toContain(gold);
    for (const one of [record, good]) {
      expect(way.said(one)).toMatch(/^[A-Z].*\.$/);
      expect(way.said(one)).not.toMatch(/NaN|undefined|null|not a number|∞|–(?!\d)/);
    }
  });
});

describe('the facts of a lesson', () => {
  const scenario = wayOf('leashOff').drawn;
  const point = (step: number, gold: number, proxy = step): MetricPoint => ({
    step,
    elapsedMs: 0,
    values: { 'gold/score': gold, 'objective/scores': proxy, 'objective/klExact': 2 * step },
  });
  const arm = (points: MetricPoint[]): LessonArm => ({ totalSteps: 9, history: points, rows: [], accuracy: 0.9 });
  const facts = (broken: MetricPoint[], forkAt: number | null = null): Facts =>
    factsOf(
      {
        lessonId: 'leashOff',
        seed: 1,
        answer: 'falls',
        base: 'Tiny',
        status: 'done',
        forkAt,
        arms: { healthy: arm([]), broken: arm(broken) },
      },
      scenario,
    );

  it('begin at the first measurement and end at the mean of the last three', () => {
    const { start, end } = facts([1, 2, 3, 4, 5].map((step) => point(step, step / 10))).broken;
    expect(start).toMatchObject({ gold: 0.1, proxy: 1, kl: 2 });
    expect(end.gold).toBeCloseTo(0.4, 12); // (0.3 + 0.4 + 0.5) / 3
    expect(end.proxy).toBe(4);
    expect(end.kl).toBe(8);
  });

  it('say of the distance of DPO what the sentence of its step says: as it was last measured', () => {
    const history = [1, 2, 3, 4, 5].map((step) => ({ ...point(step, 0), values: { 'axis/kl': 20 + step } }));
    const dpo = drawnOf({ place: 'optimise/dpo', text: { run: null, control: null } as LessonStep['text'] });
    const record = {
      lessonId: 'x/y',
      status: 'done',
      forkAt: null,
      arms: { healthy: arm([]), broken: arm(history) },
    } as unknown as LessonRecord;
    const reading = { ...watchedTwin(record), seed: 1, answered: [] };
    expect(factsOf(record, dpo).broken.end.kl).toBe(25);
    expect(numberIn(reading, 'distance.end')).toBe(25);
  });

  it('look at the fork by the last three measurements before it, and at the start where there is none', () => {
    const points = [1, 2, 3, 4, 5, 6].map((step) => point(step, step / 10));
    expect(facts(points, 4).broken.fork.gold).toBeCloseTo(0.3, 12); // (0.2 + 0.3 + 0.4) / 3
    expect(facts(points).broken.fork).toEqual(facts(points).broken.start);
  });

  it('are not numbers where nothing was measured, and find no turn there', () => {
    const { start, end, turn } = facts([]).broken;
    expect([start.gold, end.length, end.distinct2].every(Number.isNaN)).toBe(true);
    expect(turn).toBeNull();
  });

  it('find the turn where gold left the proxy', () => {
    const gold = [0, 0.3, 0.6, 0.9, 1, 0.9, 0.6, 0.3, 0, -0.3, -0.6, -0.9];
    expect(facts(gold.map((value, i) => point(i + 1, value))).broken.turn).toMatchObject({ step: 5 });
  });
});
