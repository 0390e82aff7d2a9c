import { describe, expect, it } from 'vitest';
import { type Json, mismatch } from './golden';

const compare = (actual: Json | undefined, golden: Json): string | null =>
  mismatch(actual, golden, { abs: 1e-6, rel: 1e-6 }, 'x');

describe('the comparison with reference vectors', () => {
  it.each([0, false, '', Number.NaN, undefined, [], {}, 'null'] as const)('takes %o for no "not defined"', (actual) => {
    expect(compare(actual as Json | undefined, null)).not.toBeNull();
  });

  it.each([null, false, true, '', '1', [], [1], {}, Number.NaN, undefined] as const)(
    'takes %o for no number',
    (actual) => {
      for (const golden of [0, 1]) expect(compare(actual as Json | undefined, golden)).not.toBeNull();
    },
  );

  it.each([null, undefined, '', 'ab', 0, {}] as const)('takes %o for no list', (actual) => {
    for (const golden of [[], [1, 2]]) expect(compare(actual as Json | undefined, golden)).not.toBeNull();
  });

  it.each([null, undefined, [], 0] as const)('takes %o for no named values', (actual) => {
    for (const golden of [{}, { 0: 1 }] as Json[]) expect(compare(actual as Json | undefined, golden)).not.toBeNull();
  });

  it.each([
    [null, null],
    [1 + 5e-7, 1],
    [-0, 0],
    [
      [1, null],
      [1, null],
    ],
    [{ a: 'x', b: 2 }, { a: 'x' }],
    [1, true],
    [false, false],
  ] as const)('accepts %o for %o', (actual, golden) => {
    expect(compare(actual as unknown as Json, golden as unknown as Json)).toBeNull();
  });

  it('names the place, what was expected there and what came', () => {
    expect(compare({ rows: [[1, null]] }, { rows: [[1, 0]] })).toBe('x.rows.0.1: expected 0, got null');
    expect(compare({ alpha: 0 }, { alpha: null })).toBe('x.alpha: expected null, got 0');
    expect(compare({}, { alpha: null })).toBe('x.alpha: expected null, got nothing');
    expect(compare([Number.NaN], [0])).toBe('x.0: expected 0, got NaN');
  });

  it('fails outside its tolerance, and wherever that is unknown', () => {
    expect(compare(1 + 1e-5, 1)).not.toBeNull();
    expect(mismatch(1, 1, { abs: Number.NaN, rel: 0 }, 'x')).not.toBeNull();
  });
});
