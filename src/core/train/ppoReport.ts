/**
 * What there is to see in an iteration of PPO: what its rollouts say in numbers and as coloured texts, and where the
 * policy then stands.
 */
import type { PpoPhase } from '../../contract/domain';
import type { MetricValues } from '../../contract/metrics';
import type { BeforeAfter, RolloutRow } from '../../contract/observations';
import { nameScalars, readNamed } from '../kernels/namedScalars';
import { observing } from '../kernels/timeline';
import { klEstimate, klPerCompletion } from '../losses/kl';
import type { Shown } from '../model/causalNetwork';
import { tf } from '../tf';
import type { Experience } from './experience';
import { axisDraw, axisMetrics, measurePolicy } from './measure';
import type { Facts } from './ppoRecord';
import { readExactKl } from './ppoRelatives';
import type { Knobs, PpoRun } from './ppoRun';
import { healthMetrics, textHealth, winRate } from './textHealth';
import { type Completion, complete, readRows } from './texts';

const SHOWN_ROWS = 12;
const FIXED_PROMPTS = 6;
/** iterations between two looks at the fixed prompts and at the place on the axis */
const LOOK_EVERY = 5;

export interface PpoReport {
  /** what just ended; null is the iteration as a whole */
  phase: PpoPhase | null;
  /** iterations finished */
  step: number;
  /** of the evaluation: the first texts */
  rollouts?: RolloutRow[];
  /** of the iteration, `axis/…` now and then */
  metrics?: MetricValues;
  /** of the iteration, now and then; null otherwise */
  beforeAfter?: BeforeAfter[] | null;
}

/** What a batch says before anything is learned from it; the record begins with it. */
export function lookAtExperience(
  run: PpoRun,
  prompts: readonly string[],
  experience: Experience,
  knobs: Knobs,
): Promise<Required<Pick<PpoReport, 'metrics' | 'rollouts'>>> {
  return observing(async () => {
    const texts = await readRows(run.inputs.corpus, prompts, experience);
    const exactKl = await exactKlOf(run, experience);
    try {
      const objective = await objectiveMetrics(experience, exactKl, knobs.klCoef);
      const metrics = { ...objective, ...(await textMetrics(run, texts)) };
      const rollouts = await rolloutRows(run, texts, experience);
      const config = { ...run.inputs.config, ...knobs };
      const inTokens = texts.map((text) => tokensOf(run, text));
      run.record.begin({ iteration: run.iteration + 1, config, texts: inTokens }, experience, exactKl);
      return { metrics, rollouts };
    } finally {
      exactKl.dispose();
    }
  });
}

const tokensOf = ({ inputs }: PpoRun, { prompt, tokens }: Completion): Facts['texts'][number] => ({
  prompt,
  tokens: tokens.map((id) => inputs.corpus.tokenizer.tokenText(id)),
});

/**
 * Where the policy stands after an update, now and then: what it writes, and its place on the axis that it shares with
 * other methods.
 */
export async function lookAtPolicy(run: PpoRun): Promise<{ metrics: MetricValues; beforeAfter: BeforeAfter[] | null }> {
  const due = run.iteration === 1 || run.iteration % LOOK_EVERY === 0 || run.iteration === run.totalSteps;
  if (!due) return { metrics: {}, beforeAfter: null };
  return observing(async () => ({ metrics: await standing(run), beforeAfter: await beforeAfter(run) }));
}

/** [B,G] distance at each token over the whole vocabulary, nats, 0 at padding; owned by the caller */
export async function exactKlOf(run: PpoRun, experience: Experience): Promise<tf.Tensor2D> {
  return run.inputs.config.klEstimator === 'exact' ? tf.clone(experience.kl) : readExactKl(run, experience, experience);
}

/**
 * KL, scores and what PPO maximises, read back at once.
 * @param exactKl [B,G] over the whole vocabulary
 */
export async function objectiveMetrics(
  experience: Experience,
  exactKl: tf.Tensor2D,
  klCoef: number,
): Promise<MetricValues> {
  const { logprobs, refLogprobs, kl, completionMask, scores, equalShare } = experience;
  const scalars = tf.tidy(() => {
    const perCompletion = (perToken: tf.Tensor2D): tf.Scalar => tf.mean(klPerCompletion(perToken, completionMask));
    const penalty = tf.mul<tf.Scalar>(perCompletion(kl), -klCoef);
    const score = tf.mean<tf.Scalar>(scores);
    const scalars: Shown = {
      'objective/scores': score,
      'objective/kl': perCompletion(klEstimate(logprobs, refLogprobs, 'k1')),
      'objective/klExact': perCompletion(exactKl),
      'objective/non_score_reward': penalty,
      'objective/rlhf_reward': tf.add<tf.Scalar>(score, penalty),
      'objective/entropy': perCompletion(tf.neg(logprobs)),
      ...(equalShare && { 'objective/frac_reward_zero_std': equalShare }),
    };
    return nameScalars(scalars);
  });
  return { ...(await readNamed(scalars)), 'objective/kl_coef': klCoef };
}

