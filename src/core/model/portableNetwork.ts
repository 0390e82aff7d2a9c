/** The portable executor: the transformer composed of tf.js operations, on any backend tf.js has. */
import type { ModelConfig, OptimizerConfig, Pooling } from '../../contract/config';
import { preferPlainKernelsOnSoftwareGpu } from '../kernels/softwareGpu';
import { generateTokens } from '../sample/generate';
import { scoringTemperature } from '../sample/sampleTokens';
import type { Random } from '../tensor/random';
import { assertSameShape } from '../tensor/shapes';
import { tf } from '../tf';
import type {
  CausalNetwork,
  GenerateOptions,
  Heads,
  NamedTensors,
  NetworkOptimizer,
  Parameter,
  Rollout,
  TokenBatch,
} from './causalNetwork';
import { CachedDecoder } from './decoder';
import { columnsOf, languageLogits, pool, scalars } from './heads';
import { parameterList } from './layout';
import { createNetworkOptimizer } from './networkOptimizer';
import { tokenLogprobs } from './ops/tokenLogprobs';
import { checkFrom, hiddenStates } from './trunk';
import { Weights } from './weights';

type Scored = { logprobs: tf.Tensor2D; entropy: tf.Tensor2D };

export class PortableNetwork implements CausalNetwork {
  readonly executor = 'portable';
  readonly parameters: readonly Parameter[];
  private readonly weights: Weights;
  private scale = { gain: 1, bias: 0 };

  /** @param values one per parameter; copied to the device */
  constructor(
    readonly name: string,
    readonly config: ModelConfig,
    readonly heads: Heads,
    values: NamedTensors | Weights,
  ) {
    preferPlainKernelsOnSoftwareGpu();
    this.parameters = parameterList(config, heads);
    this.weights = values instanceof Weights ? values : new Weights(this.parameters, values);
  }

  logits(batch: TokenBatch, from = 0): tf.Tensor3D {
    checkFrom(batch, from, 0);
    return tf.tidy(() => {
      const [rows, length] = batch.tokens.shape;
      const hidden = columnsOf(this.hidden(batch), from, length - from);
      return tf.reshape(languageLogits(this.weights, this.config, hidden), [rows, length - from, this.config.vocabSize]);
    });
  }

  logprobs(batch: TokenBatch, from: number, temperature: number): Scored {
    checkFrom(batch, from, 1);
    return tf.tidy(() => this.logprobsOf(this.hidden(batch), batch, from, temperature));
  }

  values(batch: TokenBatch, from: number): tf.Tensor2D {
    checkFrom(batch, from, 1);
    return tf.tidy(() => this.valuesOf(this.hidden(batch), from));
  }

  logprobsAndValues(batch: TokenBatch, from: number, temperature: number): Scored & { values: tf.Tensor2D } {
    checkFrom(batch, from, 1);
    return tf.tidy(() => {
      const hidden = this.hidden(batch);
      return { ...this.logprobsOf(hidden, batch, from, temperature), values: this.valuesOf(hidden, from) };
    });
  }

  scores(batch: TokenBatch, from: number, mask: tf.Tensor2D, pooling: Pooling): tf.Tensor1D {
    return tf.tidy(() => {
      const tokenScores = this.tokenScores(batch, from);
      assertSameShape({ mask, tokenScores });
      return this.scaled(pool(tokenScores, mask, pooling));
    });
  }

  tokenScores(batch: TokenBatch, from: number): tf.Tensor2D {
    checkFrom(batch, from, 0);
    const [rows, length] = batch.tokens.shape;
    return tf.tidy(() => {
      const columns = columnsOf(this.hidden(batch), from, length - from);
      return tf.reshape(scalars(this.weights, columns), [rows, length - from]);
    });
  }

