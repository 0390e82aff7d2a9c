/**
 * PPO on language: the policy writes, the reward model pays, the critic says what was to be expected, and tokens that did better
 * become likelier. Ziegler et al. 2019; Ouyang et al. 2022. Every iteration has three phases:
 *
 *   rollout        1. the policy completes fresh prompts
 *   evaluation     2. the reference reads the same tokens    3. the reward model scores the texts    4. the critic values each state
 *                  5. rewards = −β·kl per token, score at the end    6. advantages (GAE), whitened
 *   optimisation   7. a few clipped steps of policy and critic on that batch    8. adaptive β, where asked for
 *
 * Its relatives are settings of the same loop (contract/ppoVariants.ts): PPO-ptx, RLOO and GRPO without a critic, A2C.
 */
import type { PpoPhase } from '../../contract/domain';
import type { MetricValues } from '../../contract/metrics';
import type { BeforeAfter, RolloutRow } from '../../contract/observations';
import { readNumbers } from '../kernels/readNumbers';
import { nextKlCoef } from '../losses/adaptiveKl';
import type { Rollout } from '../model/causalNetwork';
import { tf } from '../tf';
import { disposeExperience, disposeRollout, type Experience, evaluateRollouts, objectiveMetrics, writeRollouts } from './experience';
import { assertBelowCeiling, assertFinite } from './guards';
import { axisDraw, axisMetrics, measurePolicy } from './measure';
import type { Knobs, PpoRun } from './ppoRun';
import { optimise } from './ppoUpdate';
import { beforeAfter, readTexts, rolloutRows, textMetrics } from './rolloutReport';

export interface PpoReport {
  /** iterations finished */
  step: number;
  /** the phase that just finished */
  phase: PpoPhase;
  /** of the whole iteration, `axis/…` now and then; null until its last phase */
  metrics: MetricValues | null;
  /** after the evaluation */
  rollouts: RolloutRow[] | null;
  /** now and then after the optimisation, and at the end */
  beforeAfter: BeforeAfter[] | null;
}

/** iterations between two looks at the fixed prompts and at the place on the axis */
const COMPARE_EVERY = 5;

/** What an iteration carries from one phase to the next. */
interface Iteration {
  prompts: string[];
  rollout: Rollout;
  experience: Experience | null;
  metrics: MetricValues;
  /** as they stood when it began; those on the run act on the next one */
  knobs: Knobs;
}

/** Waits until the device has written them: otherwise the next phase would be charged for it. */
async function write(run: PpoRun): Promise<ReturnType<typeof writeRollouts>> {
  const written = writeRollouts(run);
  try {
    await readNumbers(tf.sum(written.rollout.completionMask));
    return written;
  } catch (error) {
    disposeRollout(written.rollout);
    throw error;
  }
}

async function evaluate(run: PpoRun, iteration: Iteration): Promise<RolloutRow[]> {
  const experience = evaluateRollouts(run, iteration.rollout, iteration.knobs.klCoef);
  iteration.experience = experience;
  const texts = await readTexts(run, iteration.prompts, experience);
  const objective = await objectiveMetrics(run, experience, iteration.knobs.klCoef);
  iteration.metrics = { ...objective, ...(await textMetrics(run, texts)) };
  assertFinite(iteration.metrics, run.iteration + 1);
  assertBelowCeiling(objective['objective/kl'] ?? 0, run.inputs.config.klCeiling, run.iteration + 1);
  return rolloutRows(run, texts, experience);
}

async function update(run: PpoRun, iteration: Iteration): Promise<void> {
  const { klControl, klHorizon } = run.inputs.config;
  const { knobs, prompts, metrics } = iteration;
  const learned = await optimise(run, iteration.experience!, knobs);
  Object.assign(metrics, learned, { 'train/lr': knobs.learningRate });
  assertFinite(metrics, run.iteration + 1);
  if (klControl === 'adaptive') {
    const observed = metrics['objective/kl'] ?? 0;
    run.knobs.klCoef = nextKlCoef(run.knobs.klCoef, observed, { target: knobs.klTarget, horizon: klHorizon }, prompts.length);
  }
}

/** Where the policy stands now, after the update, on the axis it shares with other methods. */
async function standing(run: PpoRun): Promise<MetricValues> {
  const { policy, reference, rewardModel, inputs } = run;
  const { corpus, config, pooling, rater, seed } = inputs;
  const judges = { rewardModel: { network: rewardModel, pooling }, rater };
  const { measurement } = await measurePolicy({
    policy,
    reference,
    ...judges,
    corpus,
    temperature: config.temperature,
    ...axisDraw(corpus, seed),
  });
  return axisMetrics(measurement);
}

/** Speed counts the phases' own time, not the pauses between them. */
function speed(iteration: Iteration, busyMs: number): MetricValues {
  const tokens = (iteration.metrics['completion/length'] ?? 0) * iteration.prompts.length;
  return { 'perf/stepMs': busyMs, ...(busyMs > 0 ? { 'perf/tokensPerSecond': (1000 * tokens) / busyMs } : {}) };
}

/**
 * Runs until `config.iterations`, one report per phase. The run stays the caller's and can be saved whenever a report of the
 * phase `optimisation` was the last. The knobs hold from the start of an iteration to its end.
 * @param now milliseconds, for the speed that is reported
 * @throws LabError('run/klCeiling') when the policy strays too far, LabError('run/nonFinite') at the first number that is not one
 */
export async function* ppo(run: PpoRun, now: () => number): AsyncGenerator<PpoReport> {
  let busyMs = 0;
  const timed = async <T>(phase: () => T | Promise<T>): Promise<T> => {
    const started = now();
    const result = await phase();
    busyMs += now() - started;
    return result;
  };
  const report = (phase: PpoPhase, rest: Partial<PpoReport> = {}): PpoReport => ({
    step: run.iteration,
    phase,
    metrics: null,
    rollouts: null,
    beforeAfter: null,
    ...rest,
  });

  while (run.iteration < run.totalSteps) {
    busyMs = 0;
    const written = await timed(() => write(run));
    const iteration: Iteration = { ...written, experience: null, metrics: {}, knobs: run.currentKnobs };
    try {
      run.phase = 'evaluation';
      yield report('rollout');
      const rollouts = await timed(() => evaluate(run, iteration));
      run.phase = 'optimisation';
      yield report('evaluation', { rollouts });
      await timed(() => update(run, iteration));
    } finally {
      if (iteration.experience) disposeExperience(iteration.experience);
      disposeRollout(iteration.rollout);
      run.phase = 'rollout';
    }
    const metrics = { ...iteration.metrics, ...speed(iteration, busyMs) };
    run.iteration++;
    const due = run.iteration === 1 || run.iteration % COMPARE_EVERY === 0 || run.iteration === run.totalSteps;
    yield report('optimisation', {
      metrics: { ...metrics, ...(due ? await standing(run) : {}) },
      beforeAfter: due ? await beforeAfter(run) : null,
    });
  }
}
