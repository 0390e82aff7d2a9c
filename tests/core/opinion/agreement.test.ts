import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/contract/steps';
import {
  bootstrapInterval,
  cohenKappa,
  countsOf,
  krippendorffAlpha,
  percentAgreement,
  type Ratings,
  unitAgreement,
} from '../../../src/core/opinion/agreement';
import { agreeing } from '../../../src/core/opinion/report';
import { Random } from '../../../src/core/tensor/random';
import { type Actual, itReproduces, type Json } from '../../helpers/golden';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const dice = (seed = 1) => {
  const random = Random.fromSeed(seed);
  return () => random.next();
};

/** categories as numbers, in the golden's order: those in use, sorted */
function numbered(all: Json[][], leftOut: Json[]) {
  const used = all.flat().filter((value) => value !== null && !leftOut.includes(value)) as (string | number)[];
  const categories = [...new Set(used)].sort((a, b) => (a < b ? -1 : 1));
  const numberOf = (value: Json) => (categories.includes(value as string) ? categories.indexOf(value as string) : null);
  return { categories, ratings: all.map((rater): Ratings => rater.map(numberOf)) };
}

/** what the golden prints beside the results, from the counts: Σ over units of ordered pairs of votes, 1/(m − 1) each */
function coincidences(units: readonly (readonly number[])[], categories: number): number[][] {
  const table = Array.from({ length: categories }, () => new Array<number>(categories).fill(0));
  for (const counts of units.filter((unit) => sum(unit) > 1))
    for (let c = 0; c < categories; c++)
      for (let k = 0; k < categories; k++)
        table[c]![k]! += (counts[c]! * (counts[k]! - (c === k ? 1 : 0))) / (sum(counts) - 1);
  return table;
}

const reportOf = (...given: Parameters<typeof agreeing>) => finish(agreeing(...given));

describe('agreement', () => {
  itReproduces(
    'p_agreement',
    ['ratings', 'leave_out'],
    ({ ratings: given, leave_out: leftOut }, golden): Record<string, Actual> => {
      const { categories, ratings } = numbered(given as Json[][], leftOut as Json[]);
      const units = countsOf(ratings, (given as Json[][])[0]!.length, categories.length);
      const alpha = krippendorffAlpha(units);
      const table = coincidences(units, categories.length);
      const shares = units.map(unitAgreement);
      const told = shares.filter((share) => share !== null);
      const percent = percentAgreement(units);
      const totals = table.map(sum);
      const n = sum(totals);
      const expected = n > 1 ? (n ** 2 - sum(totals.map((total) => total ** 2))) / (n * (n - 1)) : null;
      const fraction = golden.outputs.alpha_fraction as [number, number] | null | undefined;
      return {
        raters_with_votes: ratings.filter((rater) => rater.some((value) => value !== null)).length,
        units_with_two: told.length,
        pairable_values: sum(units.map(sum).filter((votes) => votes > 1)),
        pair_agreement: percent,
        pair_agreement_mean_of_units: told.length > 0 ? sum(told) / told.length : null,
        unit_agreement: shares,
        kappas: (golden.outputs.kappas as { raters: [number, number]; [key: string]: Json }[]).map((entry) => {
          const kappa = cohenKappa(ratings[entry.raters[0]]!, ratings[entry.raters[1]]!);
          // units, agreement and chance are steps on the way, held by κ itself
          return { ...entry, kappa, kappa_defined: kappa !== null } as Actual;
        }),
        categories,
        coincidences: table,
        category_totals: totals,
        observed_disagreement: n > 0 ? 1 - sum(table.map((row, c) => row[c]!)) / n : null,
        expected_disagreement: expected,
        alpha,
        alpha_defined: alpha !== null,
        alpha_fraction: fraction && Math.abs(fraction[0] / fraction[1] - alpha!) < 1e-12 ? fraction : null,
      };
    },
    'float64',
  );

  it('of Krippendorff’s own 4 × 12 example is 113/152', () => {
    const _ = null;
    const ratings = [
      [0, 1, 2, 2, 1, 0, 3, 0, 1, _, _, _],
      [0, 1, 2, 2, 1, 1, 3, 0, 1, 4, _, 2],
      [_, 2, 2, 2, 1, 2, 3, 1, 1, 4, 0, _],
      [0, 1, 2, 2, 1, 3, 3, 0, 1, 4, 0, _],
    ];
    expect(krippendorffAlpha(countsOf(ratings, 12, 5))).toBeCloseTo(113 / 152, 12);
  });

  it('does not care who is called what, in which order raters or units stand', () => {
    const aClass = fc.array(fc.array(fc.option(fc.nat(3)), { minLength: 6, maxLength: 6 }), {
      minLength: 2,
      maxLength: 9,
    });
    fc.assert(
      fc.property(aClass, (ratings) => {
        const of = (all: (number | null)[][]) => {
          const units = countsOf(all, 6, 4);
          return [krippendorffAlpha(units), percentAgreement(units)];
        };
        const [alpha, percent] = of(ratings);
        const others = [
          [...ratings].reverse(),
          ratings.map((rater) => [...rater].reverse()),
          ratings.map((rater) => rater.map((value) => value && 3 - (value - 1))),
        ];
        for (const [otherAlpha, otherPercent] of others.map(of)) {
          if (alpha === null) expect(otherAlpha).toBeNull();
          else expect(otherAlpha).toBeCloseTo(alpha!, 10);
          if (percent === null) expect(otherPercent).toBeNull();
          else expect(otherPercent).toBeCloseTo(percent!, 10);
        }
      }),
    );
  });

  it('is not defined where every vote is the same, where no pair has two votes, and for one alone', () => {
    const report = (ratings: Ratings[]) => reportOf(ratings, 3, 4, dice());
    expect(
      report([
        [1, 1, 1],
        [1, 1, 1],
      ]),
    ).toMatchObject({ percent: 1, alpha: null, kappa: null, camps: null });
    expect(
      report([
        [1, null, null],
        [null, 2, 3],
      ]),
    ).toMatchObject({ percent: null, alpha: null, kappa: null });
    expect(report([[1, 2, 3]])).toMatchObject({ percent: null, alpha: null, kappa: null, units: [null, null, null] });
    expect(report([])).toMatchObject({ percent: null, alpha: null, camps: null });
  });

  it('has κ for two alone, counted over those who voted', () => {
    const two: Ratings[] = [
      [0, 1, 0, 1],
      [0, 1, 1, 1],
    ];
    expect(reportOf([...two, [null, null, null, null]], 4, 4, dice()).kappa).toBeCloseTo(0.5, 12);
    expect(reportOf([...two, [0, null, null, null]], 4, 4, dice()).kappa).toBeNull();
  });
});

