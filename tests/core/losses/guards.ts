/** Batches that break textbook formulas. Everything must stay finite, and say 0 where there is nothing to say. */
import { describe, expect, it } from 'vitest';
import { gae } from '../../../src/core/losses/gae';
import { groupAdvantages } from '../../../src/core/losses/groupAdvantages';
import { expectedKl, klEstimate, klPerCompletion } from '../../../src/core/losses/kl';
import { policyLoss, policyStatistics, valueLoss, valueStatistics } from '../../../src/core/losses/ppoLoss';
import { pairLosses } from '../../../src/core/losses/preferenceLoss';
import { rankingLoss } from '../../../src/core/losses/rankingLoss';
import { payScores } from '../../../src/core/losses/rewards';
import { whiten } from '../../../src/core/losses/whiten';
import { tokenLogprobs } from '../../../src/core/model/ops/tokenLogprobs';
import { logSoftmaxAt } from '../../../src/core/tensor/logprobs';
import { tf } from '../../../src/core/tf';

const read = async (tensor: tf.Tensor): Promise<number[]> => [...(await tensor.data())];
const expectFinite = async (tensors: Record<string, tf.Tensor>): Promise<void> => {
  for (const [name, tensor] of Object.entries(tensors))
    expect((await read(tensor)).every(Number.isFinite), name).toBe(true);
};
const expectAll = async (tensor: tf.Tensor, value: number): Promise<void> => {
  for (const x of await read(tensor)) expect(x).toBeCloseTo(value, 6);
};

const policyInputs = (completionMask: tf.Tensor2D, difference = 0.1) => {
  const logprobs = tf.fill([2, 3], -1.5) as tf.Tensor2D;
  const newLogprobs = tf.add(logprobs, difference) as tf.Tensor2D;
  return {
    newLogprobs,
    logprobs,
    advantages: tf.tensor2d([1, -1, 2, -2, 1, 0.5], [2, 3]),
    completionMask,
    clipRange: 0.2,
  };
};
const valueInputs = (completionMask: tf.Tensor2D, returns: tf.Tensor2D) => ({
  newValues: tf.fill([2, 3], 0.5) as tf.Tensor2D,
  values: tf.zeros([2, 3]) as tf.Tensor2D,
  returns,
  completionMask,
  clipRangeValue: 0.2,
});
const gradients = (mask: tf.Tensor2D) =>
  tf.grads((logps: tf.Tensor, values: tf.Tensor) =>
    tf.add(
      policyLoss({ ...policyInputs(mask), newLogprobs: logps as tf.Tensor2D }),
      valueLoss({ ...valueInputs(mask, tf.ones([2, 3])), newValues: values as tf.Tensor2D }),
    ),
  )([tf.fill([2, 3], -1.4), tf.fill([2, 3], 0.5)]);

