/**
 * Agreement, ratings and codes of many small cases, each against the slowest version that could be written down: pairs
 * one by one, likelihoods climbed one number at a time, words of a code tried out.
 */
import { describe, expect, it } from 'vitest';
import { TIE_RULES, type TieRule } from '../../../src/contract/arena';
import { CLASS_CHOICES, CLASS_SIZES } from '../../../src/contract/classroom';
import {
  cohenKappa,
  countsOf,
  krippendorffAlpha,
  percentAgreement,
  type Ratings,
} from '../../../src/core/opinion/agreement';
import { finiteGroups, islandsOf } from '../../../src/core/opinion/ratings/connected';
import type { Meeting } from '../../../src/core/opinion/ratings/meetings';
import { fitWithTies, isBounded } from '../../../src/core/opinion/ratings/ties';
import { Random } from '../../../src/core/tensor/random';
import { encodeClassCode } from '../../../src/formats/classCode';
import { ALPHABET } from '../../../src/formats/signs';
import { encodeVoteCode, readVoteCode, voteSigns } from '../../../src/formats/voteCode';

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** every ordered pair of two different places */
const ordered = <T>(list: readonly T[]): [T, T][] =>
  list.flatMap((one, i) => list.flatMap((other, j): [T, T][] => (i === j ? [] : [[one, other]])));

describe('agreement of 300 random classes', () => {
  /** what was said of each unit */
  const saidOf = (ratings: readonly Ratings[], units: number): number[][] =>
    times(units, (unit) => ratings.flatMap((rater) => rater[unit] ?? []));

  /** votes within a unit, each vote's pairs together weighing one; then any vote with any other */
  function slowAlpha(units: readonly number[][]): number | null {
    const compared = units.filter((unit) => unit.length > 1);
    const values = compared.flat();
    const anywhere = ordered(values).map(([a, b]) => (a === b ? 0 : 1));
    if (anywhere.every((differs) => differs === 0)) return null;
    const within = compared.flatMap((unit) => ordered(unit).map(([a, b]) => (a === b ? 0 : 1) / (unit.length - 1)));
    return 1 - within.reduce((a, b) => a + b, 0) / values.length / mean(anywhere);
  }
  const slowPercent = (units: readonly number[][]): number | null => {
    const pairs = units.flatMap((unit) => ordered(unit).map(([a, b]) => (a === b ? 1 : 0)));
    return pairs.length === 0 ? null : mean(pairs);
  };
  function slowKappa(one: Ratings, other: Ratings): number | null {
    const both = one.flatMap((mine, i) => (mine === null || other[i] === null ? [] : [[mine, other[i]!] as const]));
    if (both.length === 0) return null;
    const observed = mean(both.map(([a, b]) => (a === b ? 1 : 0)));
    const chance = mean(both.flatMap(([a]) => both.map(([, b]) => (a === b ? 1 : 0))));
    return chance === 1 ? null : (observed - chance) / (1 - chance);
  }
  const expectSame = (found: number | null, wanted: number | null) =>
    wanted === null ? expect(found).toBeNull() : expect(found).toBeCloseTo(wanted, 10);

  it('is the same as counted pair by pair, with ties, both bad and missing votes', () => {
    const random = Random.fromSeed(14);
    const defined = times(300, () => {
      const [raters, units, categories] = [2 + random.integer(5), 1 + random.integer(6), 1 + random.integer(4)];
      const missing = [0, 0.3, 0.7][random.integer(3)]!;
      const ratings = times(raters, () =>
        times(units, () => (random.next() < missing ? null : random.integer(categories))),
      );
      const said = saidOf(ratings, units);
      const counts = countsOf(ratings, units, 4);
      const alpha = slowAlpha(said);
      expectSame(krippendorffAlpha(counts), alpha);
      expectSame(percentAgreement(counts), slowPercent(said));
      expectSame(cohenKappa(ratings[0]!, ratings[1]!), slowKappa(ratings[0]!, ratings[1]!));
      return alpha !== null;
    });
    expect(defined.filter(Boolean).length).toBeGreaterThan(150);
    expect(defined.filter((is) => !is).length).toBeGreaterThan(30);
  });
});

/** chances of win, tie and loss of a difference, by the formulas of the papers with strengths π */
const CHANCES: Record<TieRule, (d: number, shared: number) => [number, number, number]> = {
  half: (d) => [1 / (1 + Math.exp(-d)), 1, 1 / (1 + Math.exp(d))],
  davidson(d, nu) {
    const [one, other] = [Math.exp(d), 1];
    const all = one + other + nu * Math.sqrt(one * other);
    return [one / all, (nu * Math.sqrt(one * other)) / all, other / all];
  },
  raoKupper(d, theta) {
    const [one, other] = [Math.exp(d), 1];
    const [win, loss] = [one / (one + theta * other), other / (theta * one + other)];
    return [win, ((theta ** 2 - 1) * one * other) / ((one + theta * other) * (theta * one + other)), loss];
  },
};
/** the widest that a log strength may go: odds of 10¹⁰ */
const WALL = 12;

