import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { TokenBatch } from '../../../src/core/model/causalNetwork';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { initialWeights, parameterCount } from '../../../src/core/model/layout';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';
import { itBehavesAsANetwork } from './identities';

describe.each(['cpu', 'wasm'] as const)('a network on %s', (backend) => {
  withBackend(backend);
  itBehavesAsANetwork();
});

const tiny = { ...presetConfig('tiny').model, vocabSize: 300 };
const language = { language: true, scalar: false };

describe('memory', () => {
  withBackend('wasm');

  it('stays level over fifty steps of training and generation, and is given back', () => {
    const start = tf.memory();
    const model = createNetwork(
      { ...tiny, width: 16, vocabSize: 20 },
      { language: true, scalar: true },
      Random.fromSeed(1),
      'policy',
    );
    const optimizer = model.createOptimizer(presetConfig('tiny').ppo.optimizer);
    const prompts: TokenBatch = {
      tokens: tf.tensor2d([[0, 1, 3]], [1, 3], 'int32'),
      leftPad: tf.tensor1d([1], 'int32'),
    };
    const options = { sampling: { temperature: 0.7, topK: 5, topP: 0.9 }, completionLength: 4, eosId: 2, padId: 0 };
    const step = (): void => {
      const { batch, completionMask, logprobs } = model.generate(prompts, options, Random.fromSeed(2));
      const result = optimizer.minimize(() => {
        const { logprobs: fresh, entropy, values } = model.logprobsAndValues(batch, 3, 0.7);
        return { loss: tf.add<tf.Scalar>(tf.mean(tf.add(fresh, entropy)), tf.mean(tf.square(values))) };
      }, 1e-3);
      const scores = model.scores(batch, 3, completionMask, 'last');
      tf.dispose([
        result.loss,
        result.gradNorm,
        scores,
        completionMask,
        logprobs,
        batch.tokens,
        batch.leftPad as tf.Tensor,
      ]);
      tf.dispose([...model.attention(prompts), model.hidden(prompts), model.logits(prompts)]);
      model.clone('copy').dispose();
    };
    step();
    const before = tf.memory();
    for (let i = 0; i < 50; i++) step();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    tf.dispose([prompts.tokens, prompts.leftPad as tf.Tensor]);
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(start.numTensors);
  });
});

describe('initialisation', () => {
  it('draws like GPT-2: 0.02, residual projections by 1/√2L, biases 0, gains 1', () => {
    const weights = initialWeights(tiny, { language: true, scalar: true }, Random.fromSeed(1));
    const deviation = (name: string) => {
      const data = [...(weights[name]?.data ?? [])];
      return Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
    };
    expect(deviation('tokenEmbedding')).toBeCloseTo(0.02, 3);
    expect(deviation('block0/attn/wQkv')).toBeCloseTo(0.02, 3);
    expect(deviation('block1/mlp/wOut')).toBeCloseTo(0.01, 3);
    expect(deviation('block0/attn/bQkv')).toBe(0);
    expect(deviation('finalNorm/gain')).toBe(1);
    expect(deviation('scalarHead/weight')).toBe(0);
  });

  it('gives every weight its own stream, so that one more layer moves nothing', () => {
    const [two, three] = [2, 3].map((layers) => initialWeights({ ...tiny, layers }, language, Random.fromSeed(1)));
    expect(three?.tokenEmbedding).toEqual(two?.tokenEmbedding);
    expect(three?.['block1/attn/wQkv']).toEqual(two?.['block1/attn/wQkv']);
  });

  it('counts parameters as GPT-2 does', () => {
    // 300·64 + 48·64 + 2·(12·64² + 13·64) + 2·64
    expect(parameterCount(tiny)).toBe(122_368);
    expect(parameterCount({ ...tiny, tiedHead: false })).toBe(122_368 + 300 * 64);
  });

  it('refuses a width that the heads do not divide', () => {
    expect(() => createNetwork({ ...tiny, heads: 3 }, language, Random.fromSeed(1), 'policy')).toThrow(
      'not a multiple',
    );
  });
});
