/** What is kept of a distribution, whatever the logits: against the set as a sorted list of doubles gives it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GREEDY_BELOW, isGreedy, type SamplingConfig } from '../../../src/contract/config';
import { filterLogits } from '../../../src/core/sample/filterLogits';
import { sampleTokens } from '../../../src/core/sample/sampleTokens';
import { LARGEST_LOGIT } from '../../../src/core/tensor/logitBounds';
import { tf } from '../../../src/core/tf';
import { withBackend } from '../../helpers/backend';

/** mass that single precision may lose on the way, beside the tolerance that top-p itself has */
const SINGLE = 2e-6;
const PLAIN: SamplingConfig = { temperature: 1, topK: 0, topP: 1 };

const usual = fc.double({ min: -12, max: 12, noNaN: true });
const strange = fc.constantFrom(
  0,
  -0,
  1e-42,
  88,
  -104,
  3e4,
  -3e4,
  1e9,
  -2e9,
  3e38,
  -3e38,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
);
const logitsOf = fc.array(fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: strange }), {
  minLength: 1,
  maxLength: 40,
});
const samplings = fc.record({
  temperature: fc.oneof(
    fc.double({ min: GREEDY_BELOW, max: 5, noNaN: true }),
    fc.constantFrom(0, 1e-39, 1e-9, 9.99e-4, 1e-3, 1, 100),
  ),
  topK: fc.constantFrom(0, 1, 2, 5, 39, 1000),
  topP: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1e-9, 0.5, 0.8, 0.9, 1 - 1e-9, 1)),
});

/** in single precision, as the tensors hold them */
const readable = (logit: number): number =>
  Number.isNaN(logit) ? -LARGEST_LOGIT : Math.min(LARGEST_LOGIT, Math.max(-LARGEST_LOGIT, Math.fround(logit)));

/** likeliest first, of equals the lowest id first */
const inOrder = (logits: readonly number[]): number[] =>
  logits.map((_, id) => id).sort((a, b) => logits[b]! - logits[a]!);

const keptOf = (filtered: ArrayLike<number>): number[] =>
  Array.from(filtered).flatMap((logit, id) => (logit > -1e37 ? [id] : []));

function filter(logits: readonly number[], sampling: SamplingConfig): number[] {
  return tf.tidy(() => keptOf(filterLogits(tf.tensor2d([...logits], [1, logits.length]), sampling).dataSync()));
}

const draw = (logits: readonly number[], sampling: SamplingConfig, uniform: number): number =>
  tf.tidy(
    () => sampleTokens(tf.tensor2d([...logits], [1, logits.length]), sampling, tf.tensor2d([[uniform]])).dataSync()[0]!,
  );

describe.each(['cpu', 'wasm'] as const)('the set that is kept on %s', (backend) => {
  withBackend(backend);

  it('is the smallest prefix, likeliest first, whose mass reaches top-p, of what top-k leaves', () => {
    fc.assert(
      fc.property(logitsOf, samplings, (raw, sampling) => {
        const { temperature, topK, topP } = sampling;
        const logits = raw.map(readable);
        const order = inOrder(logits);
        const kept = filter(raw, sampling);
        if (isGreedy(temperature)) {
          expect(kept).toEqual([order[0]]);
          return;
        }
        // equal quotients of unequal logits tie as well
        const warm = logits.map((logit) => Math.fround(logit / Math.fround(temperature)));
        const falling = inOrder(warm);
        const kth = topK > 0 && topK < warm.length ? warm[falling[topK - 1]!]! : Number.NEGATIVE_INFINITY;
        const left = falling.filter((id) => warm[id]! >= kth);
        expect([...kept].sort((a, b) => left.indexOf(a) - left.indexOf(b))).toEqual(left.slice(0, kept.length));
        expect(kept.length).toBeGreaterThan(0);
        const weights = left.map((id) => Math.exp(warm[id]! - warm[left[0]!]!));
        const all = weights.reduce((sum, weight) => sum + weight, 0);
        const massOf = (count: number) => weights.slice(0, count).reduce((sum, weight) => sum + weight, 0) / all;
        if (topP >= 1) expect(kept.length).toBe(left.length);
        expect(massOf(kept.length)).toBeGreaterThanOrEqual(topP - 1e-6 - SINGLE);
        if (kept.length > 1 && topP < 1) expect(massOf(kept.length - 1)).toBeLessThan(topP - 1e-6 + SINGLE);
      }),
      { numRuns: 400 },
    );
  });

  it('holds every token that is drawn', () => {
    fc.assert(
      fc.property(
        logitsOf,
        samplings,
        fc.double({ min: 0, max: 1 - 2 ** -24, noNaN: true }),
        (logits, sampling, uniform) => {
          expect(filter(logits, sampling)).toContain(draw(logits, sampling, uniform));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is exact among equals: of N equal logits k are kept at k/N', () => {
    for (const size of [1, 2, 3, 7, 10, 49, 100, 300, 1000])
      for (let k = 1; k < size; k += Math.ceil(size / 40))
        for (const logit of [0, -3.7, 25]) {
          const kept = filter(new Array(size).fill(logit), { ...PLAIN, topP: k / size });
          expect([size, k, kept.length, kept.at(-1)]).toEqual([size, k, k, k - 1]);
        }
  });

  it('of ten equal logits are eight at 0.8 and nine at 0.9', () => {
    const ten = new Array(10).fill(1.5);
    expect(filter(ten, { ...PLAIN, topP: 0.8 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(filter(ten, { ...PLAIN, topP: 0.9 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('is the likeliest alone below the floor, of equals the first, also where every logit is negative', () => {
    for (const temperature of [0, 1e-39, 1e-30, 1e-9, 9.99e-4])
      for (const filters of [{}, { topK: 3 }, { topP: 0.9 }, { topK: 2, topP: 0.5 }]) {
        const sampling = { ...PLAIN, temperature, ...filters };
        const logits = [-9, -4, -30, -4, -5];
        expect([temperature, filter(logits, sampling)]).toEqual([temperature, [1]]);
        for (const uniform of [0, 0.5, 1 - 2 ** -24]) expect(draw(logits, sampling, uniform)).toBe(1);
      }
  });

  it('is a distribution again just above the floor', () => {
    expect(draw([-4, -4.0001, -30], { ...PLAIN, temperature: GREEDY_BELOW }, 0.99)).toBe(1);
    expect(draw([-4, -4.0001, -30], { ...PLAIN, temperature: 0.999 * GREEDY_BELOW }, 0.99)).toBe(0);
  });
});

describe('the floor', () => {
  it('is the same in double and in single precision, and takes no nonsense for a temperature', () => {
    for (const temperature of [GREEDY_BELOW, Math.fround(GREEDY_BELOW), 0.7]) expect(isGreedy(temperature)).toBe(false);
    for (const temperature of [0, -0, 1e-320, 9.99e-4, -1, Number.NaN]) expect(isGreedy(temperature)).toBe(true);
  });
});
