/** k1, k2 and k3 where one can check them by hand: golden v. */
import { describe, expect, it } from 'vitest';
import { expectedKl, klEstimate } from '../../../src/core/losses/kl';
import { tf } from '../../../src/core/tf';
import { type GoldenCase, loadGolden } from '../../helpers/golden';

await tf.setBackend('cpu');

const { cases } = loadGolden('v_kl_by_hand');
const of = (what: string): GoldenCase[] => cases.filter(({ inputs }) => inputs.what === what);
const numbers = (value: unknown): number[] => value as number[];
const near = (actual: number, golden: unknown) =>
  expect(Math.abs(actual - (golden as number))).toBeLessThanOrEqual(1e-6 + 1e-5 * Math.abs(golden as number));
const ESTIMATORS = ['k1', 'k2', 'k3'] as const;

describe('the estimators of KL, by hand', () => {
  it.each(of('distribution').map((one) => [one.name, one] as const))('%s', (_, { inputs, outputs }) => {
    const [policy, ref] = [numbers(inputs.policy), numbers(inputs.ref)];
    const [logprobs, refLogprobs] = [policy, ref].map((p) => tf.log(tf.tensor2d([p]))) as [tf.Tensor2D, tf.Tensor2D];
    for (const estimator of ESTIMATORS) {
      const each = [...klEstimate(logprobs, refLogprobs, estimator).dataSync()];
      each.forEach((value, action) => {
        near(value, numbers(outputs[estimator])[action]);
      });
      const mean = each.reduce((sum, value, action) => sum + value * policy[action]!, 0);
      near(mean, outputs[`mean_${estimator}`]);
      const both = [logprobs, refLogprobs].map((x) => tf.expandDims(x, 0)) as [tf.Tensor3D, tf.Tensor3D];
      near(expectedKl(...both, estimator).dataSync()[0]!, outputs[`mean_${estimator}`]);
    }
    near(expectedKl(tf.expandDims(logprobs, 0), tf.expandDims(refLogprobs, 0)).dataSync()[0]!, outputs.kl);
  });

  /** Σ π(a) ∂k(a)/∂logits, the sampling itself not differentiated */
  it.each(of('distribution').map((one) => [one.name, one] as const))('pull as a loss: %s', (_, { inputs, outputs }) => {
    const [policy, ref] = [numbers(inputs.policy), numbers(inputs.ref)];
    const logits = tf.log(tf.tensor2d([policy]));
    for (const estimator of ESTIMATORS) {
      const loss = (x: tf.Tensor) =>
        tf.sum(
          tf.mul(
            tf.tensor2d([policy]),
            klEstimate(tf.logSoftmax(x) as tf.Tensor2D, tf.log(tf.tensor2d([ref])), estimator),
          ),
        );
      const gradient = [...tf.grad(loss)(logits).dataSync()];
      gradient.forEach((value, action) => {
        near(value, numbers(outputs[`expected_gradient_of_${estimator}_as_loss`])[action]);
      });
    }
  });

  it('gives no negative k3 for log-ratios so small that float32 cancels', () => {
    const [{ inputs, outputs }] = of('small log ratios') as [GoldenCase];
    const ratios = tf.tensor2d([numbers(inputs.log_ratio)]);
    for (const estimator of ['k2', 'k3'] as const) {
      const found = [...klEstimate(ratios, tf.zerosLike(ratios), estimator).dataSync()];
      found.forEach((value, i) => {
        const golden = numbers(outputs[estimator])[i]!;
        expect(Math.abs(value - golden)).toBeLessThanOrEqual(1e-3 * golden);
      });
      expect(found.filter((value) => value < 0)).toHaveLength(outputs.k3_below_zero as number);
    }
  });

  it('never gives a negative k3, and joins its two forms without a step', () => {
    const ratios = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 8000);
    const line = tf.tensor2d([ratios]);
    const found = [...klEstimate(line, tf.zerosLike(line), 'k3').dataSync()];
    found.forEach((value, i) => {
      const exact = Math.expm1(-ratios[i]!) + ratios[i]!;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(Math.abs(value - exact)).toBeLessThanOrEqual(1e-12 + 3e-5 * exact);
    });
  });
});
