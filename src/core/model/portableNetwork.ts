/** The portable executor: the transformer composed of tf.js operations, on any backend tf.js has. */
import type { Tuning } from '../../contract/adapters';
import type { ModelConfig, OptimizerConfig } from '../../contract/config';
import { preferPlainKernelsOnSoftwareGpu } from '../kernels/softwareGpu';
import { columnsAtOnce, generateTokens } from '../sample/generate';
import type { Random } from '../tensor/random';
import { tf } from '../tf';
import { TunedWeights } from './adapters/tunedWeights';
import { BaseNetwork, type Columns, type HeadKind, type Readings, type Written } from './baseNetwork';
import type { GenerateOptions, Heads, NamedTensors, NetworkOptimizer, ScoredTokens, TokenBatch } from './causalNetwork';
import { CachedDecoder } from './decoder';
import { columnsOf, languageLogits, scalars, scoredNext } from './heads';
import { parameterList } from './layout';
import { createNetworkOptimizer } from './networkOptimizer';
import { hiddenStates } from './trunk';
import { Weights } from './weights';

export class PortableNetwork extends BaseNetwork {
  readonly executor = 'portable';
  private readonly weights: Weights;

  /** @param values one per parameter; copied to the device */
  constructor(name: string, config: ModelConfig, heads: Heads, values: NamedTensors | Weights) {
    super(name, config, heads, values instanceof Weights ? null : values);
    preferPlainKernelsOnSoftwareGpu();
    this.weights = values instanceof Weights ? values : new Weights(this.parameters, values);
  }

  get tuning(): Tuning | null {
    return this.weights.tuning;
  }

  hidden(batch: TokenBatch): tf.Tensor3D {
    return tf.tidy(() => hiddenStates(this.weights, this.config, batch));
  }

  attention(batch: TokenBatch): tf.Tensor3D[] {
    return tf.tidy(() => {
      const maps: tf.Tensor3D[] = [];
      const [, length] = batch.tokens.shape;
      const { heads } = this.config;
      // kept, because the operation that hands them out tidies up after itself
      hiddenStates(this.weights, this.config, batch, (seen, layer) => {
        maps[layer] = tf.keep(
          tf.reshape(tf.slice(seen, [0, 0, 0, 0], [1, heads, length, length]), [heads, length, length]),
        );
      });
      return maps;
    });
  }

  createOptimizer(config: OptimizerConfig): NetworkOptimizer {
    return createNetworkOptimizer(this.weights, config);
  }

  dispose(): void {
    this.weights.dispose();
  }

  protected read(batch: TokenBatch, { language, scalar }: HeadKind, columns: Columns, temperature: number): Readings {
    const [rows] = batch.tokens.shape;
    const { first, count } = columns;
    return tf.tidy(() => {
      const states = columnsOf(this.hidden(batch), first, count); // [B·count,C]
      return {
        ...((language === 'logits' || language === 'both') && {
          logits: tf.reshape(languageLogits(this.weights, this.config, states), [
            rows,
            count,
            this.config.vocabSize,
          ]) as tf.Tensor3D,
        }),
        ...((language === 'logprobs' || language === 'both') && this.scoreNext(batch, states, columns, temperature)),
        ...(scalar && { scalars: tf.reshape(scalars(this.weights, states), [rows, count]) as tf.Tensor2D }),
      };
    });
  }

  protected *write(prompts: TokenBatch, options: GenerateOptions, random: Random): Generator<void, Written> {
    const [rows, promptLength] = prompts.tokens.shape;
    const decoder = new CachedDecoder(this.weights, this.config, prompts, promptLength + options.completionLength);
    try {
      const { tokens, mask } = yield* generateTokens(decoder, rows, options, random, columnsAtOnce(rows, this.size));
      const whole = tf.concat([prompts.tokens, tokens], 1);
      tokens.dispose();
      return { tokens: whole, mask };
    } finally {
      decoder.dispose();
    }
  }

  protected copy(name: string, heads: Heads): PortableNetwork {
    return new PortableNetwork(name, this.config, heads, this.weights.clone(parameterList(this.config, heads)));
  }

  protected tune(name: string, heads: Heads, tuning: Tuning, seed: Random): PortableNetwork {
    const weights = TunedWeights.beginAt(this.weights, parameterList(this.config, heads), tuning, seed);
    return new PortableNetwork(name, this.config, heads, weights);
  }

  protected merge(name: string): PortableNetwork {
    return new PortableNetwork(name, this.config, this.heads, this.weights.merged(this.parameters));
  }

  protected saveWeights(): Promise<NamedTensors> {
    return this.weights.save();
  }

  protected async saveMerged(): Promise<NamedTensors> {
    const merged = this.weights.merged(this.parameters);
    try {
      return await merged.save();
    } finally {
      merged.dispose();
    }
  }

  protected loadWeights(tensors: NamedTensors): void {
    this.weights.load(tensors);
  }

  /** of the token after each column. @param states [B·count,C]; @returns [B,count] each */
  private scoreNext(
    { tokens }: TokenBatch,
    states: tf.Tensor2D,
    { first, count }: Columns,
    temperature: number,
  ): ScoredTokens {
    const [rows] = tokens.shape;
    const targets = tf.reshape(tf.slice(tokens, [0, first + 1], [rows, count]), [rows * count]) as tf.Tensor1D;
    const { logprobs, entropy } = scoredNext(this.weights, this.config, states, targets, temperature);
    return { logprobs: tf.reshape(logprobs, [rows, count]), entropy: tf.reshape(entropy, [rows, count]) };
  }
}
