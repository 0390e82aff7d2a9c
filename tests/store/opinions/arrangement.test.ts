import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Arrangement,
  allTied,
  arrangementOf,
  comparisonsIn,
  moved,
  orderOf,
  placedAt,
  placedBeside,
  ranksOf,
  tiedWith,
  tieToggled,
  withStrength,
} from '../../../src/store/opinions/arrangement';

const places = ({ tiers: all }: Arrangement) => all.map((members) => members.join(''));
const of = (...all: string[]): Arrangement => ({
  tiers: all.map((members) => [...members].map(Number)),
  strengths: all.slice(1).map(() => 0),
});

describe('an arrangement', () => {
  it('says nothing at first: all tie', () => {
    expect(places(allTied(4))).toEqual(['0123']);
    expect(comparisonsIn(allTied(4))).toBe(0);
  });

  it('takes a completion out of its tie by one step, and past whole places after that', () => {
    let now = moved(allTied(4), 2, -1);
    expect(places(now)).toEqual(['2', '013']);
    now = moved(now, 3, 1);
    expect(places(now)).toEqual(['2', '01', '3']);
    expect(places(moved(now, 3, -1))).toEqual(['2', '3', '01']);
    expect(places(moved(now, 2, 1))).toEqual(['01', '2', '3']);
    expect(moved(now, 2, -1)).toBe(now);
    expect(moved(now, 3, 1)).toBe(now);
  });

  it('ties with the place above and parts again, downwards', () => {
    const tied = tieToggled(of('0', '1', '2'), 2);
    expect(places(tied)).toEqual(['0', '12']);
    expect(places(tieToggled(tied, 2))).toEqual(['0', '1', '2']);
    const alone = of('0', '1', '2');
    expect(tieToggled(alone, 0)).toBe(alone);
  });

  it('is put at a place by its number; there is none beyond the last', () => {
    expect(places(placedAt(allTied(4), 3, 1))).toEqual(['3', '012']);
    expect(places(placedAt(of('3', '012'), 1, 2))).toEqual(['3', '1', '02']);
    expect(places(placedAt(of('0', '1', '2'), 0, 9))).toEqual(['1', '2', '0']);
    expect(places(placedAt(of('0', '1', '2'), 2, 1))).toEqual(['2', '0', '1']);
  });

  it('is dropped on another, or beside it', () => {
    expect(places(tiedWith(of('0', '1', '2'), 2, 0))).toEqual(['02', '1']);
    expect(places(placedBeside(of('0', '12'), 0, 2, 'after'))).toEqual(['12', '0']);
    expect(places(placedBeside(of('0', '1', '2'), 2, 0, 'before'))).toEqual(['2', '0', '1']);
    expect(places(placedBeside(of('01', '2'), 0, 1, 'after'))).toEqual(['1', '0', '2']);
  });

  it('keeps what was said about two neighbours while both stay as they are', () => {
    const said = withStrength(withStrength(of('0', '1', '2', '3'), 0, 1), 2, 0.5);
    expect(moved(said, 3, -1).strengths).toEqual([1, 0, 0]);
    expect(tieToggled(said, 3).strengths).toEqual([1, 0]);
    expect(placedAt(said, 3, 9).strengths).toEqual([1, 0, 0.5]);
  });

  it('gives K(K−1)/2 comparisons, less those that tie', () => {
    expect(comparisonsIn(of('0', '1', '2', '3'))).toBe(6);
    expect(comparisonsIn(of('0', '12', '3'))).toBe(5);
    expect(comparisonsIn(of('0', '12345678'))).toBe(8);
    expect(comparisonsIn(of('0', '1', '2', '3', '4', '5', '6', '7', '8'))).toBe(36);
  });

  it('holds every completion once whatever is done, and is its ranks', () => {
    const step = fc.tuple(fc.nat(5), fc.nat(5), fc.constantFrom('up', 'down', 'tie', 'at', 'on', 'before', 'after'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const last = steps.reduce<Arrangement>((now, [item, other, act]) => {
          if (act === 'up' || act === 'down') return moved(now, item, act === 'up' ? -1 : 1);
          if (act === 'tie') return tieToggled(now, item);
          if (act === 'at') return placedAt(now, item, other + 1);
          return act === 'on' ? tiedWith(now, item, other) : placedBeside(now, item, other, act as 'before' | 'after');
        }, allTied(6));
        expect([...orderOf(last)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
        expect(last.strengths).toHaveLength(last.tiers.length - 1);
        expect(new Set(ranksOf(last)).size).toBe(Math.max(...ranksOf(last)));
        expect(arrangementOf(ranksOf(last), last.strengths)).toEqual(last);
      }),
    );
  });
});