  attention(batch: TokenBatch): tf.Tensor3D[] {
    return tf.tidy(() => {
      const maps: tf.Tensor3D[] = [];
      const [, length] = batch.tokens.shape;
      const { heads } = this.config;
      // kept, because the operation that hands them out tidies up after itself
      hiddenStates(this.weights, this.config, batch, (seen, layer) => {
        maps[layer] = tf.keep(tf.reshape(tf.slice(seen, [0, 0, 0, 0], [1, heads, length, length]), [heads, length, length]));
      });
      return maps;
    });
  }

  hidden(batch: TokenBatch): tf.Tensor3D {
    return tf.tidy(() => hiddenStates(this.weights, this.config, batch));
  }

  generate(prompts: TokenBatch, { sampling, completionLength, eosId, padId }: GenerateOptions, random: Random): Rollout {
    const [rows, promptLength] = prompts.tokens.shape;
    const total = promptLength + completionLength;
    if (total > this.config.contextLength)
      throw new Error(`${promptLength} + ${completionLength} tokens do not fit the context of ${this.config.contextLength}`);
    const decoder = new CachedDecoder(this.weights, this.config, prompts, total);
    const completions = generateTokens(decoder, rows, completionLength, sampling, { eosId, padId }, random);
    decoder.dispose();
    const leftPad = prompts.leftPad && tf.clone(prompts.leftPad);
    const batch = { tokens: tf.concat([prompts.tokens, completions.tokens], 1), leftPad };
    completions.tokens.dispose();
    // one full pass, the same that the update will take: the ratio of an untouched policy is then exactly 1
    const logprobs = tf.tidy(() => tf.mul(this.logprobs(batch, promptLength, scoringTemperature(sampling)).logprobs, completions.mask));
    return { batch, promptLength, completionMask: completions.mask, logprobs: logprobs as tf.Tensor2D };
  }

  get scoreScale(): { gain: number; bias: number } {
    return { ...this.scale };
  }

  setScoreScale(gain: number, bias: number): void {
    this.scale = { gain: Math.fround(gain), bias: Math.fround(bias) }; // as they will be saved
  }

  createOptimizer(config: OptimizerConfig): NetworkOptimizer {
    return createNetworkOptimizer(this.weights, config);
  }

  clone(name: string, heads: Heads = this.heads): CausalNetwork {
    const copy = new PortableNetwork(name, this.config, heads, this.weights.clone(parameterList(this.config, heads)));
    copy.scale = this.scoreScale;
    return copy;
  }

  async save(): Promise<NamedTensors> {
    const saved = await this.weights.save();
    if (this.heads.scalar) saved.scoreScale = { shape: [2], data: Float32Array.of(this.scale.gain, this.scale.bias) };
    return saved;
  }

  load(tensors: NamedTensors): void {
    this.weights.load(tensors);
    const [gain, bias] = tensors.scoreScale?.data ?? [];
    if (gain !== undefined && bias !== undefined) this.setScoreScale(gain, bias);
  }

  dispose(): void {
    this.weights.dispose();
  }

  private logprobsOf(hidden: tf.Tensor3D, { tokens }: TokenBatch, from: number, temperature: number): Scored {
    const [rows, length] = tokens.shape;
    const count = length - from;
    const logits = languageLogits(this.weights, this.config, columnsOf(hidden, from - 1, count)); // column t speaks about token t+1
    const targets = tf.reshape(tf.slice(tokens, [0, from], [rows, count]), [rows * count]) as tf.Tensor1D;
    const { logprobs, entropy } = tokenLogprobs(logits, targets, temperature);
    return { logprobs: tf.reshape(logprobs, [rows, count]), entropy: tf.reshape(entropy, [rows, count]) };
  }

  private valuesOf(hidden: tf.Tensor3D, from: number): tf.Tensor2D {
    const [rows, length] = hidden.shape;
    const columns = columnsOf(hidden, from - 1, length - from);
    return this.scaled(tf.reshape(scalars(this.weights, columns), [rows, length - from]));
  }

  private scaled<T extends tf.Tensor>(raw: T): T {
    const { gain, bias } = this.scale;
    return gain === 1 && bias === 0 ? raw : (tf.add(tf.mul(raw, gain), bias) as T);
  }
}