/** null on the visitor's own text */
const goldOf = (run: PpoRun, { prompt, completion, finished }: Completion): number | null =>
  run.inputs.corpus.gold(run.inputs.rater, prompt, completion, finished);

/**
 * Gold scores of the rollouts, and of what the reference writes to the same prompts; nothing where there is no gold.
 */
async function goldMetrics(run: PpoRun, texts: readonly Completion[]): Promise<MetricValues> {
  const gold = texts.map((text) => goldOf(run, text)).filter((score) => score !== null);
  if (gold.length < texts.length) return {};
  const sampling = { temperature: run.inputs.config.temperature, topK: 0, topP: 1 };
  const prompts = texts.map(({ prompt }) => prompt);
  const base = await complete(
    run.reference,
    run.inputs.corpus,
    prompts,
    sampling,
    run.stream('reference samples'),
    run.inputs.breathe,
  );
  const baseGold = base.map((text) => goldOf(run, text) ?? 0);
  return {
    'gold/score': gold.reduce((sum, score) => sum + score, 0) / Math.max(1, gold.length),
    'gold/winRate': winRate(gold, baseGold),
  };
}

async function textMetrics(run: PpoRun, texts: readonly Completion[]): Promise<MetricValues> {
  const health = healthMetrics(textHealth(texts, run.inputs.corpus));
  return { 'completion/count': texts.length, ...health, ...(await goldMetrics(run, texts)) };
}

/** The first rows of the batch, token by token. One read-back. */
async function rolloutRows(run: PpoRun, texts: readonly Completion[], experience: Experience): Promise<RolloutRow[]> {
  const { logprobs, refLogprobs, values, rawAdvantages, rewards, scores } = experience;
  const shown = Math.min(SHOWN_ROWS, texts.length);
  const table = tf.tidy(() => {
    const columns = [tf.sub(logprobs, refLogprobs), values, rawAdvantages, rewards].map((x) =>
      tf.slice(x, [0, 0], [shown, -1]),
    );
    return tf.stack(columns) as tf.Tensor3D; // [4,rows,G]
  });
  const [numbers, scored] = await Promise.all([table.array(), scores.data()]);
  table.dispose();
  const [logRatios, critic, advantages, paid] = numbers as [number[][], number[][], number[][], number[][]];
  return texts.slice(0, shown).map((text, row) => ({
    prompt: text.prompt,
    tokens: text.tokens.map((id, t) => ({
      text: run.inputs.corpus.tokenizer.tokenText(id),
      logRatio: logRatios[row]![t]!,
      value: critic[row]![t]!,
      advantage: advantages[row]![t]!,
      reward: paid[row]![t]!,
    })),
    score: scored[row]!,
    gold: goldOf(run, text),
    kl: logRatios[row]!.slice(0, text.tokens.length).reduce((sum, x) => sum + x, 0),
  }));
}

/** The same prompts and the same random numbers for the reference and the policy as it stands. */
async function beforeAfter(run: PpoRun): Promise<BeforeAfter[]> {
  const { corpus, config } = run.inputs;
  const prompts = corpus.prompts(run.fixedStream('fixed prompts'), FIXED_PROMPTS);
  const sampling = { temperature: config.temperature, topK: 0, topP: 1 };
  const write = (network: typeof run.policy) =>
    complete(network, corpus, prompts, sampling, run.fixedStream('fixed samples'), run.inputs.breathe);
  const before =
    run.before ??
    (await write(run.reference)).map(({ prompt, completion }) => ({ prompt, before: completion, after: completion }));
  run.before = before;
  const after = await write(run.policy);
  return before.map((row, i) => ({ ...row, after: after[i]!.completion }));
}

/** Where the policy stands now on the axis. */
async function standing(run: PpoRun): Promise<MetricValues> {
  const { policy, reference, rewardModel, inputs } = run;
  const { corpus, config, pooling, rater, seed, breathe } = inputs;
  const judges = { rewardModel: rewardModel && { network: rewardModel, pooling }, rater };
  const temperature = config.temperature;
  const { measurement } = await measurePolicy({
    policy,
    reference,
    ...judges,
    corpus,
    temperature,
    breathe,
    ...axisDraw(corpus, seed),
  });
  return axisMetrics(measurement);
}
