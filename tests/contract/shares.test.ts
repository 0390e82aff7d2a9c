import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted, intended, intendedShare, wilsonInterval } from '../../src/contract/shares';

describe("Wilson's interval", () => {
  it('gives the textbook values', () => {
    // 8 of 10: (0.8 + 0.19207 ± 1.96·√(0.016 + 0.0096036)) / 1.38415
    expect(wilsonInterval(8, 10).low).toBeCloseTo(0.4902, 4);
    expect(wilsonInterval(8, 10).high).toBeCloseTo(0.9433, 4);
  });

  it('stays inside 0–1 and mirrors', () => {
    expect(wilsonInterval(10, 10).high).toBeCloseTo(1, 12);
    expect(wilsonInterval(10, 10).high).toBeLessThanOrEqual(1);
    expect(wilsonInterval(10, 10).low).toBeCloseTo(1 - wilsonInterval(0, 10).high, 12);
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilsonInterval(5, 5).high).toBe(1);
  });

  it('shrinks with more cases', () => {
    const width = (n: number) => wilsonInterval(n / 2, n).high - wilsonInterval(n / 2, n).low;
    expect(width(400)).toBeLessThan(width(40) / 2.5);
  });

  it('holds the share it was counted from', () => {
    expect(counted(0, 0)).toEqual({ share: 0, low: 0, high: 1, count: 0 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, part) => {
        const { share, low, high } = counted(Math.round(part * count), count);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('what agreement with oneself says of a judge', () => {
  it('gives the values by hand', () => {
    expect(intendedShare(0.75)).toBeCloseTo((1 + Math.SQRT1_2) / 2, 12); // 0.854: 0.854² + 0.146² = 0.75
    expect(intendedShare(0.82)).toBeCloseTo(0.9, 12); // 0.81 + 0.01
    expect(intendedShare(0.68)).toBeCloseTo(0.8, 12); // 0.64 + 0.04
  });

  it('is certain at the top, and a coin where repeats agree no more than by chance', () => {
    expect(intendedShare(1)).toBe(1);
    expect([0.5, 0.4, 0].map(intendedShare)).toEqual([0.5, 0.5, 0.5]);
  });

  it('is what a voter with independent slips shows', () => {
    const agreement = fc.double({ min: 0.5, max: 1, noNaN: true });
    fc.assert(
      fc.property(agreement, (p) => {
        expect(intendedShare(p ** 2 + (1 - p) ** 2)).toBeCloseTo(p, 6);
      }),
    );
  });

  it('grows with the agreement, from one half to one, and is never below it', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, (one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map(intendedShare) as [number, number];
        expect(less).toBeGreaterThanOrEqual(0.5);
        expect(less).toBeLessThanOrEqual(more);
        expect(more).toBeLessThanOrEqual(1);
        expect(more).toBeGreaterThanOrEqual(Math.max(one, other));
      }),
    );
  });

  it('carries the interval of the repeats over: 3 of 4 leave everything from a coin to 0.98 open', () => {
    const { share, low, high, count } = intended(counted(3, 4)); // 0.30 … 0.954
    expect(share).toBeCloseTo(0.854, 3);
    expect(low).toBe(0.5);
    expect(high).toBeCloseTo((1 + Math.sqrt(2 * 0.9544 - 1)) / 2, 3);
    expect(count).toBe(4);
  });
});
