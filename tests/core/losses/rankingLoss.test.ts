/** What has to hold beside the recorded vectors: pairs are rankings of two, padding is nobody, strength is a margin. */
import { describe, expect, it } from 'vitest';
import { pairLosses, preferenceAccuracy } from '../../../src/core/losses/preferenceLoss';
import { rankingLoss } from '../../../src/core/losses/rankingLoss';
import { tf } from '../../../src/core/tf';

await tf.setBackend('cpu');

const scalar = (tensor: tf.Tensor): number => tensor.dataSync()[0] as number;
const CHOSEN = tf.tensor1d([1.2, -0.3, 0.1]);
const REJECTED = tf.tensor1d([0.4, 0.5, -2]);
const PAIRS = tf.stack([CHOSEN, REJECTED], 1) as tf.Tensor2D;
const FIRST_IS_BETTER = tf.tensor2d([1, 2, 1, 2, 1, 2], [3, 2]);

describe('a ranking of two', () => {
  it('is a pair: the same loss, accuracy, margin and gradient', () => {
    const { loss, accuracy, margin } = rankingLoss(PAIRS, FIRST_IS_BETTER);
    expect(scalar(loss)).toBeCloseTo(scalar(tf.mean(pairLosses(CHOSEN, REJECTED))), 6);
    expect(scalar(accuracy)).toBeCloseTo(scalar(preferenceAccuracy(CHOSEN, REJECTED)), 6);
    expect(scalar(margin)).toBeCloseTo((0.8 - 0.8 + 2.1) / 3, 6);
    const asRanking = tf.grad((x) => rankingLoss(x as tf.Tensor2D, FIRST_IS_BETTER).loss)(PAIRS);
    const asPairs = tf.grads((a, b) => tf.mean(pairLosses(a as tf.Tensor1D, b as tf.Tensor1D)))([CHOSEN, REJECTED]);
    const [chosen, rejected] = [0, 1].map((column) => asRanking.slice([0, column], [3, 1]).dataSync());
    for (let i = 0; i < 3; i++) {
      expect(chosen![i]).toBeCloseTo(asPairs[0]!.dataSync()[i]!, 6);
      expect(rejected![i]).toBeCloseTo(asPairs[1]!.dataSync()[i]!, 6);
    }
  });

  it('asks for the difference of the depths as a margin', () => {
    const depths = tf.tensor2d([0, 0.5, 0, 1, 0, 0], [3, 2]);
    const expected = scalar(tf.mean(pairLosses(CHOSEN, REJECTED, tf.tensor1d([0.5, 1, 0]))));
    expect(scalar(rankingLoss(PAIRS, FIRST_IS_BETTER, { depths }).loss)).toBeCloseTo(expected, 6);
  });
});

describe('prompts with fewer completions than the widest', () => {
  const ranks = tf.tensor2d([1, 2, 3, 1, 2, 9], [2, 3]);
  const counted = tf.tensor2d([1, 1, 1, 1, 1, 0], [2, 3]);
  const of = (padding: number) => tf.tensor2d([0.2, 0.1, -1, 2, 1, padding], [2, 3]);

  it('average their own pairs: 3 of the first, 1 of the second', () => {
    const { loss, pairs } = rankingLoss(of(5), ranks, { counted });
    const cost = (margin: number) => Math.log1p(Math.exp(-margin));
    expect([...pairs.dataSync()]).toEqual([3, 1]);
    expect(scalar(loss)).toBeCloseTo(((cost(0.1) + cost(1.2) + cost(1.1)) / 3 + cost(1)) / 2, 6);
  });

  it('are not moved by their padding, and give it no gradient', () => {
    const [one, other] = [of(5), of(-7)].map((scores) => rankingLoss(scores, ranks, { counted }));
    expect(scalar(one!.loss)).toBe(scalar(other!.loss));
    expect(scalar(one!.margin)).toBe(scalar(other!.margin));
    const gradient = tf.grad((x) => rankingLoss(x as tf.Tensor2D, ranks, { counted }).loss)(of(5));
    expect(gradient.dataSync()[5]).toBe(0);
  });
});