export function describeGuards(): void {
  describe('batches that break textbook formulas', () => {
    it('says 0 for a batch without a single real token, with zero gradients', async () => {
      const none = tf.zeros([2, 3]) as tf.Tensor2D;
      await expectAll(policyLoss(policyInputs(none)), 0);
      await expectAll(valueLoss(valueInputs(none, tf.ones([2, 3]))), 0);
      await expectAll(whiten(tf.ones([2, 3]), none), 0);
      await expectAll(whiten(tf.ones([2, 3]), none, { shiftMean: false }), 0);
      await expectFinite({ ...policyStatistics(policyInputs(none)) });
      await expectFinite({ ...valueStatistics(valueInputs(none, tf.ones([2, 3]))) });
      for (const gradient of gradients(none)) await expectAll(gradient, 0);
    });

    it('gives a fully masked row neither reward, advantage nor gradient', async () => {
      const mask = tf.tensor2d([
        [1, 1, 0],
        [0, 0, 0],
      ]);
      const wild = tf.tensor2d([
        [-1, -2, -99],
        [-99, -99, -99],
      ]);
      const kl = klEstimate(wild, tf.mul(wild, 0.5) as tf.Tensor2D, 'k1');
      const { rewards } = payScores({ scores: tf.tensor1d([2, 7]), kl, completionMask: mask, klCoef: 0.1 });
      expect((await read(rewards)).map((x) => Number(x.toFixed(5)))).toEqual([0.05, 2.1, 0, 0, 0, 0]);
      const { advantages, returns } = gae(wild, rewards, mask, 1, 0.95);
      for (const tensor of [advantages, returns, whiten(advantages, mask)])
        expect((await read(tensor)).slice(2).every((x) => x === 0)).toBe(true);
      for (const gradient of gradients(mask)) expect((await read(gradient)).slice(2).every((x) => x === 0)).toBe(true);
    });

    it('whitens a single token and equal values to 0', async () => {
      await expectAll(
        whiten(
          tf.fill([2, 3], 3.7),
          tf.tensor2d([
            [0, 1, 0],
            [0, 0, 0],
          ]),
        ),
        0,
      );
      await expectAll(whiten(tf.fill([2, 3], 3.7), tf.ones([2, 3])), 0);
      await expectAll(whiten(tf.fill([2, 3], -1234.567), tf.ones([2, 3])), 0);
    });

    it('handles completions of one token', async () => {
      const mask = tf.ones([2, 1]) as tf.Tensor2D;
      const { advantages, returns } = gae(tf.tensor2d([[0.5], [0.25]]), tf.tensor2d([[2], [1]]), mask, 1, 0.95);
      expect(await read(advantages)).toEqual([1.5, 0.75]);
      expect(await read(returns)).toEqual([2, 1]);
    });

    it('keeps log-probabilities, entropy and gradients of logits of ±50 finite', async () => {
      const logits = tf.tensor2d([
        [50, -50, 0],
        [-50, -50, -50],
      ]);
      const tokens = tf.tensor1d([1, 2], 'int32');
      const { logprobs, entropy } = tokenLogprobs(logits, tokens, 0.7);
      const [first, second] = await read(logprobs);
      expect(first).toBeCloseTo(-100 / 0.7, 3);
      expect(second).toBeCloseTo(-Math.log(3), 5);
      const gradient = tf.grad((x) => tf.sum(tokenLogprobs(x as tf.Tensor2D, tokens, 0.7).entropy))(logits);
      await expectFinite({ entropy, gradient });
    });

    it('bounds k3 and the ratio where e^x would be infinite', async () => {
      const k3 = klEstimate(tf.fill([1, 4], -120), tf.fill([1, 4], -0.1), 'k3');
      await expectFinite({ k3, sum: klPerCompletion(k3, tf.ones([1, 4])) });
      const far = policyInputs(tf.ones([2, 3]), 200);
      await expectFinite({ loss: policyLoss(far), ...policyStatistics(far) });
      const ends = [logSoftmaxAt(tf.tensor3d([[[50, -50]]]), 1), logSoftmaxAt(tf.tensor3d([[[-50, 50]]]), 1)] as const;
      for (const estimator of ['k1', 'k2', 'k3'] as const)
        await expectFinite({ [estimator]: expectedKl(...ends, estimator) });
    });

    it('explains nothing, without dividing by zero, when all returns are equal', async () => {
      await expectAll(valueStatistics(valueInputs(tf.ones([2, 3]), tf.fill([2, 3], 1.3))).explainedVariance, 0);
    });

    it('gives equal rewards no advantage, and a group of one none either', async () => {
      const equal = groupAdvantages(tf.fill([6], 0.123), 3);
      for (const kind of ['grpo', 'unscaled', 'rloo'] as const) await expectAll(equal[kind], 0);
      await expectAll(equal.equalShare, 1);
      await expectFinite({ ...groupAdvantages(tf.tensor1d([1, 2]), 1) });
    });

    it('keeps preference losses and gradients finite for margins of ±200, and exact at a tie', async () => {
      const [chosen, rejected] = [tf.tensor1d([100, -100, 1]), tf.tensor1d([-100, 100, 1])];
      const losses = await read(pairLosses(chosen, rejected));
      expect(losses[0]).toBeCloseTo(0, 6);
      expect(losses[1]).toBeCloseTo(200, 3);
      expect(losses[2]).toBeCloseTo(Math.LN2, 6);
      const [gradient] = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.mean(pairLosses(a, b)))([chosen, rejected]);
      expect((await read(gradient as tf.Tensor))[1]).toBeCloseTo(-1 / 3, 5);
      await expectFinite({ gradient: gradient as tf.Tensor });
    });

    it('leaves rankings that are all ties out of the mean', async () => {
      const ties = rankingLoss(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.zeros([2, 2]),
      );
      await expectAll(ties.loss, 0);
      await expectAll(ties.accuracy, 0);
    });
  });
}
