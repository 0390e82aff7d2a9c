import { presetConfig } from '../../contract/config';
import type { CheckpointInfo, RunSpec } from '../../contract/domain';
import { maxOf } from '../../contract/many';
import type { MetricPoint, RewardReview } from '../../contract/observations';
import type { Vote } from '../../contract/preferences';
import { type Context, derivedSeed } from '../context';
import { checkpointById } from '../models/inUse';
import { writerId } from '../rounds/rounds';
import { upTo } from '../runs/runEvents';
import type { Conductor } from './conductor';
import { armSpec, CHUNK, isFork, judgeKey, judgesOf, kept, pointBefore, votesOf } from './lessonPlan';
import {
  type ArmName,
  LESSON_RUN,
  type LessonArm,
  type LessonArmPlan,
  type LessonFork,
  type LessonPlan,
} from './lessonState';
import { type Ears, type ThreadRun, threadRun } from './threadRun';

/** The thread's things that a lesson or a sweep made. */
export interface Belongings {
  runs: ThreadRun[];
  checkpointIds: Set<string>;
}

/** One lesson under way. */
interface Performance extends Belongings {
  context: Context;
  plan: LessonPlan;
  conductor: Conductor;
  baseId: string;
  votes: Vote[];
}

/** The visitor's own model where the lessons were measured on its like, otherwise the one that ships with the page. */
export async function lessonBase(context: Context): Promise<CheckpointInfo> {
  const state = context.get();
  const own = checkpointById(state, writerId(state));
  const { layers, width } = presetConfig('tiny').model;
  if (own && state.corpus.summary?.kind === 'stories' && own.model.layers === layers && own.model.width === width)
    return own;
  return context.call('shelf/shipped', { preset: 'tiny', aside: true });
}

/** puts progress on the page with the next frame */
function progress({ context }: Performance, index: number, done: number, total?: number): void {
  context.batch.add((state) => {
    const tasks = state.lesson.tasks.map((task, i) =>
      i === index ? { ...task, done, total: total ?? task.total } : task,
    );
    return { ...state, lesson: { ...state.lesson, tasks } };
  });
}

function changeArm({ context }: Performance, name: ArmName, change: (arm: LessonArm) => Partial<LessonArm>): void {
  context.batch.add((state) => {
    const { live } = state.lesson;
    if (!live) return state;
    const arms = { ...live.arms, [name]: { ...live.arms[name], ...change(live.arms[name]) } };
    return { ...state, lesson: { ...state.lesson, live: { ...live, arms } } };
  });
}

/** what these arms learn of a run */
function earsOf(performance: Performance, names: readonly ArmName[]): Ears {
  const each = (change: Parameters<typeof changeArm>[2]) => {
    for (const name of names) changeArm(performance, name, change);
  };
  return {
    points: (points) =>
      each(({ history }) => ({ history: [...upTo(history, points[0]?.step ?? 0), ...points.map(kept)] })),
    rows: (rows) => each(() => ({ rows })),
  };
}

async function openRun(performance: Performance, from: RunSpec | Uint8Array, ears: Ears): Promise<ThreadRun> {
  const { context, runs, checkpointIds } = performance;
  const saved = ({ checkpointId }: CheckpointInfo) => void checkpointIds.add(checkpointId);
  const source = from instanceof Uint8Array ? from : { spec: from };
  const run = await threadRun(context.client(), context.newId(LESSON_RUN), source, { ...ears, saved });
  runs.push(run);
  return run;
}

interface Judge {
  rewardId: string;
  /** how it stands with votes that it did not learn from, when it is done */
  accuracy: number | null;
  heldOutPairs: number;
}

async function trainJudge(performance: Performance, { votes, reward }: LessonArmPlan, index: number): Promise<Judge> {
  const { plan, conductor, baseId } = performance;
  if (!reward) throw new Error('an arm without a reward model needs no judge');
  const learned = { opinions: performance.votes.slice(0, votes), vetoed: [], useRule: false };
  let heldOut: Pick<RewardReview, 'accuracy' | 'heldOutPairs'> = { accuracy: 0, heldOutPairs: 0 };
  const run = await openRun(
    performance,
    { kind: 'reward', seed: plan.seed, config: reward, baseId, ...learned },
    {
      state: ({ step, totalSteps }) => progress(performance, index, step, totalSteps),
      review: (review) => {
        heldOut = review;
      },
    },
  );
  const { checkpointId } = await conductor.play(run, run.totalSteps);
  if (checkpointId === null) throw new Error('the reward model was not kept');
  const { accuracy, heldOutPairs } = heldOut;
  return { rewardId: checkpointId, accuracy: heldOutPairs > 0 ? accuracy : null, heldOutPairs };
}

/** what an arm remembers of its judge */
const standingOf = (judge: Judge | undefined): Pick<LessonArm, 'accuracy' | 'heldOutPairs'> =>
  judge ? { accuracy: judge.accuracy, heldOutPairs: judge.heldOutPairs } : { accuracy: null };

const specOf = ({ plan, baseId, votes }: Performance, arm: LessonArmPlan, judge: Judge | undefined): RunSpec =>
  armSpec(plan, arm, { baseId, votes, rewardId: judge?.rewardId ?? null });

