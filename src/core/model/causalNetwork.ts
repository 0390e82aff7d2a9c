/**
 * The one interface between the learning algorithms and the transformer. Everything in `core/train` is written against
 * it; an executor (composed tf.js operations, or recorded plans of our own kernels) stands behind it.
 *
 *   tokens           · · p0 p1 | c0 c1 c2 ·  ·      left padding, prompt; completion, right padding
 *   column           0 1 2  3  | 4  5  6  7  8      P = 4 columns of prompt, T = 9
 *   predicted by               | 3  4  5  6  7      logits[t] speaks about tokens[t+1]
 *
 * Prompts of different lengths are padded on the left so that all completions begin in column P. Padded columns are
 * never attended to and positions count from the first real token, so padding changes no number. Right padding needs no
 * mask: attention is causal. Where a batch says where its texts end, an executor may leave both out.
 */
import type { Tuning } from '../../contract/adapters';
import type { Heads, NamedTensor, NamedTensors } from '../../contract/checkpoint';
import type { ExecutorName, ModelConfig, OptimizerConfig, Pooling } from '../../contract/config';
import type { GenerateOptions } from '../sample/generate';
import type { Random } from '../tensor/random';
import type { tf } from '../tf';

export type { GenerateOptions, Heads, NamedTensor, NamedTensors };

/** Borrowed by every function that takes one; whoever made it disposes of it. */
export interface TokenBatch {
  /** [B,T] int32 */
  tokens: tf.Tensor2D;
  /** [B] int32, padding columns before the first real token; null when every row starts in column 0 */
  leftPad: tf.Tensor1D | null;
  /**
   * [B] int32, the column behind the last token of each text; all columns when left out. Nothing behind it is asked for:
   * an executor may leave it out and answer 0 there
   */
  ends?: tf.Tensor1D | null;
}

export interface Parameter {
  /** without the network's name: `block0/attn/wQkv` */
  name: string;
  shape: number[];
  /** matrices decay, vectors do not */
  decay: boolean;
}

/** All tensors belong to the caller of `generate`, `batch.leftPad` included. */
export interface Rollout {
  /** [B,P+G] int32, prompt and completion; padding after <eos> */
  batch: TokenBatch;
  promptLength: number;
  /** [B,G] float32: 1 where a generated token counts, <eos> included */
  completionMask: tf.Tensor2D;
  /** [B,G] of the sampled tokens, at the sampling temperature without filters; 0 after <eos> */
  logprobs: tf.Tensor2D;
}

/** [B,count] each, nats */
export interface ScoredTokens {
  logprobs: tf.Tensor2D;
  /** of the whole distribution that the token was taken from */
  entropy: tf.Tensor2D;
}

/** What a loss shows of itself, by name; nothing of it is differentiated. */
export type Shown = Record<string, tf.Scalar>;

/** What is made small, and what there is to see on the way. */
export interface Objective<S extends Shown = Shown> {
  loss: tf.Scalar;
  /** nothing when left out */
  shown?: S;
}

/** Keeps the moments of one network's parameters. */
export interface NetworkOptimizer {
  /**
   * Gradient of the loss with respect to the network's parameters, clipped by global norm, then one AdamW step.
   * @param objective called once
   * @param headLearningRate rate of the scalar head; the same as the rest when left out
   * @returns scalars owned by the caller; the norm is the one before clipping, what is shown is from before the step
   */
  minimize<S extends Shown>(
    objective: () => Objective<S>,
    learningRate: number,
    headLearningRate?: number,
  ): { loss: tf.Scalar; gradNorm: tf.Scalar; shown: S };
  save(): Promise<NamedTensors>;
  load(tensors: NamedTensors): void;
  dispose(): void;
}

export interface CausalNetwork {
  readonly name: string;
  readonly config: ModelConfig;
  readonly heads: Heads;
  readonly executor: ExecutorName;
  /** all weights that a pass reads, always in the same order */
  readonly parameters: readonly Parameter[];

  /** what learns, where that is a part; null where all weights do */
  readonly tuning: Tuning | null;

