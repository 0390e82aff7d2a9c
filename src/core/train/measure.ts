/**
 * One axis for every method. However a policy came about (fine-tuning, PPO, DPO), it is asked the same: write fresh
 * texts for these prompts; how far from the reference are you, how much does the reward model like them, how much the
 * rater whom it stands for, and are they still texts?
 *
 *   distance   Σ_t KL(π(·|s_t) ‖ π_ref(·|s_t)), summed over the vocabulary at every state of the policy's own texts. Only
 *              states are sampled, so it is never negative and much less noisy than log-ratios of the sampled tokens
 *              (Rao–Blackwellised: Amini, Vieira & Cotterell 2025).
 *   score      of the reward model, without penalties
 *   gold       of the rater, where the grammar can compute it
 */
import type { Pooling } from '../../contract/config';
import { append } from '../../contract/many';
import type { MetricValues } from '../../contract/metrics';
import type { PolicyMeasurement } from '../../contract/observations';
import type { Rater } from '../../contract/preferences';
import { readNumbers } from '../kernels/readNumbers';
import { expectedKl, klPerCompletion } from '../losses/kl';
import type { CausalNetwork, Rollout } from '../model/causalNetwork';
import { logSoftmaxAt } from '../tensor/logprobs';
import { Random } from '../tensor/random';
import type { Corpus } from '../text/corpus';
import { tf } from '../tf';
import { readTexts } from './passes';
import type { Breathe } from './slices';
import { textHealth } from './textHealth';
import { type Completion, disposeTexts, readRows, rollOutPrompts, type TextBatch } from './texts';

/** A reward model, and how it was trained to read a text. */
export interface Judge {
  network: CausalNetwork;
  pooling: Pooling;
}

export interface MeasureInputs {
  /** borrowed, like every network here */
  policy: CausalNetwork;
  /** what the distance is measured from: the same for all methods that are to be compared */
  reference: CausalNetwork;
  rewardModel: Judge | null;
  /** whose gold score is taken; null for none. On the visitor's own text there is none either way */
  rater: Rater | null;
  corpus: Corpus;
  /** one fresh text each */
  prompts: readonly string[];
  /** of sampling and of both distributions; the same for all methods that are to be compared */
  temperature: number;
  /** the same stream and prompts give the same measurement */
  random: Random;
  /** called between slices, passes and batches; what it throws ends the measurement */
  breathe?: Breathe | undefined;
}

/** texts by which a run or a checkpoint finds its place on the axis: a mean score then wanders by about ±0.12 */
const AXIS_TEXTS = 64;

/** By which everything of one seed is measured; forked for prompts and for samples. */
export const axisRandom = (seed: number): Random => Random.fromSeed(seed).fork('axis');

/** The prompts and random numbers by which everything of one seed is measured, so that what differs is the policy. */
export function axisDraw(corpus: Corpus, seed: number, texts = AXIS_TEXTS): Pick<MeasureInputs, 'prompts' | 'random'> {
  const random = axisRandom(seed);
  return { prompts: corpus.prompts(random.fork('prompts'), texts), random: random.fork('samples') };
}

/** What was measured, and on which texts. */
export interface Measured {
  measurement: PolicyMeasurement;
  texts: Completion[];
}

const MOST_ROWS = 64;
/** numbers in one [rows,G,V] rectangle of log-probabilities; two of them live at once */
export const MOST_LOGITS = 4e6;

const rowsAtOnce = ({ completionLength, tokenizer }: Corpus): number =>
  Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_LOGITS / (completionLength * tokenizer.vocabSize))));

/** log π over the vocabulary at the columns that emit the completion, [B,G,V], owned by the caller */
export function completionDistributions(
  network: CausalNetwork,
  { batch, promptLength, completionMask }: Pick<Rollout, 'batch' | 'promptLength' | 'completionMask'>,
  temperature: number,
): tf.Tensor3D {
  return tf.tidy(() => {
    const length = completionMask.shape[1];
    return logSoftmaxAt(network.logits(batch, promptLength - 1, length), temperature);
  });
}

