/**
 * Where the relatives of PPO differ from it (contract/ppoVariants.ts names them). Each is one function of one step:
 *
 *   1  RLOO, GRPO     several completions of each prompt
 *   3  2019, TRL      what a text that never ends is worth
 *   5  exact KL       the distance over the whole vocabulary instead of the sampled token
 *   6  RLOO           a completion against the mean of its siblings                       Ahmadian et al. 2024
 *      GRPO           the same in units of their spread                                   Shao et al. 2024
 *   7  GRPO           the distance in the loss instead of the reward                      Shao et al. 2024
 *      PPO-ptx        texts of the corpus mixed in                                        Ouyang et al. 2022, eq. 2
 *      TRL 0.7        a minibatch whose ratio is beyond all reason is skipped
 *   8  adaptive KL    β follows the distance                                             Ziegler et al. 2019
 */
import type { PpoConfig } from '../../contract/config';
import { nextKlCoef } from '../losses/adaptiveKl';
import { groupAdvantages } from '../losses/groupAdvantages';
import { expectedKl, klEstimate } from '../losses/kl';
import { penalizeMissingEos, replaceMissingEos } from '../losses/rewards';
import type { CausalNetwork, Rollout } from '../model/causalNetwork';
import { logSoftmaxAt } from '../tensor/logprobs';
import { maskedMean } from '../tensor/masked';
import { tf } from '../tf';
import { corpusLoss } from './corpusLoss';
import type { Experience, Minibatch } from './experience';
import { completionDistributions, exactKlPerToken, MOST_LOGITS } from './measure';
import { readLogprobs, readTexts, readTokens } from './passes';
import type { Knobs, PpoRun } from './ppoRun';
import type { TextBatch } from './texts';

/** Fresh prompts: each once, or K times side by side where its completions are compared with one another. */
export function drawPrompts(run: PpoRun): string[] {
  const { corpus, config } = run.inputs;
  if (config.advantages === 'gae') return corpus.prompts(run.stream('prompts'), config.rollouts);
  const prompts = corpus.prompts(run.stream('prompts'), Math.max(1, Math.floor(config.rollouts / config.groupSize)));
  return prompts.flatMap((prompt) => new Array<string>(config.groupSize).fill(prompt));
}

/** [B] 1 where a counted token is <eos>; everywhere where texts have no end of their own */
function finishedOf({ batch, promptLength, completionMask }: TextBatch, eosId: number | null): tf.Tensor1D {
  const [rows, length] = completionMask.shape;
  if (eosId === null) return tf.ones([rows]);
  const completion = tf.slice(batch.tokens, [0, promptLength], [rows, length]);
  return tf.max(tf.mul(tf.cast(tf.equal(completion, eosId), 'float32'), completionMask), 1);
}

/** [B] scores, with what a text that never ends is worth; inside a tidy */
export function settleMissingEos(run: PpoRun, rollout: TextBatch, scores: tf.Tensor1D): tf.Tensor1D {
  const { corpus, config } = run.inputs;
  const finished = finishedOf(rollout, corpus.tokenizer.eosId);
  const { missingEos, missingEosPenalty } = config;
  if (missingEos === 'replace') return replaceMissingEos(scores, finished, -missingEosPenalty);
  return penalizeMissingEos(scores, finished, missingEosPenalty);
}

/** Whichever network values states; null where there is none. */
export const criticOf = ({ valueModel, policy }: PpoRun): CausalNetwork | null =>
  valueModel ?? (policy.heads.scalar ? policy : null);

/** What the reference makes of a rollout. */
type ReadByReference = Pick<Experience, 'refLogprobs' | 'refLogits'>;

/**
 * How likely the reference finds the tokens, and, where that is no large table, what else it expected at each: the exact
 * divergence asks for it later, and need not read the reference again.
 * @param keep is handed what was made
 */
export async function readReference(
  { reference, inputs }: PpoRun,
  rollout: Rollout,
  keep: <T extends tf.Tensor>(made: T) => T,
): Promise<ReadByReference> {
  const { temperature } = inputs.config;
  const [rows, length] = rollout.completionMask.shape;
  if (rows * length * reference.config.vocabSize > MOST_LOGITS)
    return { refLogprobs: keep(await readLogprobs(reference, rollout, temperature, inputs.breathe)), refLogits: null };
  const logits: tf.Tensor3D[] = [];
  const read = ({ batch, promptLength }: TextBatch) => {
    const found = reference.logprobsAndLogits(batch, promptLength, temperature);
    logits.push(keep(tf.keep(found.logits)));
    return found.logprobs;
  };
  const refLogprobs = keep(await readTokens([reference], rollout, read, inputs.breathe));
  if (logits.length === 1) return { refLogprobs, refLogits: logits[0]! };
  const refLogits = keep(tf.concat(logits, 0));
  tf.dispose(logits);
  return { refLogprobs, refLogits };
}

