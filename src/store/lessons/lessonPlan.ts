import type { RunSpec } from '../../contract/domain';
import { maxOf } from '../../contract/many';
import type { MetricId } from '../../contract/metrics';
import { countOf } from '../../contract/numbers';
import type { MetricPoint, PolicyMeasurement } from '../../contract/observations';
import type { Vote } from '../../contract/preferences';
import type { LessonArm, LessonArmPlan, LessonFork, LessonPlan, LessonTask } from './lessonState';

/** What lessons speak of; the rest of a run's numbers is not kept. */
const METRICS_KEPT: readonly MetricId[] = [
  'objective/scores',
  'objective/klExact',
  'gold/score',
  'completion/grammatical',
  'completion/distinct',
  'completion/distinct2',
  'completion/length',
  'rewards/accuracies',
  'axis/kl',
  'axis/gold',
  'objective/kl',
];
/** steps that one run is ahead of the other while both are drawn: few, so that they grow side by side */
export const CHUNK = { ppo: 2, dpo: 5 } as const;

export const EMPTY_ARM: LessonArm = { totalSteps: 0, history: [], rows: [], accuracy: null };

export const isFork = (broken: LessonPlan['broken']): broken is LessonFork => 'forkAt' in broken;
const armsOf = ({ healthy, broken }: LessonPlan): LessonArmPlan[] => (isFork(broken) ? [healthy] : [healthy, broken]);
/** two arms with the same key share a judge */
export const judgeKey = ({ votes, reward }: LessonArmPlan): string => JSON.stringify([votes, reward]);
/** the reward models that have to be trained, each once */
export const judgesOf = (plan: LessonPlan): LessonArmPlan[] => [
  ...new Map(armsOf(plan).flatMap((arm) => (arm.reward ? [[judgeKey(arm), arm] as const] : []))).values(),
];

const stepsOf = ({ method }: LessonArmPlan): number =>
  method.kind === 'ppo' ? method.config.iterations : method.config.steps;

/** simulated votes that are enough for every arm */
export const votesOf = (plan: LessonPlan): number => maxOf(armsOf(plan).map((arm) => arm.votes));

/** What is to do, in its order: the runner counts on it. */
export function tasksOf(plan: LessonPlan): LessonTask[] {
  const votes = votesOf(plan);
  const task = (label: string, total: number): LessonTask => ({ label, done: 0, total });
  const judges = judgesOf(plan).map(({ votes: count, reward }) =>
    task(`Reward model (${reward?.pooling}) from ${countOf(count, 'vote')}`, reward?.steps || 100),
  );
  const { healthy, broken } = plan;
  const left = isFork(broken) ? stepsOf(healthy) - broken.forkAt : stepsOf(broken);
  return [
    task(countOf(votes, 'simulated vote'), votes),
    ...judges,
    task('Healthy run', stepsOf(healthy)),
    task('Broken run', left),
  ];
}

/** a point with the numbers that lessons speak of */
export const kept = ({ step, elapsedMs, values }: MetricPoint): MetricPoint => ({
  step,
  elapsedMs,
  values: Object.fromEntries(METRICS_KEPT.flatMap((id) => (values[id] === undefined ? [] : [[id, values[id]]]))),
});

/** a measurement of the reference as the point before the first step */
export const pointBefore = ({
  kl,
  gold,
  grammatical,
  distinct,
  distinctNgrams,
  length,
}: PolicyMeasurement): MetricPoint => ({
  step: 0,
  elapsedMs: 0,
  values: {
    'axis/kl': kl.value,
    ...(gold && { 'gold/score': gold.value }),
    ...(grammatical !== null && { 'completion/grammatical': grammatical }),
    'completion/distinct': distinct,
    'completion/distinct2': distinctNgrams[1],
    'completion/length': length,
  },
});

/** What the thread is asked for: votes that the arm learns from, and the judge where it has one. */
export function armSpec(
  plan: LessonPlan,
  arm: LessonArmPlan,
  made: { baseId: string; votes: readonly Vote[]; rewardId: string | null },
): RunSpec {
  const { seed, rater } = plan;
  const { baseId, rewardId } = made;
  const { method } = arm;
  const votes = made.votes.slice(0, arm.votes);
  if (method.kind === 'dpo')
    return { kind: 'dpo', seed, config: method.config, baseId, opinions: votes, rewardId, rater };
  if (rewardId === null) throw new Error('PPO needs a reward model');
  return { kind: 'ppo', seed, config: method.config, baseId, rewardId, rater };
}
