/**
 * How far raters agree on the same units, here: students on pairs of texts.
 *
 * Percent agreement counts pairs of raters that said the same, and knows no chance: who guesses between two answers
 * agrees half the time. Cohen's κ (two raters) and Krippendorff's α (any number, votes may be missing) take chance out:
 * 1 is one mind, 0 is chance, below 0 less than chance. Where nobody could have disagreed, or nobody was compared, they
 * are not defined; that is null here, never 0 or 1.
 */
import type { Interval } from '../../contract/agreement';

/** what one rater said of each unit: the number of a category, or null for nothing */
export type Ratings = readonly (number | null)[];

/** how often each category was given to a unit */
type Counts = readonly number[];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const square = (value: number): number => value * value;

/** @returns of each unit, how often each category was given */
export function countsOf(ratings: readonly Ratings[], units: number, categories: number): Counts[] {
  const counts = Array.from({ length: units }, () => new Array<number>(categories).fill(0));
  for (const rater of ratings)
    for (const [unit, category] of rater.entries()) if (category !== null) counts[unit]![category]!++;
  return counts;
}

/** pairs of votes on this unit that are the same, and all pairs of votes on it */
const pairsOf = (counts: Counts) => {
  const votes = sum(counts);
  return { same: sum(counts.map((count) => count * (count - 1))) / 2, all: (votes * (votes - 1)) / 2 };
};

/** @returns the share of pairs of votes on one unit that are the same; null below two votes */
export function unitAgreement(counts: Counts): number | null {
  const { same, all } = pairsOf(counts);
  return all === 0 ? null : same / all;
}

/** @returns the same of all units together: every pair of votes weighs as much */
export function percentAgreement(units: readonly Counts[]): number | null {
  const pairs = units.map(pairsOf);
  const all = sum(pairs.map((pair) => pair.all));
  return all === 0 ? null : sum(pairs.map((pair) => pair.same)) / all;
}

/**
 * Cohen's κ = (agreement − chance) / (1 − chance) over the units that both rated, with chance = Σ_c p₁(c) p₂(c)
 * (Cohen 1960).
 */
export function cohenKappa(one: Ratings, other: Ratings): number | null {
  const both = one.flatMap((mine, unit) => {
    const theirs = other[unit] ?? null;
    return mine === null || theirs === null ? [] : [{ mine, theirs }];
  });
  if (both.length === 0) return null;
  const shareOf = (side: 'mine' | 'theirs', category: number) =>
    both.filter((rated) => rated[side] === category).length / both.length;
  const categories = [...new Set(both.map(({ mine }) => mine))];
  const chance = sum(categories.map((category) => shareOf('mine', category) * shareOf('theirs', category)));
  const agreement = both.filter(({ mine, theirs }) => mine === theirs).length / both.length;
  return chance === 1 ? null : (agreement - chance) / (1 - chance);
}

/**
 * Krippendorff's nominal α = 1 − D_o / D_e (Krippendorff 2011). Each unit of m ≥ 2 votes gives its ordered pairs of
 * votes with weight 1/(m − 1), so every vote counts once, n in all:
 *   D_o = (1/n) Σ_units (m² − Σ_c m_c²) / (m − 1)        pairs that differ within units
 *   D_e = (n² − Σ_c n_c²) / (n (n − 1))                  pairs that differ anywhere
 * @returns null where all votes that can be compared are the same
 */
export function krippendorffAlpha(units: readonly Counts[]): number | null {
  const compared = units.filter((counts) => sum(counts) > 1);
  const totals = (compared[0] ?? []).map((_, category) => sum(compared.map((counts) => counts[category]!)));
  const n = sum(totals);
  const differing = square(n) - sum(totals.map(square));
  if (differing === 0) return null;
  const observed = sum(compared.map((counts) => (square(sum(counts)) - sum(counts.map(square))) / (sum(counts) - 1)));
  return 1 - (observed * (n - 1)) / differing;
}

/** below so many units the same few are drawn again and again, and an interval says nothing */
const FEWEST_UNITS = 4;
const RESAMPLES = 1000;
const TAIL = 0.025;

/**
 * The percentile bootstrap over units (Efron 1979): draws as many units as there are, with repeats, a thousand times.
 * @param next uniform in [0, 1)
 * @returns null where a number cannot be had of half the draws
 */
export function bootstrapInterval(
  units: readonly Counts[],
  statistic: (units: readonly Counts[]) => number | null,
  next: () => number,
): Interval | null {
  const compared = units.filter((counts) => sum(counts) > 1);
  if (compared.length < FEWEST_UNITS) return null;
  const found: number[] = [];
  for (let draw = 0; draw < RESAMPLES; draw++) {
    const drawn = compared.map(() => compared[Math.floor(next() * compared.length)]!);
    const value = statistic(drawn);
    if (value !== null) found.push(value);
  }
  if (found.length < RESAMPLES / 2) return null;
  found.sort((a, b) => a - b);
  const at = (share: number) => found[Math.round(share * (found.length - 1))]!;
  return { low: at(TAIL), high: at(1 - TAIL) };
}
