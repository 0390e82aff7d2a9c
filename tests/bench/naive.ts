/**
 * The same GPT-2 as anyone would compose it from tf.js operations, with tf.js's own gradients and Adam. It is the
 * yardstick of the benchmark, and nothing else may use it.
 */
import type { ModelConfig } from '../../src/contract/config';
import { initialWeights } from '../../src/core/model/layout';
import { Random } from '../../src/core/tensor/random';
import { tf } from '../../src/core/tf';

type Get = (name: string) => tf.Variable;

function layerNorm(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), gain), bias);
}

const gelu = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3)))))));

const dense = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
  tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias);

function attention(
  get: Get,
  name: string,
  x: tf.Tensor,
  config: ModelConfig,
  batch: number,
  length: number,
): tf.Tensor {
  const size = config.width / config.heads;
  const packed = tf.reshape(dense(x, get(`${name}/wQkv`), get(`${name}/bQkv`)), [batch, length, 3, config.heads, size]);
  const [q, k, v] = tf.unstack(tf.transpose(packed, [2, 0, 3, 1, 4])) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const causal = tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([length, length]), -1, 0)), -1e9);
  const weights = tf.softmax(tf.add(tf.div(tf.matMul(q, k, false, true), Math.sqrt(size)), causal));
  const joined = tf.reshape(tf.transpose(tf.matMul(weights as tf.Tensor4D, v), [0, 2, 1, 3]), [
    batch * length,
    config.width,
  ]);
  return dense(joined, get(`${name}/wOut`), get(`${name}/bOut`));
}

function logitsOf(get: Get, config: ModelConfig, tokens: tf.Tensor2D): tf.Tensor {
  const [batch, length] = tokens.shape;
  const norm = (name: string, x: tf.Tensor) => layerNorm(x, get(`${name}/gain`), get(`${name}/bias`));
  const oneHot = tf.cast(tf.oneHot(tf.reshape(tokens, [-1]), config.vocabSize), 'float32') as tf.Tensor2D;
  const vectors = tf.reshape(tf.matMul(oneHot, get('tokenEmbedding') as tf.Tensor as tf.Tensor2D), [
    batch,
    length,
    config.width,
  ]);
  const positions = tf.slice(get('positionEmbedding'), [0, 0], [length, config.width]);
  let x = tf.reshape(tf.add(vectors, positions), [batch * length, config.width]) as tf.Tensor;
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `block${layer}`;
    x = tf.add(x, attention(get, `${block}/attn`, norm(`${block}/norm1`, x), config, batch, length));
    const inner = gelu(dense(norm(`${block}/norm2`, x), get(`${block}/mlp/wIn`), get(`${block}/mlp/bIn`)));
    x = tf.add(x, dense(inner, get(`${block}/mlp/wOut`), get(`${block}/mlp/bOut`)));
  }
  return tf.matMul(norm('finalNorm', x) as tf.Tensor2D, get('tokenEmbedding') as tf.Tensor as tf.Tensor2D, false, true);
}

export interface NaiveModel {
  /** forward, backward, Adam; @returns the loss, owned by the caller */
  step(tokens: tf.Tensor2D): tf.Scalar;
  /** greedy, a whole forward pass per token; @returns owned by the caller */
  generate(prompts: tf.Tensor2D, count: number): tf.Tensor2D;
  dispose(): void;
}

export function naiveModel(config: ModelConfig): NaiveModel {
  const initial = initialWeights(config, { language: true, scalar: false }, Random.fromSeed(1));
  const variables = new Map(
    Object.entries(initial).map(([name, { shape, data }]) => [name, tf.variable(tf.tensor(data, shape))]),
  );
  const get: Get = (name) => variables.get(name) as tf.Variable;
  const optimizer = tf.train.adam(1e-3);
  const loss = (tokens: tf.Tensor2D): tf.Scalar => {
    const [batch, length] = tokens.shape;
    const logits = tf.reshape(logitsOf(get, config, tokens), [batch, length, config.vocabSize]);
    const logSoftmax = tf.logSoftmax(tf.slice(logits, [0, 0, 0], [batch, length - 1, config.vocabSize]));
    const chosen = tf.cast(tf.oneHot(tf.slice(tokens, [0, 1], [batch, length - 1]), config.vocabSize), 'float32');
    return tf.neg(tf.mean(tf.sum(tf.mul(logSoftmax, chosen), -1)));
  };
  return {
    step: (tokens) => optimizer.minimize(() => loss(tokens), true, [...variables.values()]) as tf.Scalar,
    generate: (prompts, count) =>
      tf.tidy(() => {
        let tokens = prompts;
        for (let i = 0; i < count; i++) {
          const [batch, length] = tokens.shape;
          const logits = tf.reshape(logitsOf(get, config, tokens), [batch, length, config.vocabSize]);
          const last = tf.slice(logits, [0, length - 1, 0], [batch, 1, config.vocabSize]);
          tokens = tf.concat([tokens, tf.cast(tf.argMax(last, -1), 'int32')], 1) as tf.Tensor2D;
        }
        return tokens;
      }),
    dispose() {
      optimizer.dispose();
      for (const variable of variables.values()) variable.dispose();
    },
  };
}
