import { expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import { createNetwork } from '../../../src/core/model/createNetwork';
import { Random } from '../../../src/core/tensor/random';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

withBackend('wasm');

const { model, ppo } = presetConfig('tiny');
const networkOf = () =>
  createNetwork(
    { ...model, layers: 1, width: 8, heads: 2, vocabSize: 5 },
    { language: true, scalar: false },
    Random.fromSeed(1),
    'policy',
  );
const batchOf = () => ({ tokens: tf.tensor2d([[0, 1, 2, 3]], [1, 4], 'int32'), leftPad: null });

it('shows what a loss saw before the step, and owns nothing of it', () => {
  const [network, batch] = [networkOf(), batchOf()];
  const optimizer = network.createOptimizer(ppo.optimizer);
  const surprise = () => tf.neg<tf.Scalar>(tf.mean(network.logprobs(batch, 1, 1).logprobs));
  const before = tf.tidy(() => surprise().dataSync()[0]);
  const step = () => {
    const { loss, gradNorm, shown } = optimizer.minimize(() => {
      const seen = surprise();
      return { loss: tf.mul<tf.Scalar>(seen, 2), shown: { seen } };
    }, 0.01);
    const values = [loss, shown.seen].map((scalar) => scalar.dataSync()[0]!);
    tf.dispose([loss, gradNorm, shown.seen]);
    return values as [number, number];
  };
  const [loss, seen] = step();
  expect([loss, seen]).toEqual([2 * before!, before]);
  const { numTensors } = tf.memory();
  expect(step()[1]).toBeLessThan(seen);
  expect(tf.memory().numTensors).toBe(numTensors);
  tf.dispose(batch.tokens);
  optimizer.dispose();
  network.dispose();
});