/** @param at log strengths, then the logarithm of the shared number */
function likelihood(rule: TieRule, meetings: readonly Meeting[], at: readonly number[]): number {
  const shared = rule === 'raoKupper' ? 1 + Math.exp(at.at(-1)!) : Math.exp(at.at(-1)!);
  return meetings.reduce((sum, { first, second, wins, losses, ties }) => {
    const [win, tie, loss] = CHANCES[rule](at[first]! - at[second]!, shared);
    const tied = rule === 'half' ? (Math.log(win) + Math.log(loss)) / 2 : Math.log(tie);
    const counted = (count: number, log: number) => (count === 0 ? 0 : count * log);
    return sum + counted(wins, Math.log(win)) + counted(losses, Math.log(loss)) + counted(ties, tied);
  }, 0);
}

/** one number after the other, by thirds of what is left between the walls, until nothing moves */
function climbed(rule: TieRule, meetings: readonly Meeting[], models: number): number[] {
  const at = times(models + 1, () => 0);
  for (let round = 0; round < 4000; round++) {
    const before = [...at];
    for (let i = 1; i < at.length; i++) {
      if (i === models && rule === 'half') continue;
      let [low, high] = [-2 * WALL, 2 * WALL];
      const look = (x: number) => likelihood(rule, meetings, at.with(i, x));
      while (high - low > 1e-9) {
        const [one, two] = [low + (high - low) / 3, high - (high - low) / 3];
        if (look(one) < look(two)) low = one;
        else high = two;
      }
      at[i] = (low + high) / 2;
    }
    if (at.every((x, i) => Math.abs(x - before[i]!) < 1e-8)) break;
  }
  const middle = mean(at.slice(0, models));
  return at.slice(0, models).map((x) => x - middle);
}

/** ln ν, and ln (θ − 1), of ties that keep up with strengths stretched so far */
const SHARED: Record<TieRule, (by: number) => number> = {
  half: () => 0,
  davidson: (by) => by / 2,
  raoKupper: (by) => Math.log(Math.exp(by) - 1),
};
/** whole strengths by which every winner stands at least 1 above the loser and no two that tied further apart than 1 */
function laidOut(meetings: readonly Meeting[], models: number): number[] | null {
  const all = times(models ** models, (code) => times(models, (i) => Math.floor(code / models ** i) % models));
  const fits = (at: readonly number[]) =>
    meetings.every(({ first, second, wins, losses, ties }) => {
      const d = at[first]! - at[second]!;
      return (wins === 0 || d >= 1) && (losses === 0 || d <= -1) && (ties === 0 || Math.abs(d) <= 1);
    });
  return all.find(fits) ?? null;
}

/** a path of these steps from one to the other, looked for by trying all */
function leads(steps: readonly (readonly [number, number])[], from: number, to: number, been: number[] = []): boolean {
  if (from === to) return true;
  return steps.some(([a, b]) => a === from && !been.includes(b) && leads(steps, b, to, [...been, from]));
}

/** wins, ties and losses of pairs that met, few of each, so that many a case is at an edge */
function someMeetings(random: Random, models: number): Meeting[] {
  return times(models, (first) => times(models, (second) => ({ first, second })))
    .flat()
    .filter(({ first, second }) => first < second && random.next() < 0.75)
    .map((pair) => ({ ...pair, wins: random.integer(4), losses: random.integer(2), ties: random.integer(3) }))
    .filter(({ wins, losses, ties }) => wins + losses + ties > 0);
}

