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

    const rows = (p: readonly number[]) => tf.expandDims<tf.Tensor3D>(logOf(p), 0);
    const exact = (p: readonly number[], q: readonly number[]) => read(() => expectedKl(rows(p), rows(q)));
    const meanOf = (p: readonly number[], values: readonly number[]) =>
      values.reduce((sum, value, action) => sum + value * p[action]!, 0);

    it.each(of('distribution').map((one) => [one.name, one] as const))(
      'have their spread and their directions, and a sign that is wrong gives other numbers: %s',
      async (_, { inputs, outputs }) => {
        const [policy, ref] = [numbers(inputs.policy), numbers(inputs.ref)];
        for (const estimator of ESTIMATORS) {
          const each = await read(() => klEstimate(logOf(policy), logOf(ref), estimator));
          const mean = meanOf(policy, each);
          const spread = Math.sqrt(
            meanOf(
              policy,
              each.map((value) => (value - mean) ** 2),
            ),
          );
          near(spread, outputs[`std_${estimator}`]);
        }
        near((await exact(ref, policy))[0]!, outputs.kl_of_ref_from_policy);
        const upsideDown = await read(() => klEstimate(logOf(ref), logOf(policy), 'k3'));
        near(meanOf(policy, upsideDown), outputs.mean_k3_with_the_ratio_upside_down);
        const soft = (logits: tf.Tensor) => tf.expandDims<tf.Tensor3D>(tf.logSoftmax(logits), 0);
        const forwards = await read(() =>
          tf.grad((logits) => tf.sum(expectedKl(soft(logits), rows(ref))))(logOf(policy)),
        );
        const backwards = await read(() =>
          tf.grad((logits) => tf.sum(expectedKl(rows(ref), soft(logits))))(logOf(policy)),
        );
        for (const action of policy.keys()) {
          near(forwards[action]!, numbers(outputs.gradient_of_kl)[action]);
          near(backwards[action]!, numbers(outputs.gradient_of_kl_of_ref_from_policy)[action]);
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

    describe('over the tokens of a text', () => {
      const [{ inputs, outputs }] = of('sequences') as [GoldenCase];
      const starts = { policy: numbers(inputs.policy_start), ref: numbers(inputs.ref_start) };
      const nexts = { policy: inputs.policy_next as number[][], ref: inputs.ref_next as number[][] };
      const given = (who: 'policy' | 'ref', before: readonly number[]): number[] =>
        before.length === 0 ? starts[who] : nexts[who][before.at(-1)!]!;
      const logprobs = (who: 'policy' | 'ref', tokens: readonly number[]) =>
        tokens.map((token, t) => Math.log(given(who, tokens.slice(0, t))[token]!));
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

      /** of one text: added up over its tokens, and of the whole text at once */
      async function both(tokens: readonly number[], estimator: Estimator): Promise<[number, number]> {
        const [log, ref] = [logprobs('policy', tokens), logprobs('ref', tokens)];
        const each = await read(() => klEstimate(tf.tensor2d([log]), tf.tensor2d([ref]), estimator));
        const whole = await read(() => klEstimate(tf.tensor2d([[sum(log)]]), tf.tensor2d([[sum(ref)]]), estimator));
        return [sum(each), whole[0]!];
      }

      it.each((inputs.samples as { tokens: number[]; real_tokens: number }[]).map((sample, i) => ({ ...sample, i })))(
        'are those of golden v: $tokens, $real_tokens of them real',
        async ({ tokens, real_tokens, i }) => {
          const golden = (outputs.samples as Record<string, number | number[]>[])[i]!;
          const real = tokens.slice(0, real_tokens);
          const [log, ref] = [logprobs('policy', real), logprobs('ref', real)];
          for (const [t, value] of log.entries()) near(value - ref[t]!, numbers(golden.token_log_ratio)[t]);
          for (const estimator of ESTIMATORS) {
            const [added, whole] = await both(real, estimator);
            near(added, golden[`sum_of_token_${estimator}`]);
            near(whole, golden[`sequence_${estimator}`]);
          }
          const along = await Promise.all(
            real.map((_, t) => exact(given('policy', real.slice(0, t)), given('ref', real.slice(0, t)))),
          );
          near(sum(along.map(([kl]) => kl!)), golden.exact_kl_along_the_way);
        },
      );

      it('meet the KL of whole texts in the mean, k1 and k3, and k2 does not', async () => {
        const length = inputs.length as number;
        const texts = Array.from({ length: 2 ** length }, (_, n) => Array.from({ length }, (_, t) => (n >> t) & 1));
        const chance = (tokens: readonly number[]) => Math.exp(sum(logprobs('policy', tokens)));
        for (const estimator of ESTIMATORS) {
          const found = await Promise.all(texts.map((tokens) => both(tokens, estimator)));
          near(
            sum(found.map(([added], n) => chance(texts[n]!) * added)),
            outputs[`expected_sum_of_token_${estimator}`],
          );
          near(sum(found.map(([, whole], n) => chance(texts[n]!) * whole)), outputs[`expected_sequence_${estimator}`]);
        }
        near(
          sum(texts.map((tokens) => chance(tokens) * (sum(logprobs('policy', tokens)) - sum(logprobs('ref', tokens))))),
          outputs.kl_of_sequences,
        );
      });
    });
  });
}
