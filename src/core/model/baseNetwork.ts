/**
 * What every executor's network is: the score's scale, saving and loading, scores from the scalar head, and the end of
 * generation. An executor brings one forward pass, `read`, from which everything that a loss asks for is cut, and where
 * its weights live.
 */
import type { Tuning } from '../../contract/adapters';
import type { ExecutorName, ModelConfig, OptimizerConfig, Pooling } from '../../contract/config';
import { finish } from '../../contract/steps';
import { scoringTemperature } from '../sample/sampleTokens';
import type { Random } from '../tensor/random';
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';
import { byRows, weightsOf } from './byRows';
import type {
  CausalNetwork,
  GenerateOptions,
  Heads,
  NamedTensors,
  NetworkOptimizer,
  Parameter,
  Rollout,
  ScoredTokens,
  TokenBatch,
} from './causalNetwork';
import { pool } from './heads';
import { parameterList } from './layout';
import { checkFrom } from './trunk';

/** Which heads are asked; `both` has no gradient. */
export interface HeadKind {
  language: 'logits' | 'logprobs' | 'both' | null;
  scalar: boolean;
}

/** Where heads read: columns `first` … `first + count − 1` of every row. */
export interface Columns {
  first: number;
  count: number;
  /** of these the last token of each text alone, where the batch says where texts end */
  lastAlone?: true;
}

/**
 * What a forward pass answers: `logits`, or of the token after each column `logprobs` and `entropy`; and `scalars`, as
 * it was asked.
 */
export interface Readings extends Partial<ScoredTokens> {
  /** [B,count,V] */
  logits?: tf.Tensor3D;
  /** [B,count], gain and bias not applied */
  scalars?: tf.Tensor2D;
}

/** What was sampled. */
export interface Written {
  /** [B,P+G] int32, prompts and completions */
  tokens: tf.Tensor2D;
  /** [B,G] float32, of the completions */
  mask: tf.Tensor2D;
  /**
   * [B,G] noted while writing, at the temperature of scoring and under the mask, where a pass would find the same bits
   */
  logprobs?: tf.Tensor2D;
}

/** [B] the column behind the last token that counts; owned by the caller */
const endsOf = (mask: tf.Tensor2D, promptLength: number): tf.Tensor1D =>
  tf.tidy(() => tf.cast(tf.add(tf.sum(mask, 1), promptLength), 'int32'));

/** tokens[from … T−1] themselves */
const at = ({ tokens }: TokenBatch, from: number): Columns => ({ first: from, count: tokens.shape[1] - from });
/** the columns that emit tokens[from … T−1] */
const before = ({ tokens }: TokenBatch, from: number): Columns => ({ first: from - 1, count: tokens.shape[1] - from });

export abstract class BaseNetwork implements CausalNetwork {
  abstract readonly executor: ExecutorName;
  abstract readonly tuning: Tuning | null;
  readonly parameters: readonly Parameter[];
  private scale = { gain: 1, bias: 0 };

  /** @param saved with the score's scale, where there is one; the weights in it are the executor's matter */
  constructor(
    readonly name: string,
    readonly config: ModelConfig,
    readonly heads: Heads,
    saved: NamedTensors | null,
  ) {
    this.parameters = parameterList(config, heads);
    if (saved) this.loadScale(saved);
  }

  /**
   * one forward pass; differentiable, its results owned by the caller. @param temperature of log-probabilities and
   * entropy
   */
  protected abstract read(batch: TokenBatch, kind: HeadKind, columns: Columns, temperature: number): Readings;
  /** in slices; owned by the caller; the prompts fit the context. What it holds is freed when it is given up */
  protected abstract write(prompts: TokenBatch, options: GenerateOptions, random: Random): Generator<void, Written>;
  /** independent weights; a scalar head that this network lacks starts at 0 */
  protected abstract copy(name: string, heads: Heads): BaseNetwork;
  /** of which little learns, on this one's weights; a scalar head that this network lacks starts at 0 */
  protected abstract tune(name: string, heads: Heads, tuning: Tuning, seed: Random): BaseNetwork;
  protected abstract merge(name: string): BaseNetwork;
  protected abstract saveWeights(): Promise<NamedTensors>;
  /** of what `merge` makes */
  protected abstract saveMerged(): Promise<NamedTensors>;
  /** @throws when a name is missing or a shape differs; then nothing was changed */
  protected abstract loadWeights(tensors: NamedTensors): void;
  abstract hidden(batch: TokenBatch): tf.Tensor3D;
  abstract attention(batch: TokenBatch): tf.Tensor3D[];
  abstract createOptimizer(config: OptimizerConfig): NetworkOptimizer;
  abstract dispose(): void;

  logits(batch: TokenBatch, from = 0, count?: number): tf.Tensor3D {
    checkFrom(batch, from, 0);
    const rest = at(batch, from);
    if (count !== undefined && !(count > 0 && count <= rest.count))
      throw new Error(`count is ${count}, expected 1 to ${rest.count}`);
    const columns = { ...rest, count: count ?? rest.count };
    return this.read(batch, { language: 'logits', scalar: false }, columns, 1).logits!;
  }

  logprobs(batch: TokenBatch, from: number, temperature: number): ScoredTokens {
    checkFrom(batch, from, 1);
    return this.read(batch, { language: 'logprobs', scalar: false }, before(batch, from), temperature) as ScoredTokens;
  }