describe('ratings of small random arenas', () => {
  it('rate together whom chains of wins and ties lead to and back, as trying every path finds them', () => {
    const random = Random.fromSeed(15);
    for (let i = 0; i < 200; i++) {
      const models = 2 + random.integer(4);
      const meetings = someMeetings(random, models);
      const steps = meetings.flatMap(({ first, second, wins, losses, ties }) => [
        ...(wins + ties > 0 ? [[first, second] as const] : []),
        ...(losses + ties > 0 ? [[second, first] as const] : []),
      ]);
      const both = [...steps, ...steps.map(([a, b]) => [b, a] as const)];
      const slow = (ways: readonly (readonly [number, number])[]) => {
        const groups = times(models, (a) =>
          times(models, (b) => b).filter((b) => leads(ways, a, b) && leads(ways, b, a)),
        );
        return groups.filter((group, a) => group[0] === a);
      };
      expect(finiteGroups(meetings, models)).toEqual(slow(steps));
      expect(islandsOf(meetings, models)).toEqual(slow(both));
    }
  });

  it.each(TIE_RULES)('are the summit that is climbed to one number at a time, or have none: %s', (rule) => {
    const random = Random.fromSeed(16);
    const seen = { bounded: 0, unbounded: 0 };
    for (let i = 0; seen.bounded < 12 || (rule !== 'half' && seen.unbounded < 6); i++) {
      expect(i).toBeLessThan(400);
      const models = 2 + random.integer(2);
      const meetings = someMeetings(random, models);
      if (finiteGroups(meetings, models).length !== 1) continue;
      const fit = fitWithTies(meetings, models, rule);
      const isEdge =
        meetings.every(({ ties }) => ties === 0) || meetings.every(({ wins, losses }) => wins + losses === 0);
      const isMet = isBounded(meetings, models, rule);
      const layout = isEdge ? null : laidOut(meetings, models);
      if (rule !== 'half') expect(isMet).toBe(layout === null);
      if ((isMet ? seen.bounded : seen.unbounded) > 15) continue;
      if (isMet) {
        const wanted = climbed(isEdge ? 'half' : rule, meetings, models);
        for (const [model, strength] of fit.strengths.entries()) expect(strength).toBeCloseTo(wanted[model]!, 4);
        expect(fit).toMatchObject({ rule, converges: true });
        seen.bounded++;
      } else {
        const wanted = climbed('half', meetings, models);
        for (const [model, strength] of fit.strengths.entries()) expect(strength).toBeCloseTo(wanted[model]!, 4);
        expect(fit.rule).toBe('half');
        // the further all of it is stretched, with ties likelier too, the better what came fits
        const stretched = [3, 6, 9].map((by) =>
          likelihood(rule, meetings, [...layout!.map((x) => x * by), SHARED[rule](by)]),
        );
        expect(stretched[1]!).toBeGreaterThan(stretched[0]!);
        expect(stretched[2]!).toBeGreaterThan(stretched[1]!);
        seen.unbounded++;
      }
    }
    if (rule === 'half') expect(seen.unbounded).toBe(0);
  });
});

describe('codes of random classes', () => {
  /** polynomials over GF(2) modulo x⁵ + x² + 1, by long multiplication and division */
  function product(a: number, b: number): number {
    let sum = 0;
    for (let i = 0; i < 5; i++) if (b & (1 << i)) sum ^= a << i;
    for (let i = 8; i >= 5; i--) if (sum & (1 << i)) sum ^= 0b100101 << (i - 5);
    return sum;
  }
  const power = (exponent: number): number => times(exponent, () => 2).reduce(product, 1);
  const check = (word: readonly number[], step: number): number =>
    word.reduce((sum, sign, i) => sum ^ product(sign, power(step * i)), 0);
  const written = (word: readonly number[]): string => word.map((sign) => ALPHABET[sign]).join('');
  /** of all words with two more signs the one that is sound */
  function withChecks(word: readonly number[]): number[][] {
    const all = times(32, (x) => times(32, (y) => [...word, x, y])).flat();
    return all.filter((one) => check(one, 1) === 0 && check(one, 2) === 0);
  }
  /** bits from the left, as a string of 0 and 1 */
  const inFives = (bits: string): number[] => (bits.match(/.{5}/g) ?? []).map((five) => Number.parseInt(five, 2));

  it('are the one sound word over the same bits, and come back', () => {
    const random = Random.fromSeed(17);
    for (let i = 0; i < 36; i++) {
      const size = CLASS_SIZES[i % CLASS_SIZES.length]!;
      const choices = times(size, () => CLASS_CHOICES[random.integer(5)]!);
      const [number, tag] = [random.integer(64), random.integer(256)];
      const inBase5 = choices.map((choice) => CLASS_CHOICES.indexOf(choice)).join('');
      const digits = [...inBase5].reduce((sum, digit, at) => sum + BigInt(digit) * 5n ** BigInt(size - 1 - at), 0n);
      const bits = [digits.toString(2), number.toString(2).padStart(6, '0'), tag.toString(2).padStart(8, '0')].join('');
      const signs = { 12: 12, 16: 16, 20: 16, 24: 16, 28: 20, 32: 20 }[size];
      expect(voteSigns(size)).toBe(signs);
      const sound = withChecks(inFives(bits.padStart(5 * (signs - 2), '0')));
      const code = encodeVoteCode({ choices, number }, tag);
      expect(sound.map(written)).toEqual([code]);
      expect(readVoteCode(code, { size, tag, students: 63 })).toEqual({ kind: 'read', value: { choices, number } });
    }
  });

  it('of a class are the one sound word over 12, 3 and 10 bits', () => {
    const random = Random.fromSeed(18);
    for (let i = 0; i < 200; i++) {
      const [seed, at, model] = [random.integer(4096), random.integer(6), random.integer(1024)];
      const bits = [
        seed.toString(2).padStart(12, '0'),
        at.toString(2).padStart(3, '0'),
        model.toString(2).padStart(10, '0'),
      ];
      const word = inFives(bits.join(''));
      const sound = times(32, (x) => [...word, x]).filter((one) => check(one, 1) === 0);
      expect(sound.map(written)).toEqual([encodeClassCode({ seed, size: CLASS_SIZES[at]!, model })]);
    }
  });
});
