import { describe, expect, it } from 'vitest';
import type { ArenaBoard, RatedDuel, RatingOptions } from '../../../src/contract/arena';
import type { VoteChoice } from '../../../src/contract/preferences';
import { finish } from '../../../src/contract/steps';
import { ordersOf, ratingBoard } from '../../../src/core/opinion/ratings/board';
import { fitBradleyTerry } from '../../../src/core/opinion/ratings/bradleyTerry';
import { eloOf } from '../../../src/core/opinion/ratings/elo';
import { fitWithLength } from '../../../src/core/opinion/ratings/lengthControl';
import { meetingsOf } from '../../../src/core/opinion/ratings/meetings';
import { percentile } from '../../../src/core/opinion/ratings/percentile';
import { fitWithTies } from '../../../src/core/opinion/ratings/ties';
import { votesNeeded } from '../../../src/core/opinion/ratings/votesNeeded';
import { Random } from '../../../src/core/tensor/random';

const duel = (
  first: number,
  second: number,
  choice: VoteChoice = 'a',
  lengths: [number, number] = [8, 8],
): RatedDuel => ({
  first,
  second,
  choice,
  lengths,
});
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** three models, of which the first is the best; drawn by a seed */
function someDuels(count: number): RatedDuel[] {
  const random = Random.fromSeed(5);
  return times(count, (i) => {
    const first = i % 3;
    const second = (first + 1 + random.integer(2)) % 3;
    const luck = random.next() + 0.2 * (second - first);
    const choice = luck > 0.55 ? 'a' : luck < 0.4 ? 'b' : 'tie';
    return duel(first, second, choice, [4 + random.integer(9), 4 + random.integer(9)]);
  });
}

const PLAIN: RatingOptions = {
  ties: 'half',
  bothBadTies: false,
  lengthHeldEqual: false,
  prior: null,
  k: 32,
  shuffle: 0,
  seed: 1,
};
const board = (duels: readonly RatedDuel[], models: number, options: Partial<RatingOptions> = {}): ArenaBoard =>
  finish(ratingBoard(duels, models, { ...PLAIN, ...options }));

describe('strengths', () => {
  it.each(['half', 'davidson', 'raoKupper'] as const)('do not hang on the order of duels or of sides: %s', (ties) => {
    const duels = someDuels(90);
    const turned = duels.map((one, i): RatedDuel => {
      if (i % 2 === 0) return one;
      const choice = one.choice === 'a' ? 'b' : one.choice === 'b' ? 'a' : one.choice;
      return { first: one.second, second: one.first, choice, lengths: [one.lengths[1], one.lengths[0]] };
    });
    const strengthsOf = (list: readonly RatedDuel[]) => fitWithTies(meetingsOf(list), 3, ties).strengths;
    const expected = strengthsOf(duels);
    for (const list of [[...duels].reverse(), turned])
      for (const [i, strength] of strengthsOf(list).entries()) expect(strength).toBeCloseTo(expected[i]!, 9);
  });

  it.each(['half', 'davidson', 'raoKupper'] as const)('move with their names: %s', (ties) => {
    const renamed = [2, 0, 1];
    const duels = someDuels(90);
    const others = duels.map((one) => ({ ...one, first: renamed[one.first]!, second: renamed[one.second]! }));
    const [before, after] = [duels, others].map((list) => fitWithTies(meetingsOf(list), 3, ties).strengths);
    for (const [i, strength] of before!.entries()) expect(after![renamed[i]!]).toBeCloseTo(strength, 9);
  });

  it('take a tie for half a win each', () => {
    const twice = [...times(6, () => duel(0, 1)), ...times(2, () => duel(0, 1, 'b'))];
    const two = [...twice, duel(0, 1), duel(0, 1, 'b')];
    const tied = [...twice, duel(0, 1, 'tie'), duel(0, 1, 'tie')];
    const strengthsOf = (list: readonly RatedDuel[]) => fitBradleyTerry(meetingsOf(list), 2).strengths;
    expect(strengthsOf(tied)).toEqual(strengthsOf(two));
  });

  it.each(['davidson', 'raoKupper'] as const)('are the plain ones where nothing was tied: %s', (ties) => {
    const duels = someDuels(90).filter(({ choice }) => choice !== 'tie');
    expect(fitWithTies(meetingsOf(duels), 3, ties).strengths).toEqual(fitBradleyTerry(meetingsOf(duels), 3).strengths);
  });

  it.each(['half', 'davidson', 'raoKupper'] as const)('are equal where all was tied: %s', (ties) => {
    const duels = [duel(0, 1, 'tie'), duel(1, 2, 'tie'), duel(0, 2, 'tie')];
    for (const strength of fitWithTies(meetingsOf(duels), 3, ties).strengths) expect(strength).toBeCloseTo(0, 12);
  });

  it.each(['davidson', 'raoKupper'] as const)('foretell as many ties as came: %s', (ties) => {
    const duels = someDuels(90);
    const { strengths, chances } = fitWithTies(meetingsOf(duels), 3, ties);
    const foretold = duels.reduce(
      (sum, { first, second }) => sum + chances(strengths[first]! - strengths[second]!).tie,
      0,
    );
    const came = duels.filter(({ choice }) => choice === 'tie').length;
    // Davidson's likelihood is that of an exponential family, whose fit meets its counts; Rao and Kupper's is not
    expect(Math.abs(foretold - came)).toBeLessThan(ties === 'davidson' ? 1e-8 : 2);
  });
});

