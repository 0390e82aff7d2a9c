/**
 * Next-token logits one column at a time. The keys and values of earlier columns are kept on the device, because a
 * causal model never changes them: a column costs one column's work instead of a whole forward pass.
 */
import type { ModelConfig } from '../../contract/config';
import type { Decoder } from '../sample/generate';
import { tf } from '../tf';
import type { TokenBatch } from './causalNetwork';
import { columnsOf, languageLogits } from './heads';
import { attentionPath, MASKED, softmaxRows, splitHeads } from './ops/attention';
import { positionIds } from './positions';
import { runBlocks } from './trunk';
import type { Weights } from './weights';

interface LayerCache {
  /** [B,H,t,D] */
  keys: tf.Tensor4D;
  values: tf.Tensor4D;
}

/** Owns its cache. */
export class CachedDecoder implements Decoder {
  private cache: LayerCache[] = [];
  private length: number;
  /** 0 or MASKED for every column there will be, [B,1,1,T]; null without padding */
  private readonly padMask: tf.Tensor4D | null;

  constructor(
    private readonly weights: Weights,
    private readonly config: ModelConfig,
    private readonly prompts: TokenBatch,
    totalLength: number,
  ) {
    this.length = prompts.tokens.shape[1];
    this.padMask = prompts.leftPad && tf.tidy(() => paddingMask(prompts.leftPad as tf.Tensor1D, totalLength));
  }

  /** reads the prompts, all columns at once */
  start(): tf.Tensor2D {
    const { tokens, leftPad } = this.prompts;
    const [batch, length] = tokens.shape;
    const shape = { batch, length, heads: this.config.heads, width: this.config.width };
    const path = attentionPath();
    return tf.tidy(() => {
      const mask = path.mask(leftPad, shape);
      const positions = tf.reshape(positionIds(batch, length, leftPad), [-1]) as tf.Tensor1D;
      const hidden = runBlocks(this.weights, this.config, tf.reshape(tokens, [-1]), positions, (packed, layer) => {
        const [, keys, values] = splitHeads(packed, 3, shape) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
        this.remember(layer, keys, values);
        return path.forward(packed, mask, shape).out;
      });
      const last = columnsOf(tf.reshape(hidden, [batch, length, this.config.width]), length - 1, 1);
      return languageLogits(this.weights, this.config, last);
    });
  }

  /** @param tokens [B] int32, the column that was just chosen */
  next(tokens: tf.Tensor1D): tf.Tensor2D {
    const { leftPad } = this.prompts;
    const batch = tokens.shape[0];
    return tf.tidy(() => {
      const column = tf.fill([batch], this.length, 'int32') as tf.Tensor1D;
      const positions = leftPad ? (tf.sub(column, leftPad) as tf.Tensor1D) : column;
      this.length++;
      const hidden = runBlocks(this.weights, this.config, tokens, positions, (packed, layer) =>
        this.attendToCache(packed, layer),
      );
      return languageLogits(this.weights, this.config, hidden);
    });
  }

  dispose(): void {
    tf.dispose(this.cache.flatMap(({ keys, values }) => [keys, values]));
    this.padMask?.dispose();
  }

  /** @param packed [B,3C], one column; @returns [B,C] */
  private attendToCache(packed: tf.Tensor2D, layer: number): tf.Tensor2D {
    const { heads, width } = this.config;
    const batch = packed.shape[0];
    const apart = tf.reshape(packed, [batch, 3 * heads, 1, width / heads]);
    const [q, k, v] = tf.split(apart, 3, 1) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    const { keys, values } = this.cache[layer] as LayerCache;
    const [allKeys, allValues] = [tf.concat([keys, k], 2), tf.concat([values, v], 2)]; // [B,H,t,D]
    this.remember(layer, allKeys, allValues);
    const scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(width / heads)), allKeys, false, true); // [B,H,1,t]
    const seen = this.padMask
      ? tf.add(scores, tf.slice(this.padMask, [0, 0, 0, 0], [batch, 1, 1, this.length]))
      : scores;
    return tf.reshape(tf.matMul(softmaxRows(seen), allValues), [batch, width]);
  }

  /** keeps clones: the arguments belong to the tidy of one step */
  private remember(layer: number, keys: tf.Tensor4D, values: tf.Tensor4D): void {
    const old = this.cache[layer];
    this.cache[layer] = { keys: tf.keep(tf.clone(keys)), values: tf.keep(tf.clone(values)) };
    if (old) tf.dispose([old.keys, old.values]);
  }
}

function paddingMask(leftPad: tf.Tensor1D, length: number): tf.Tensor4D {
  const columns = tf.reshape(tf.range(0, length, 1, 'int32'), [1, 1, 1, length]);
  const padded = tf.less(columns, tf.reshape(leftPad, [-1, 1, 1, 1]));
  return tf.mul(tf.cast(padded, 'float32'), MASKED) as tf.Tensor4D;
}
