import { describe, expect, it } from 'vitest';
import { distinctNgrams, distinctShare, duplicateShare } from '../../../src/core/text/diversity';

describe('how much of a set of texts repeats itself', () => {
  it('counts different n-grams over all texts together', () => {
    const rows = [
      [1, 2, 1, 2],
      [1, 2, 3],
    ];
    expect(distinctNgrams(rows, 1)).toBeCloseTo(3 / 7, 12); // 1 2 3
    expect(distinctNgrams(rows, 2)).toBeCloseTo(3 / 5, 12); // 12 21 23
    expect(distinctNgrams(rows, 3)).toBeCloseTo(3 / 3, 12); // 121 212 123
  });

  it('does not take two tokens for one longer token', () => {
    expect(
      distinctNgrams(
        [
          [1, 12],
          [11, 2],
        ],
        2,
      ),
    ).toBe(1);
  });

  it('has nothing to complain about where no text is long enough', () => {
    expect(distinctNgrams([[1], []], 2)).toBe(1);
  });

  it('tells copies from texts that have one', () => {
    const texts = ['a', 'b', 'a', 'a', 'c'];
    expect(distinctShare(texts)).toBe(3 / 5);
    expect(duplicateShare(texts)).toBe(3 / 5);
    expect([distinctShare([]), duplicateShare([])]).toEqual([0, 0]);
  });
});