  /** logits of `count` columns from `from` on, of all to the last when it is left out, `[B,count,V]`; differentiable */
  logits(batch: TokenBatch, from?: number, count?: number): tf.Tensor3D;
  /**
   * Of tokens[from … T−1], each predicted by the column before it; differentiable.
   * @param from first scored column, at least 1 (P for completions)
   * @returns logprobs and entropy of the distribution at this temperature, both [B,T−from], nats
   */
  logprobs(batch: TokenBatch, from: number, temperature: number): ScoredTokens;
  /** the same bits, with the logits [B,T−from,V] that they were read off: one forward pass, which has no gradient */
  logprobsAndLogits(batch: TokenBatch, from: number, temperature: number): ScoredTokens & { logits: tf.Tensor3D };
  /**
   * gain·x + bias of the scalar head at the columns that emit tokens[from … T−1]: the state *before* each token;
   * [B,T−from]; differentiable. With the scale, so that a critic cloned from a reward model starts at that model's
   * scores.
   */
  values(batch: TokenBatch, from: number): tf.Tensor2D;
  /** one forward pass for a network with both heads; differentiable */
  logprobsAndValues(batch: TokenBatch, from: number, temperature: number): ScoredTokens & { values: tf.Tensor2D };
  /**
   * One score per row, pooled from the scalar head at the tokens themselves, then gain·x + bias; differentiable. 'sum'
   * is divided by a constant 12, see `heads.ts`.
   * @param mask [B,T−from] 1 on the completion's real tokens; a row without any scores `bias`
   */
  scores(batch: TokenBatch, from: number, mask: tf.Tensor2D, pooling: Pooling): tf.Tensor1D;
  /** output of the scalar head at the tokens themselves, gain and bias not applied, [B,T−from] */
  tokenScores(batch: TokenBatch, from: number): tf.Tensor2D;
  /** attention of row 0, one [H,T,T] per layer */
  attention(batch: TokenBatch): tf.Tensor3D[];
  /** final hidden states after the last normalisation, [B,T,C] */
  hidden(batch: TokenBatch): tf.Tensor3D;

  /**
   * Samples on the device, with a key/value cache; nothing is read back. The recorded logprobs come from one full pass
   * over the result, so that `logprobs` gives exactly the same numbers. At a greedy temperature the likeliest token is
   * taken and logprobs are those at temperature 1.
   * @param random as many numbers as there are tokens, row by row
   * @throws when prompt and completion do not fit the context
   */
  generate(prompts: TokenBatch, options: GenerateOptions, random: Random): Rollout;
  /**
   * The same work, stopping after every few columns: what was begun is freed when it is given up. Weights stay as they
   * are until it is done; anything else may be asked of the network meanwhile. The prompts are borrowed until then.
   */
  generateInSlices(prompts: TokenBatch, options: GenerateOptions, random: Random): Generator<void, Rollout>;

  /** sets the score normalisation: score = gain·x + bias. lm-human-preferences, rewards.py */
  setScoreScale(gain: number, bias: number): void;
  readonly scoreScale: { gain: number; bias: number };

  createOptimizer(config: OptimizerConfig): NetworkOptimizer;
  /** independent weights; a scalar head that the original lacks starts at exactly 0 */
  clone(name: string, heads?: Heads): CausalNetwork;
  /**
   * A network that begins with the numbers of this one, to the last bit, and of which only what `tuning` names learns.
   * The rest is shared with this one, which may have adapters itself.
   * @param seed of the adapters
   * @throws on the fused executor
   */
  tuned(name: string, heads: Heads, tuning: Tuning, seed: Random): CausalNetwork;
  /** a plain network that computes the same to about 1e-5, adapters added to what they change; independent weights */
  merged(name: string): CausalNetwork;
  /** what learns, by parameter name; with a scalar head also `scoreScale` [2], gain and bias */
  save(): Promise<NamedTensors>;
  /** @throws when a name is missing or a shape differs; then nothing was changed */
  load(tensors: NamedTensors): void;
  /** what `merged` would save */
  savePlain(): Promise<NamedTensors>;
  dispose(): void;
}