/** [B,G] nats per token, 0 at padding; owned by the caller */
export async function klPerToken(run: PpoRun, rollout: Rollout, read: ReadByReference): Promise<tf.Tensor2D> {
  const { klEstimator } = run.inputs.config;
  if (klEstimator === 'exact') return readExactKl(run, rollout, read);
  return tf.tidy(() => tf.mul(klEstimate(rollout.logprobs, read.refLogprobs, klEstimator), rollout.completionMask));
}

/**
 * [B,G] over the whole vocabulary, nats per token, 0 at padding; owned by the caller
 * @param refLogits null: the reference is read, too
 */
export async function readExactKl(
  { policy, reference, inputs }: PpoRun,
  texts: TextBatch,
  { refLogits }: Pick<ReadByReference, 'refLogits'>,
): Promise<tf.Tensor2D> {
  const { config, breathe } = inputs;
  const { temperature } = config;
  if (!refLogits) {
    const exact = (some: TextBatch) => exactKlPerToken(policy, reference, some, temperature);
    return readTokens([policy, reference], texts, exact, breathe);
  }
  const expected = (some: TextBatch) => completionDistributions(policy, some, temperature);
  const own = await readTexts([policy], texts, expected, breathe);
  const exact = tf.tidy(() =>
    tf.mul<tf.Tensor2D>(expectedKl(own, logSoftmaxAt(refLogits, temperature)), texts.completionMask),
  );
  own.dispose();
  return exact;
}

/** [B,G] each; `equalShare` where completions are compared in groups */
export interface Advantages extends Pick<Experience, 'advantages' | 'returns'> {
  equalShare?: tf.Scalar;
}

/** Without a critic: each completion as a whole by how much more it earned than its siblings. Inside a tidy */
export function advantagesInGroups(
  { groupSize }: PpoConfig,
  kind: 'rloo' | 'grpo' | 'unscaled',
  rewards: tf.Tensor2D,
  completionMask: tf.Tensor2D,
): Advantages {
  const groups = groupAdvantages(tf.sum(rewards, 1), groupSize);
  // the same for all tokens of a text
  const advantages = tf.mul(tf.expandDims(groups[kind], 1), completionMask) as tf.Tensor2D;
  return { advantages, returns: tf.zerosLike(rewards), equalShare: groups.equalShare };
}

/**
 * scalar k(π, π_ref) where the distance is paid in the loss; null where it is paid in the reward. Nats per token,
 * inside a tidy
 */
export function klInLoss(
  run: PpoRun,
  { refLogprobs, completionMask }: Minibatch,
  newLogprobs: tf.Tensor2D,
): tf.Scalar | null {
  const { klPlacement, klEstimator } = run.inputs.config;
  if (klPlacement !== 'loss' || klEstimator === 'exact') return null;
  return maskedMean<tf.Scalar>(klEstimate(newLogprobs, refLogprobs, klEstimator), completionMask);
}

/**
 * scalar loss on texts of the corpus; null where none are mixed in. `name` of the update chooses them; inside a tidy
 */
export function ptxLoss(run: PpoRun, knobs: Knobs, name: string): tf.Scalar | null {
  if (knobs.ptxCoef === 0) return null;
  const { corpus, config } = run.inputs;
  return corpusLoss(
    run.policy,
    corpus.trainRows(run.stream(`corpus ${name}`), config.ptxRows, run.policy.config.contextLength),
  );
}

/**
 * 1, or 0 for a minibatch whose mean ratio is beyond all reason, with a gradient of 0: it is no way to lower the loss
 */
export const gateOf = ({ inputs }: PpoRun, meanRatio: tf.Scalar): tf.Scalar =>
  tf.step(tf.sub<tf.Scalar>(inputs.config.maxRatio, meanRatio));

/**
 * The leash gets shorter where the policy strayed further than wished, longer where it stayed nearer. Ziegler et al.
 * 2019, 2.2
 */
export function adaptKlCoef(run: PpoRun, knobs: Knobs, kl: number, rollouts: number): void {
  const { klControl, klHorizon } = run.inputs.config;
  if (klControl !== 'adaptive') return;
  const next = nextKlCoef(run.knobs.klCoef, kl, { target: knobs.klTarget, horizon: klHorizon }, rollouts);
  run.knobs.klCoef = next;
  run.record.adapt({ kl, next });
}