  logprobsAndLogits(batch: TokenBatch, from: number, temperature: number): ScoredTokens & { logits: tf.Tensor3D } {
    checkFrom(batch, from, 1);
    const found = this.read(batch, { language: 'both', scalar: false }, before(batch, from), temperature);
    return found as ScoredTokens & { logits: tf.Tensor3D };
  }

  values(batch: TokenBatch, from: number): tf.Tensor2D {
    checkFrom(batch, from, 1);
    return tf.tidy(() =>
      this.scaled(this.read(batch, { language: null, scalar: true }, before(batch, from), 1).scalars!),
    );
  }

  logprobsAndValues(batch: TokenBatch, from: number, temperature: number): ScoredTokens & { values: tf.Tensor2D } {
    checkFrom(batch, from, 1);
    return tf.tidy(() => {
      const { logprobs, entropy, scalars } = this.read(
        batch,
        { language: 'logprobs', scalar: true },
        before(batch, from),
        temperature,
      );
      return { logprobs: logprobs!, entropy: entropy!, values: this.scaled(scalars!) };
    });
  }

  scores(batch: TokenBatch, from: number, mask: tf.Tensor2D, pooling: Pooling): tf.Tensor1D {
    return tf.tidy(() => {
      const tokenScores = this.readScores(batch, from, pooling === 'last');
      assertSameShape({ mask, tokenScores });
      return this.scaled(pool(tokenScores, mask, pooling));
    });
  }

  tokenScores(batch: TokenBatch, from: number): tf.Tensor2D {
    return this.readScores(batch, from, false);
  }

  private readScores(batch: TokenBatch, from: number, lastAlone: boolean): tf.Tensor2D {
    checkFrom(batch, from, 0);
    const columns = { ...at(batch, from), ...(lastAlone && { lastAlone }) };
    return this.read(batch, { language: null, scalar: true }, columns, 1).scalars!;
  }

  generate(prompts: TokenBatch, options: GenerateOptions, random: Random): Rollout {
    return finish(this.generateInSlices(prompts, options, random));
  }

  *generateInSlices(prompts: TokenBatch, options: GenerateOptions, random: Random): Generator<void, Rollout> {
    const promptLength = prompts.tokens.shape[1];
    const { completionLength, sampling } = options;
    const { contextLength } = this.config;
    if (promptLength + completionLength > contextLength)
      throw new Error(`${promptLength} + ${completionLength} tokens do not fit the context of ${contextLength}`);
    const { tokens, mask, logprobs: noted } = yield* this.write(prompts, options, random);
    const ends = this.skipsPadding ? endsOf(mask, promptLength) : null;
    const batch = { tokens, leftPad: prompts.leftPad && tf.clone(prompts.leftPad), ends };
    if (noted) return { batch, promptLength, completionMask: mask, logprobs: noted };
    let logprobs: tf.Tensor2D | null = null;
    try {
      yield;
      // one full pass, the same that the update will take: the ratio of an untouched policy is then exactly 1
      logprobs = yield* byRows(batch, [this], (piece) => {
        const found = this.logprobs(piece.batch, promptLength, scoringTemperature(sampling)).logprobs;
        return tf.mul<tf.Tensor2D>(found, tf.slice(mask, [piece.from, 0], [piece.count, completionLength]));
      });
      return { batch, promptLength, completionMask: mask, logprobs };
    } finally {
      if (!logprobs) tf.dispose([tokens, mask, batch.leftPad, ends].filter((one) => one !== null)); // given up
    }
  }

  /** whether it is swifter for knowing where texts end */
  protected get skipsPadding(): boolean {
    return false;
  }

  /** numbers in all weights */
  protected get size(): number {
    return weightsOf(this);
  }

  get scoreScale(): { gain: number; bias: number } {
    return { ...this.scale };
  }

  setScoreScale(gain: number, bias: number): void {
    this.scale = { gain: Math.fround(gain), bias: Math.fround(bias) }; // as they will be saved
  }

  clone(name: string, heads: Heads = this.heads): CausalNetwork {
    const copy = this.copy(name, heads);
    copy.scale = this.scoreScale;
    return copy;
  }

  tuned(name: string, heads: Heads, tuning: Tuning, seed: Random): CausalNetwork {
    const tuned = this.tune(name, heads, tuning, seed);
    tuned.scale = this.scoreScale;
    return tuned;
  }

  merged(name: string): CausalNetwork {
    const plain = this.merge(name);
    plain.scale = this.scoreScale;
    return plain;
  }

  async save(): Promise<NamedTensors> {
    return this.withScale(await this.saveWeights());
  }

  async savePlain(): Promise<NamedTensors> {
    return this.withScale(await this.saveMerged());
  }

  load(tensors: NamedTensors): void {
    this.loadWeights(tensors);
    this.loadScale(tensors);
  }

  private loadScale({ scoreScale }: NamedTensors): void {
    const [gain, bias] = scoreScale?.data ?? [];
    if (gain !== undefined && bias !== undefined) this.setScoreScale(gain, bias);
  }

  private withScale(saved: NamedTensors): NamedTensors {
    const { gain, bias } = this.scale;
    return this.heads.scalar ? { ...saved, scoreScale: { shape: [2], data: Float32Array.of(gain, bias) } } : saved;
  }

  private scaled<T extends tf.Tensor>(raw: T): T {
    const { gain, bias } = this.scale;
    return gain === 1 && bias === 0 ? raw : (tf.add(tf.mul(raw, gain), bias) as T);
  }
}