/** Both runs a few steps at a time, until both are done. */
async function sideBySide({ conductor, plan }: Performance, pair: readonly ThreadRun[], from: number): Promise<void> {
  const chunk = CHUNK[plan.healthy.method.kind];
  const last = maxOf(pair.map(({ totalSteps }) => totalSteps));
  for (let step = from + chunk; step < last + chunk; step += chunk)
    for (const run of pair)
      if (step < run.totalSteps + chunk) await conductor.play(run, Math.min(step, run.totalSteps));
}

/** One run until the fork, two from there on. */
async function forked(
  performance: Performance,
  plan: LessonPlan & { broken: LessonFork },
  judge: Judge | undefined,
  index: number,
) {
  const { conductor } = performance;
  const { forkAt, knobs } = plan.broken;
  let names: readonly ArmName[] = ['healthy', 'broken'];
  const ears: Ears = {
    points: (points) => earsOf(performance, names).points?.(points),
    rows: (rows) => earsOf(performance, names).rows?.(rows),
    state: ({ step }) => progress(performance, index, step),
  };
  const healthy = await openRun(performance, specOf(performance, plan.healthy, judge), ears);
  for (const name of names)
    changeArm(performance, name, () => ({ totalSteps: healthy.totalSteps, ...standingOf(judge) }));
  await conductor.play(healthy, forkAt);
  names = ['healthy'];
  const broken = await openRun(performance, await healthy.snapshot(), {
    ...earsOf(performance, ['broken']),
    state: ({ step }) => progress(performance, index + 1, step - forkAt),
  });
  await broken.adjust(knobs);
  await sideBySide(performance, [healthy, broken], forkAt);
}

/**
 * Where DPO begins: it looks at fresh texts after its first step only, PPO's first rollouts are the reference's own.
 */
async function before({ context, baseId, plan }: Performance, { method }: LessonArmPlan): Promise<MetricPoint[]> {
  if (method.kind !== 'dpo') return [];
  const { temperature, evalSamples: texts } = method.config;
  const itself = {
    policyId: baseId,
    referenceId: baseId,
    rewardId: null,
    rater: plan.rater,
    seed: plan.seed,
    temperature,
    texts,
  };
  return [pointBefore((await context.call('measure/policy', itself)).measurement)];
}

async function apart(
  performance: Performance,
  arms: Record<ArmName, LessonArmPlan>,
  judges: ReadonlyMap<string, Judge>,
  index: number,
) {
  const open = async (name: ArmName, at: number) => {
    const judge = judges.get(judgeKey(arms[name]));
    const ears = {
      ...earsOf(performance, [name]),
      state: ({ step }: { step: number }) => progress(performance, at, step),
    };
    const run = await openRun(performance, specOf(performance, arms[name], judge), ears);
    const history = await before(performance, arms[name]);
    changeArm(performance, name, () => ({ totalSteps: run.totalSteps, ...standingOf(judge), history }));
    return run;
  };
  const pair = [await open('healthy', index), await open('broken', index + 1)];
  await sideBySide(performance, pair, 0);
}

async function perform(performance: Performance): Promise<void> {
  const { context, plan, conductor, baseId } = performance;
  const { seed, rater, noise, sampling } = plan;
  const asked = {
    policyId: baseId,
    rater,
    count: votesOf(plan),
    noise,
    seed: derivedSeed(seed, 'lesson votes', 0),
    sampling,
  };
  performance.votes = await context.call('compare/simulate', asked);
  progress(performance, 0, performance.votes.length);
  const judges = new Map<string, Judge>();
  for (const [i, arm] of judgesOf(plan).entries()) {
    await conductor.turn();
    judges.set(judgeKey(arm), await trainJudge(performance, arm, 1 + i));
  }
  const index = 1 + judges.size;
  const { healthy, broken } = plan;
  if (isFork(broken)) await forked(performance, { ...plan, broken }, judges.get(judgeKey(healthy)), index);
  else await apart(performance, { healthy, broken }, judges, index);
}

/** What was made in the thread goes; what the visitor has made the same way meanwhile stays. */
export async function giveBack(context: Context, { runs, checkpointIds }: Belongings): Promise<void> {
  for (const run of runs) await run.dispose();
  const { checkpoints } = context.get().shelf;
  for (const checkpointId of checkpointIds) {
    if (checkpoints.some((info) => info.checkpointId === checkpointId)) continue;
    await context
      .client()
      .call('shelf/remove', { checkpointId })
      .catch(() => undefined);
  }
}

/**
 * Prepares and trains everything that a lesson needs, and gives it back whatever happens.
 * @throws CalledOff, or what went wrong
 */
export async function runLesson(
  context: Context,
  plan: LessonPlan,
  baseId: string,
  conductor: Conductor,
): Promise<void> {
  const performance: Performance = { context, plan, conductor, baseId, votes: [], runs: [], checkpointIds: new Set() };
  try {
    await conductor.turn();
    await perform(performance);
  } finally {
    await giveBack(context, performance);
    context.batch.flush();
  }
}
