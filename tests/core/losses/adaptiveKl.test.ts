import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KL_COEF } from '../../../src/contract/config';
import { ppoVariant } from '../../../src/contract/ppoVariants';
import { ppoClash } from '../../../src/contract/settings/clashes';
import { nextKlCoef } from '../../../src/core/losses/adaptiveKl';

const extremes = fc.constantFrom(
  0,
  -0,
  1e-45,
  Number.MIN_VALUE,
  1e308,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
);
/** what a batch may show, a broken one included */
const observed = fc.oneof(fc.double({ min: -50, max: 500, noNaN: true }), fc.double(), extremes);
const settings = fc.record({
  klCoef: fc.oneof(
    fc.double({ min: 1e-9, max: KL_COEF.most, noNaN: true }),
    fc.constantFrom(Number.MIN_VALUE, KL_COEF.most),
  ),
  target: fc.oneof(fc.double({ min: 0.001, max: 1000, noNaN: true }), fc.constantFrom(Number.MIN_VALUE, 1e308)),
  horizon: fc.oneof(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), fc.integer({ min: 1, max: 200 })),
  episodes: fc.integer({ min: 1, max: 1024 }),
});

describe('adaptive KL', () => {
  it('keeps β positive and finite under every setting and every sequence of distances', () => {
    fc.assert(
      fc.property(
        settings,
        fc.array(observed, { minLength: 1, maxLength: 40 }),
        ({ klCoef, target, horizon, episodes }, distances) => {
          let beta = klCoef;
          for (const kl of distances) {
            beta = nextKlCoef(beta, kl, { target, horizon }, episodes);
            expect(beta).toBeGreaterThan(0);
            expect(beta).toBeLessThan(Number.POSITIVE_INFINITY);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    { kl: 0, bound: KL_COEF.least },
    { kl: 1e9, bound: KL_COEF.most },
  ])(
    'comes to rest at $bound when thousands of updates see a distance of $kl, and leads back from there',
    ({ kl, bound }) => {
      const control = { target: 6, horizon: 100 };
      let beta = 0.1;
      for (let update = 0; update < 5000; update++) beta = nextKlCoef(beta, kl, control, 32);
      expect(beta).toBe(bound);
      const back = nextKlCoef(beta, kl === 0 ? 1e9 : 0, control, 32);
      expect(back / beta).toBeCloseTo(kl === 0 ? 1.064 : 0.936, 9);
    },
  );

  it('is positive where the formula would pay for distance: horizon 2, 16 rollouts, target 6', () => {
    expect(nextKlCoef(0.1, 0, { target: 6, horizon: 2 }, 16)).toBeCloseTo(0.01, 12); // 0.1 · (1 − 0.2·16/2) = −0.06
    expect(nextKlCoef(-0.06, 0, { target: 6, horizon: 2 }, 16)).toBe(KL_COEF.least);
  });

  it('is the formula to the last digit wherever an update takes less than nine tenths', () => {
    expect(nextKlCoef(0.1, 0, { target: 6, horizon: 4 }, 16)).toBe(0.1 * (1 - (0.2 * 16) / 4));
    expect(nextKlCoef(0.1, 7, { target: 6, horizon: 400 }, 16)).toBe(0.1 * (1 + ((7 / 6 - 1) * 16) / 400));
  });

  it('learns nothing from a distance that is not a number', () => {
    expect(nextKlCoef(0.1, Number.NaN, { target: 6, horizon: 100 }, 16)).toBe(0.1);
  });
});

describe('what may be set', () => {
  const adaptive = { ...ppoVariant('adaptive', 'tiny'), rollouts: 16 };

  it('never lets the formula itself reach 0', () => {
    const config = fc.record({
      rollouts: fc.integer({ min: 1, max: 1024 }),
      klHorizon: fc.double({ min: 1e-6, max: 1000, noNaN: true }),
    });
    fc.assert(
      fc.property(config, ({ rollouts, klHorizon }) => {
        const refused = ppoClash({ ...adaptive, minibatches: 1, rollouts, klHorizon }) !== null;
        expect(refused).toBe(1 - (0.2 * rollouts) / klHorizon <= 0);
      }),
      { numRuns: 2000 },
    );
  });

  it('is said in words, with the number that would do', () => {
    expect(ppoClash({ ...adaptive, klHorizon: 2 })).toBe(
      'a KL horizon of 2 for 16 rollouts: one iteration could bring β to 0 or below; choose more than 3.2',
    );
    expect(ppoClash({ ...adaptive, klHorizon: 2, klControl: 'fixed' })).toBeNull();
    expect(ppoClash({ ...adaptive, klCoef: 0 })).toBe('adaptive KL control multiplies β, so it cannot begin at 0');
    expect(ppoClash({ ...adaptive, klCoef: 0, klControl: 'fixed' })).toBeNull();
  });
});
