/** k1, k2 and k3 where one can check them by hand (golden v); registered for each backend. */
import { describe, expect, it } from 'vitest';
import { expectedKl, klEstimate } from '../../../src/core/losses/kl';
import { tf } from '../../../src/core/tf';
import { type GoldenCase, loadGolden } from '../../helpers/golden';

const { cases } = loadGolden('v_kl_by_hand');
const of = (what: string): GoldenCase[] => cases.filter(({ inputs }) => inputs.what === what);
const numbers = (value: unknown): number[] => value as number[];
const ESTIMATORS = ['k1', 'k2', 'k3'] as const;
type Estimator = (typeof ESTIMATORS)[number];

/** a tensor of the function's making, read and freed */
async function read(make: () => tf.Tensor): Promise<number[]> {
  const made = tf.tidy(make);
  const values = await made.data();
  made.dispose();
  return [...values];
}

/** [1,V] log-probabilities */
const logOf = (p: readonly number[]): tf.Tensor2D => tf.log(tf.tensor2d([[...p]]));
const estimates = (ratios: readonly number[], estimator: Estimator) =>
  read(() => klEstimate(tf.tensor2d([[...ratios]]), tf.zeros([1, ratios.length]), estimator));

/** @param slack how much wider the tolerance of the file is: exp and log of a GPU have fewer digits */
export function describeKlByHand(slack = 1): void {
  const near = (actual: number, golden: unknown) =>
    expect(Math.abs(actual - (golden as number))).toBeLessThanOrEqual(
      slack * (1e-6 + 1e-5 * Math.abs(golden as number)),
    );

  describe('the estimators of KL, by hand', () => {
    it.each(of('distribution').map((one) => [one.name, one] as const))('%s', async (_, { inputs, outputs }) => {
      const [policy, ref] = [numbers(inputs.policy), numbers(inputs.ref)];
      for (const estimator of ESTIMATORS) {
        const each = await read(() => klEstimate(logOf(policy), logOf(ref), estimator));
        for (const [action, value] of each.entries()) near(value, numbers(outputs[estimator])[action]);
        near(
          each.reduce((sum, value, action) => sum + value * policy[action]!, 0),
          outputs[`mean_${estimator}`],
        );
        const mean = () =>
          expectedKl(
            tf.expandDims<tf.Tensor3D>(logOf(policy), 0),
            tf.expandDims<tf.Tensor3D>(logOf(ref), 0),
            estimator,
          );
        near((await read(mean))[0]!, outputs[`mean_${estimator}`]);
        if (estimator === 'k1') near((await read(mean))[0]!, outputs.kl);
      }
    });

    /** Σ π(a) ∂k(a)/∂logits, the sampling itself not differentiated */
    it.each(of('distribution').map((one) => [one.name, one] as const))(
      'pull as a loss: %s',
      async (_, { inputs, outputs }) => {
        const [policy, ref] = [numbers(inputs.policy), numbers(inputs.ref)];
        for (const estimator of ESTIMATORS) {
          const loss = (logits: tf.Tensor) =>
            tf.sum(
              tf.mul(tf.tensor2d([policy]), klEstimate(tf.logSoftmax(logits) as tf.Tensor2D, logOf(ref), estimator)),
            );
          const gradient = await read(() => tf.grad(loss)(logOf(policy)));
          for (const [action, value] of gradient.entries())
            near(value, numbers(outputs[`expected_gradient_of_${estimator}_as_loss`])[action]);
        }
      },
    );

    it('gives no negative k3 for log-ratios so small that float32 cancels', async () => {
      const [{ inputs, outputs }] = of('small log ratios') as [GoldenCase];
      for (const estimator of ['k2', 'k3'] as const) {
        const found = await estimates(numbers(inputs.log_ratio), estimator);
        for (const [i, value] of found.entries()) {
          const golden = numbers(outputs[estimator])[i]!;
          expect(Math.abs(value - golden)).toBeLessThanOrEqual(1e-3 * golden);
        }
        expect(found.filter((value) => value < 0)).toHaveLength(outputs.k3_below_zero as number);
      }
    });

    it('is half the square of every log-ratio up to 1e-6, on either side', async () => {
      const ratios = Array.from({ length: 2001 }, (_, i) => (i - 1000) * 1e-9);
      for (const [i, value] of (await estimates(ratios, 'k3')).entries()) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(Math.abs(value - ratios[i]! ** 2 / 2)).toBeLessThanOrEqual(1e-5 * ratios[i]! ** 2);
      }
    });

    it('never gives a negative k3, and joins its two forms without a step', async () => {
      const ratios = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 8000);
      for (const [i, value] of (await estimates(ratios, 'k3')).entries()) {
        const exact = Math.expm1(-ratios[i]!) + ratios[i]!;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(slack * (1e-12 + 3e-5 * exact));
      }
    });

    it('adds up over the tokens of a text as golden v does', async () => {
      const [{ outputs }] = of('sequences') as [GoldenCase];
      const samples = outputs.samples as Record<string, number | number[]>[];
      for (const sample of samples)
        for (const estimator of ESTIMATORS) {
          const each = await estimates(numbers(sample.token_log_ratio), estimator);
          near(
            each.reduce((sum, value) => sum + value, 0),
            sample[`sum_of_token_${estimator}`],
          );
        }
    });
  });
}
