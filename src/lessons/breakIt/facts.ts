import type { MetricId } from '../../contract/metrics';
import type { MetricPoint } from '../../contract/observations';
import { firstOf, standing, until } from '../../store/guide/readings';
import type { LessonArm, LessonRecord } from '../../store/lessons/lessonState';
import {
  findTurn,
  type GoldPoint,
  goldCurve,
  highest,
  largestFall,
  type TrailValue,
  type Turn,
} from '../../store/runs/overoptimization';

/** What a policy is made to raise, and how far it went meanwhile. */
export interface Pursued {
  metric: MetricId;
  label: string;
  tone: 'reward' | 'policy';
  kl: MetricId;
}

/**
 * How a run stands: what it is paid for, what that stands for, and the state of its texts. NaN where nothing was
 * measured.
 */
export interface Reading {
  proxy: number;
  gold: number;
  /** nats per completion from the reference */
  kl: number;
  /** share of the texts that parse */
  grammatical: number;
  /** different completions ÷ completions */
  distinct: number;
  /** different word pairs ÷ word pairs of all texts */
  distinct2: number;
  /** tokens, <eos> included */
  length: number;
}
export interface ArmFacts {
  /** before the first update */
  start: Reading;
  /** where the broken run left the healthy one; the start when it never was on the same way */
  fork: Reading;
  /** mean of the last few measurements */
  end: Reading;
  turn: Turn | null;
  /** where gold's curve was highest, averaged over neighbours; null where gold was not measured */
  peak: GoldPoint | null;
  /** the largest fall of that curve, made up for or not; null where it never fell */
  fall: { from: GoldPoint; to: GoldPoint } | null;
  /** share of held-out votes that its reward model sides with; null without one */
  accuracy: number | null;
  /** how many votes those were; null where it was not kept */
  heldOutPairs: number | null;
  steps: number;
}
export interface Facts {
  healthy: ArmFacts;
  broken: ArmFacts;
  forkAt: number | null;
}

function read(points: readonly MetricPoint[], { metric, kl }: Pursued, from: 'first' | 'last'): Reading {
  const of = (id: MetricId): number => (from === 'first' ? firstOf(points, id) : standing(points, id));
  return {
    proxy: of(metric),
    gold: of('gold/score'),
    kl: of(kl),
    grammatical: of('completion/grammatical'),
    distinct: of('completion/distinct'),
    distinct2: of('completion/distinct2'),
    length: of('completion/length'),
  };
}

/** The way of a run where all three were measured. */
export const trailOf = (points: readonly MetricPoint[], { metric, kl }: Pursued): TrailValue[] =>
  points.flatMap(({ step, values }) => {
    const [proxy, gold, distance] = [values[metric], values['gold/score'], values[kl]];
    return proxy === undefined || gold === undefined || distance === undefined
      ? []
      : [{ step, kl: distance, proxy, gold }];
  });

/** gold's curve is read where gold was measured, whether or not the rest was */
const goldPoints = (points: readonly MetricPoint[]): GoldPoint[] =>
  goldCurve(
    points.flatMap(({ step, values: { 'gold/score': gold } }) =>
      gold === undefined ? [] : [{ step, kl: 0, proxy: 0, gold }],
    ),
  );

function armFacts({ history, accuracy, heldOutPairs }: LessonArm, proxy: Pursued, forkAt: number | null): ArmFacts {
  const start = read(history, proxy, 'first');
  const curve = goldPoints(history);
  const before = until(history, forkAt);
  return {
    start,
    fork: before.length > 0 ? read(before, proxy, 'last') : start,
    end: read(history, proxy, 'last'),
    turn: findTurn(trailOf(history, proxy)),
    peak: highest(curve),
    fall: largestFall(curve),
    accuracy,
    heldOutPairs: heldOutPairs ?? null,
    steps: history.at(-1)?.step ?? 0,
  };
}

/** What two runs of a lesson came to. */
export const factsOf = ({ arms, forkAt }: LessonRecord, { proxy }: { proxy: Pursued }): Facts => ({
  healthy: armFacts(arms.healthy, proxy, forkAt),
  broken: armFacts(arms.broken, proxy, forkAt),
  forkAt,
});