describe('length', () => {
  it('has no number where all texts are as long as each other, or each model has a length of its own', () => {
    const both = [duel(0, 1), duel(0, 1, 'b'), duel(0, 1)];
    expect(fitWithLength(both, 2)).toBeNull();
    expect(
      fitWithLength(
        both.map((one) => ({ ...one, lengths: [12, 6] })),
        2,
      ),
    ).toBeNull();
  });

  it('has no number where the longer text always wins', () => {
    const duels = times(8, (i) => duel(0, 1, i % 2 ? 'a' : 'b', i % 2 ? [9, 5] : [5, 9]));
    expect(fitWithLength(duels, 2)).toBeNull();
  });

  it('is what is left when it alone decides most duels', () => {
    const longer = times(40, (i): RatedDuel => {
      const isLonger = i % 2 === 0;
      const isUsual = i % 10 > 1;
      return duel(0, 1, isLonger === isUsual ? 'a' : 'b', isLonger ? [12, 6] : [6, 12]);
    });
    const fit = fitWithLength(longer, 2)!;
    // 80 % of the longer ones win: c / 3 = ln 4
    expect(fit.shared).toBeCloseTo(3 * Math.log(4), 8);
    expect(fit.strengths[0]).toBeCloseTo(0, 8);
  });
});

describe('Elo', () => {
  it('hangs on the order, and its ratings always sum to the same', () => {
    const duels = someDuels(30);
    const [there, back] = [eloOf(duels, 3, 32), eloOf([...duels].reverse(), 3, 32)];
    expect(there).not.toEqual(back);
    for (const ratings of [there, back]) expect(ratings.reduce((a, b) => a + b)).toBeCloseTo(3000, 9);
  });
});

describe('votes that are needed', () => {
  it('are none where the two are apart, endless where they are equal, and enough as counted', () => {
    expect(votesNeeded(3, 0.1)).toBe(0);
    expect(votesNeeded(0, 0.1)).toBe(Number.POSITIVE_INFINITY);
    const [d, v] = [0.3, 0.2];
    const p = 1 / (1 + Math.exp(-d));
    const least = (m: number) => 1.959963984540054 * Math.sqrt(v / (1 + m * p * (1 - p) * v));
    const needed = votesNeeded(d, v);
    expect(least(needed)).toBeLessThan(d);
    expect(least(needed - 1)).toBeGreaterThanOrEqual(d);
  });
});

describe('a percentile', () => {
  it('lies between its two neighbours', () => {
    expect(percentile([1, 2, 4], 0.5)).toBe(2);
    expect(percentile([1, 2, 4], 0.75)).toBe(3);
    expect(percentile([7], 0.025)).toBe(7);
  });
});

