/** An encoder–decoder and its optimiser: owner of both. */
import type { OptimizerConfig } from '../../contract/config';
import { preferPlainKernelsOnSoftwareGpu } from '../kernels/softwareGpu';
import { crossEntropy } from '../losses/crossEntropy';
import type { NamedTensors, NetworkOptimizer } from '../model/causalNetwork';
import { createNetworkOptimizer } from '../model/networkOptimizer';
import { tokenLogprobs } from '../model/ops/tokenLogprobs';
import { Weights } from '../model/weights';
import { logSoftmaxAt } from '../tensor/logprobs';
import { loadAll, type Owners, saveAll } from '../tensor/prefix';
import type { Random } from '../tensor/random';
import { tf } from '../tf';
import { initialTranslator, type TranslatorConfig, translatorParameters } from './layout';
import type { NextLogprobs } from './search';
import { BOS, PAD, type SentencePairs } from './sentences';
import { type Look, type Texts, translatorLogits } from './transformer';

/** One side of a batch on the device; owned by the caller. */
function textsOf(tokens: Int32Array, lengths: Int32Array, columns: number): Texts {
  return {
    tokens: tf.tensor2d(tokens, [lengths.length, columns], 'int32'),
    lengths: tf.tensor1d(lengths, 'int32'),
  };
}

export class Translator {
  private readonly weights: Weights;
  private readonly optimizer: NetworkOptimizer;

  constructor(
    readonly config: TranslatorConfig,
    optimizer: OptimizerConfig,
    values: NamedTensors | Random,
  ) {
    preferPlainKernelsOnSoftwareGpu();
    const list = translatorParameters(config);
    const isSaved = (from: NamedTensors | Random): from is NamedTensors => !('fork' in from);
    this.weights = new Weights(list, isSaved(values) ? values : initialTranslator(config, values));
    this.optimizer = createNetworkOptimizer(this.weights, optimizer);
  }

  /** @returns [B·T,V], owned by the caller */
  logits(pairs: SentencePairs, look: Look = {}): tf.Tensor2D {
    return tf.tidy(() => {
      const source = textsOf(pairs.source, pairs.sourceLengths, pairs.sourceColumns);
      const target = textsOf(pairs.target, pairs.targetLengths, pairs.targetColumns);
      return translatorLogits(this.weights, this.config, source, target, look);
    });
  }

  /** mean over the words that were asked for, nats per word; differentiable */
  loss(pairs: SentencePairs, look: Look = {}): tf.Scalar {
    return tf.tidy(() => {
      const { rows, targetColumns, labels } = pairs;
      const wanted = tf.tensor1d(labels, 'int32');
      const { logprobs } = tokenLogprobs(this.logits(pairs, look), wanted, 1);
      const counts = tf.cast(tf.notEqual(wanted, PAD), 'float32');
      const shape: [number, number] = [rows, targetColumns];
      return crossEntropy(tf.reshape(logprobs, shape), tf.reshape(counts, shape));
    });
  }

  /** one step of AdamW; scalars owned by the caller */
  learn(pairs: SentencePairs, learningRate: number): { loss: tf.Scalar; gradNorm: tf.Scalar } {
    const { loss, gradNorm } = this.optimizer.minimize(() => ({ loss: this.loss(pairs) }), learningRate);
    return { loss, gradNorm };
  }

  /**
   * How a sentence may be continued, for searching.
   * @param source ids of one sentence
   */
  continuing(source: readonly number[], look: Look = {}): NextLogprobs {
    return async (prefixes) => {
      const rows = prefixes.length;
      const columns = prefixes[0]!.length + 1;
      const last = tf.tidy(() => {
        const [ids, written] = [
          Int32Array.from(prefixes.flatMap(() => source)),
          Int32Array.from(prefixes.flatMap((prefix) => [BOS, ...prefix])),
        ];
        const of = (length: number) => new Int32Array(rows).fill(length);
        const logits = translatorLogits(
          this.weights,
          this.config,
          textsOf(ids, of(source.length), source.length),
          textsOf(written, of(columns), columns),
          look,
        );
        const apart = tf.reshape(logits, [rows, columns, this.config.targetVocabSize]);
        return logSoftmaxAt(tf.slice(apart, [0, columns - 1, 0], [rows, 1, -1]), 1);
      });
      const values = (await last.data()) as Float32Array;
      last.dispose();
      const size = this.config.targetVocabSize;
      return prefixes.map((_, row) => values.slice(row * size, (row + 1) * size));
    };
  }

  private get owners(): Owners {
    return { translator: this.weights, 'optimizer/translator': this.optimizer };
  }

  save(): Promise<NamedTensors> {
    return saveAll(this.owners);
  }

  /** @throws when a tensor is missing or has another shape */
  load(tensors: NamedTensors): void {
    loadAll(this.owners, tensors);
  }

  dispose(): void {
    this.optimizer.dispose();
    this.weights.dispose();
  }
}