/** KL(π ‖ π_ref) over the vocabulary at each state of the completions, [B,G] nats, not masked, owned by the caller */
export function exactKlPerToken(
  policy: CausalNetwork,
  reference: CausalNetwork,
  rollout: Pick<Rollout, 'batch' | 'promptLength' | 'completionMask'>,
  temperature: number,
): tf.Tensor2D {
  return tf.tidy(() => {
    const [own, theirs] = [policy, reference].map((network) => completionDistributions(network, rollout, temperature));
    return expectedKl(own!, theirs!);
  });
}

/** [B] exact divergence of the policy from the reference along each completion, nats, owned by the caller */
export function exactKl(
  policy: CausalNetwork,
  reference: CausalNetwork,
  rollout: Pick<Rollout, 'batch' | 'promptLength' | 'completionMask'>,
  temperature: number,
): tf.Tensor1D {
  return tf.tidy(() =>
    klPerCompletion(exactKlPerToken(policy, reference, rollout, temperature), rollout.completionMask),
  );
}

/** [B] owned by the caller. @param breathe called between passes */
export const scoresOf = ({ network, pooling }: Judge, texts: TextBatch, breathe?: Breathe): Promise<tf.Tensor1D> =>
  readTexts(
    [network],
    texts,
    ({ batch, promptLength, completionMask }) => network.scores(batch, promptLength, completionMask, pooling),
    breathe,
  );

interface Judged {
  text: Completion;
  kl: number;
  score: number | null;
}

/** One rectangle of texts, written and read back. */
async function writeAndJudge(inputs: MeasureInputs, prompts: readonly string[]): Promise<Judged[]> {
  const { policy, reference, rewardModel, corpus, temperature, random, breathe } = inputs;
  const sampling = { temperature, topK: 0, topP: 1 }; // a filter would make the divergence that of another policy
  const rollout = await rollOutPrompts(policy, corpus, prompts, sampling, random, breathe);
  try {
    const distance = (texts: TextBatch) => exactKl(policy, reference, texts, temperature);
    const distances = await readNumbers(await readTexts([policy, reference], rollout, distance, breathe));
    const scored = rewardModel && (await readNumbers(await scoresOf(rewardModel, rollout, breathe)));
    const texts = await readRows(corpus, prompts, rollout);
    return texts.map((text, i) => ({ text, kl: distances[i]!, score: scored && scored[i]! }));
  } finally {
    disposeTexts(rollout);
    rollout.logprobs.dispose();
  }
}

/** Mean, and how far another draw of as many texts would typically put it. */
export function average(values: readonly number[]): { value: number; error: number } {
  const value = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - value) ** 2, 0) / Math.max(1, values.length - 1);
  return { value, error: Math.sqrt(variance / values.length) };
}

/** @returns null when any is missing: half a mean would be another quantity */
const averageOrNull = (values: readonly (number | null)[]): { value: number; error: number } | null => {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? average(known) : null;
};

/** The numbers of texts that were written and judged, wherever that happened. */
function summarize(judged: readonly Judged[], corpus: Corpus, rater: Rater | null): PolicyMeasurement {
  const texts = judged.map(({ text }) => text);
  const goldOf = ({ prompt, completion, finished }: Completion) =>
    rater && corpus.gold(rater, prompt, completion, finished);
  return {
    texts: judged.length,
    kl: average(judged.map(({ kl }) => kl)),
    score: averageOrNull(judged.map(({ score }) => score)),
    gold: averageOrNull(texts.map(goldOf)),
    ...textHealth(texts, corpus),
  };
}

/**
 * Where a policy stands.
 * @throws when there are no prompts
 */
export async function measurePolicy(inputs: MeasureInputs): Promise<Measured> {
  const { prompts, corpus, rater } = inputs;
  if (prompts.length === 0) throw new Error('a policy is measured on at least one prompt, got none');
  const rows = rowsAtOnce(corpus);
  const judged: Judged[] = [];
  for (let from = 0; from < prompts.length; from += rows) {
    if (from > 0) await inputs.breathe?.();
    append(judged, await writeAndJudge(inputs, prompts.slice(from, from + rows)));
  }
  return { measurement: summarize(judged, corpus, rater), texts: judged.map(({ text }) => text) };
}

/** The place on the axis as metrics of a history or a checkpoint; what was not measured is absent. */
export function axisMetrics({ kl, score, gold }: PolicyMeasurement): MetricValues {
  return { 'axis/kl': kl.value, ...(score && { 'axis/score': score.value }), ...(gold && { 'axis/gold': gold.value }) };
}
