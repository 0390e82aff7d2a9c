import { describe, expect, it } from 'vitest';
import type { ClassChoice } from '../../../src/contract/classroom';
import { byAgreement, dividing, favourite, otherSide, splitsOf, totalsOf } from '../../../src/store/classroom/splits';

const votes = (...rows: ClassChoice[][]) => rows.map((choices) => ({ choices }));

describe('the split of a pair', () => {
  it('counts every answer, what is missing as skipped', () => {
    const splits = splitsOf(votes(['first', 'tie'], ['second', 'bothBad'], ['second']), 3);
    expect(splits[0]).toEqual({ none: 0, first: 1, second: 2, tie: 0, bothBad: 0 });
    expect(splits[1]).toEqual({ none: 1, first: 0, second: 0, tie: 1, bothBad: 1 });
    expect(totalsOf(splits)).toEqual({ votes: 5, skipped: 4 });
    expect([favourite(splits[0]!), otherSide('second'), favourite(splits[2]!)]).toEqual(['second', 'first', 'first']);
  });

  it('stands by agreement, pairs that say nothing last; those that divide are the least agreed on', () => {
    const agreement = [0.4, null, 1, 0.2, 1];
    expect(byAgreement(agreement)).toEqual([2, 4, 0, 3, 1]);
    expect(dividing(agreement, 5)).toEqual([3, 0]);
    expect(dividing(agreement, 1)).toEqual([3]);
    expect(dividing([1, null], 5)).toEqual([]);
  });
});