describe('the board', () => {
  it('has no number for anybody before the first duel', () => {
    expect(board([], 2)).toMatchObject({
      counted: 0,
      open: null,
      rows: [
        { standing: 'unmet', rating: null, elo: 1000, best: null },
        { standing: 'unmet', rating: null },
      ],
    });
  });

  it('is the same for the same duels and seed', () => {
    expect(board(someDuels(40), 3)).toEqual(board(someDuels(40), 3));
  });

  it('shuffles for Elo alone', () => {
    const [voted, other] = [board(someDuels(40), 3), board(someDuels(40), 3, { shuffle: 7 })];
    const without = ({ rows, ...rest }: ArenaBoard) => ({ ...rest, rows: rows.map(({ elo: _, ...row }) => row) });
    expect(without(other)).toEqual(without(voted));
    expect(other.rows.map(({ elo }) => elo)).not.toEqual(voted.rows.map(({ elo }) => elo));
    for (const { eloLow, eloHigh } of voted.rows) expect(eloLow).toBeLessThan(eloHigh);
  });

  it('goes through fewer orders the more duels there are, a hundred at least', () => {
    expect(board(someDuels(40), 3).orders).toBe(1000);
    expect(ordersOf(30_000)).toBe(100);
    expect(ordersOf(4000)).toBe(500);
  });

  it('says who never lost, who never won and who is not comparable', () => {
    const duels = [
      ...times(4, () => duel(0, 1)),
      ...times(3, () => duel(0, 1, 'b')),
      duel(2, 0),
      duel(3, 1, 'b'),
      duel(4, 5, 'tie'),
    ];
    const standings = board(duels, 7).rows.map(({ standing }) => standing);
    expect(standings).toEqual(['rated', 'rated', 'unbeaten', 'winless', 'apart', 'apart', 'unmet']);
  });

  it('says the same of a chain in which nobody lost and won', () => {
    const { rows, open } = board([duel(0, 1), duel(1, 2)], 3);
    expect(rows.map(({ standing }) => standing)).toEqual(['unbeaten', 'apart', 'winless']);
    expect(open).toBeNull();
  });

  it('keeps every interval finite, though a resample may miss the only loss', () => {
    const { rows } = board([...times(6, () => duel(0, 1)), duel(0, 1, 'b')], 2);
    const error = Math.sqrt(1 / (7 * (6 / 7) * (1 / 7))); // of the difference: more than ln 6 / 1.96
    expect(rows[0]!.low).toBeLessThan(1000.001 + (200 / Math.LN10) * (Math.log(6) - 1.959963984540054 * error));
    for (const { low, rating, high } of rows) {
      expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
      expect(low!).toBeLessThanOrEqual(rating!);
      expect(rating!).toBeLessThanOrEqual(high!);
    }
    expect(rows.map(({ best, worst }) => [best, worst])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('tells two apart that met often, and asks for nothing more', () => {
    const duels = times(100, (i) => duel(0, 1, i % 5 === 0 ? 'b' : 'a'));
    const { rows, open, predicted, score } = board(duels, 2);
    expect(rows.map(({ best, worst }) => [best, worst])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(open).toBeNull();
    expect(predicted[0]![1]).toBeCloseTo(0.8, 9);
    expect(score[0]![1]).toBe(80);
  });

  it('asks for duels of the two neighbours that the fewest would tell apart', () => {
    const { open } = board([...times(6, () => duel(0, 1)), ...times(4, () => duel(0, 1, 'b'))], 2);
    // d = ln 1.5, v = 1 / (10 · 0.6 · 0.4), z² / d² − 1 / v over 0.24
    const d = Math.log(1.5);
    expect(open).toMatchObject({
      first: 0,
      second: 1,
      votes: Math.ceil((1.959963984540054 ** 2 / d ** 2 - 2.4) / 0.24),
    });
  });

  it('leaves both bad out, or takes it for a tie', () => {
    const duels = [duel(0, 1), duel(0, 1, 'b'), duel(0, 1, 'bothBad')];
    expect(board(duels, 2)).toMatchObject({ counted: 2, ties: 0, bothBad: 1 });
    expect(board(duels, 2, { bothBadTies: true })).toMatchObject({ counted: 3, ties: 1, bothBad: 1 });
  });

  it('gives whoever never lost a number under a gaussian prior, and keeps islands apart', () => {
    // σ(d) = s and s₁ = −s₂ = d/2: 3 (1 − σ(d)) = d / (2 sd²), solved by bisection
    const sd = 400 / (400 / Math.LN10);
    const slope = (d: number) => 3 / (1 + Math.exp(d)) - d / (2 * sd ** 2);
    let [low, high] = [0, 20];
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2;
      if (slope(middle) > 0) low = middle;
      else high = middle;
    }
    const duels = [...times(3, () => duel(0, 1)), duel(2, 3)];
    const without = board(duels, 4);
    expect(without.rows.map(({ standing }) => standing)).not.toContain('rated');
    const { rows } = board(duels, 4, { prior: 400 });
    expect(rows[0]!.rating).toBeCloseTo(1000 + (200 / Math.LN10) * low, 6);
    expect(rows[1]!.rating).toBeCloseTo(1000 - (200 / Math.LN10) * low, 6);
    expect(rows.map(({ standing }) => standing)).toEqual(['rated', 'rated', 'apart', 'apart']);
    expect(rows[0]!.low).toBeLessThan(rows[0]!.rating!);
    const wide = board(duels, 4, { prior: 2000 }).rows[0]!.rating!;
    expect(wide).toBeGreaterThan(rows[0]!.rating!);
  });

  it.each(['half', 'davidson', 'raoKupper'] as const)('nears the ratings without a prior as it widens: %s', (ties) => {
    const duels = someDuels(300);
    const [free, wide] = [board(duels, 3, { ties }), board(duels, 3, { ties, prior: 1e5 })];
    for (const [i, { rating }] of wide.rows.entries()) expect(rating! - free.rows[i]!.rating!).toBeCloseTo(0, 2);
  });

  it('draws the votes of many on the same two texts together, so that they make no interval narrow', () => {
    const duels = times(6, (pair) => times(10, () => ({ ...duel(0, 1, pair < 4 ? 'a' : 'b'), pair }))).flat();
    const width = ({ rows }: ArenaBoard) => rows[0]!.high! - rows[0]!.low!;
    const apart = board(
      duels.map(({ pair: _, ...rest }) => rest),
      2,
    );
    expect(board(duels, 2).rows[0]!.rating).toBe(apart.rows[0]!.rating);
    expect(width(board(duels, 2))).toBeGreaterThan(1.5 * width(apart));
  });

  it.each(['davidson', 'raoKupper'] as const)('counts ties as halves where %s has no summit, and says so', (ties) => {
    const never = [...times(3, () => duel(0, 1)), duel(0, 1, 'tie')];
    const [asked, halves] = [board(never, 2, { ties }), board(never, 2)];
    expect(asked).toEqual(halves);
    expect(asked.tiesAs).toBe('half');
    expect(board([...never, duel(0, 1, 'b')], 2, { ties }).tiesAs).toBe(ties);
    expect(board(never, 2, { ties, prior: 400 }).tiesAs).toBe(ties);
    expect(board([], 2, { ties }).tiesAs).toBe(ties);
  });

  it.each(['davidson', 'raoKupper'] as const)('has finite intervals though resamples have no summit: %s', (ties) => {
    const duels = [...times(4, () => duel(0, 1)), duel(0, 1, 'b'), ...times(2, () => duel(0, 1, 'tie'))];
    for (const { low, rating, high } of board(duels, 2, { ties }).rows) {
      expect(low!).toBeLessThan(rating!);
      expect(rating!).toBeLessThan(high!);
      expect(high! - low!).toBeLessThan(3000);
    }
  });

  it('takes length out of the ratings when it is held equal', () => {
    const duels = someDuels(90);
    const [plain, equal] = [board(duels, 3), board(duels, 3, { lengthHeldEqual: true })];
    expect(plain.length).toBeNull();
    expect(equal.length!.standardError).toBeGreaterThan(0);
    const { strengths } = fitWithLength(duels, 3)!;
    for (const [i, { rating }] of equal.rows.entries())
      expect(rating).toBeCloseTo(1000 + (400 / Math.LN10) * strengths[i]!, 6);
  });
});