describe('the interval', () => {
  const random = Random.fromSeed(5);
  const ratings = Array.from({ length: 30 }, () =>
    Array.from({ length: 24 }, (_, unit) => (random.next() < 0.7 ? unit % 2 : random.integer(4))),
  );
  const units = countsOf(ratings, 24, 4);

  it('holds the number itself, is the same for the same dice, and narrows with more units', () => {
    const interval = bootstrapInterval(units, krippendorffAlpha, dice())!;
    const alpha = krippendorffAlpha(units)!;
    expect(interval.low).toBeLessThan(alpha);
    expect(interval.high).toBeGreaterThan(alpha);
    expect(bootstrapInterval(units, krippendorffAlpha, dice())).toEqual(interval);
    const few = bootstrapInterval(units.slice(0, 5), krippendorffAlpha, dice())!;
    expect(few.high - few.low).toBeGreaterThan(interval.high - interval.low);
  });

  it('is not told of a handful of pairs', () => {
    expect(bootstrapInterval(units.slice(0, 3), krippendorffAlpha, dice())).toBeNull();
  });
});

describe('a class of 40 with 32 pairs', () => {
  it('is reported whole, and its two camps are found where they were put', () => {
    const random = Random.fromSeed(9);
    const taste = (camp: number) =>
      Array.from({ length: 32 }, (_, unit) => (random.next() < 0.85 ? (unit + camp) % 2 : random.integer(4)));
    const ratings = Array.from({ length: 40 }, (_, i) => taste(i < 25 ? 0 : 1));
    const report = reportOf(ratings, 32, 4, dice());
    expect(report.camps?.of).toEqual(ratings.map((_, i) => (i < 25 ? 0 : 1)));
    const { within, between } = report.camps!;
    expect(Math.min(within[0]!, within[1]!)).toBeGreaterThan(between! + 0.3);
    expect(report.camps!.cases).toEqual({ within: [(32 * 25 * 24) / 2, (32 * 15 * 14) / 2], between: 32 * 25 * 15 });
    expect(report.units).toHaveLength(32);
    expect(report.kappa).toBeNull();
  });
});
