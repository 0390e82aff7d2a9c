import { describe, expect, it } from 'vitest';
import { cosine, naturalLog, wholePower } from '../../../src/core/tensor/exact';
import { Random } from '../../../src/core/tensor/random';

/** distance in units of the last place */
const units = (found: number, expected: number): number =>
  Math.abs(found - expected) / (Math.abs(expected) * Number.EPSILON);
const random = Random.fromSeed(1);
const SOME = Array.from({ length: 5000 }, () => random.next());

describe('functions that every browser rounds alike', () => {
  it('take the logarithm to the last place, also next to 1 and far from it', () => {
    for (const x of [...SOME.map((number) => 1 - number), 1 - 2 ** -24, 2 ** -24, 1e-300, 1e300, 3])
      expect(units(naturalLog(x), Math.log(x)), `ln ${x}`).toBeLessThanOrEqual(2);
    expect(naturalLog(1)).toBe(0);
    expect(naturalLog(0.5)).toBe(-Math.LN2);
  });

  it('take the cosine of any angle of a few turns to the last place', () => {
    for (const x of SOME.map((number) => 25 * (number - 0.5)))
      expect(Math.abs(cosine(x) - Math.cos(x)), `cos ${x}`).toBeLessThan(3e-16);
    expect([0, Math.PI, -Math.PI, 2 * Math.PI].map(cosine)).toEqual([1, -1, -1, 1]);
    expect(cosine(Math.PI / 2)).toBe(6.123233995736766e-17);
  });

  it('take whole powers', () => {
    for (const base of [0.9, 0.999, -2, 1.0001])
      for (const exponent of [0, 1, 2, 7, 100, 1001])
        expect(units(wholePower(base, exponent), base ** exponent)).toBeLessThan(exponent + 1);
  });
});
