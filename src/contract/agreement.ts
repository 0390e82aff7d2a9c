/** How far several people say the same of the same things. Null is "not defined": never 0, which is chance. */

/** of a number, the middle 95 % of what it is when the units are drawn again */
export interface Interval {
  low: number;
  high: number;
}

/** Two groups of raters that agree more with their own than with the other. */
export interface Camps {
  /** of each rater, 0 or 1; null for one without a vote */
  of: (0 | 1 | null)[];
  /** share of agreeing pairs of votes within each camp, and between them */
  within: [number | null, number | null];
  between: number | null;
  /** how many pairs of votes those are shares of */
  cases: { within: [number, number]; between: number };
}

export interface AgreementReport {
  /** agreeing pairs of votes over all pairs of votes on one unit */
  percent: number | null;
  percentInterval: Interval | null;
  /** Cohen's κ, of two raters alone */
  kappa: number | null;
  /** Krippendorff's nominal α */
  alpha: number | null;
  alphaInterval: Interval | null;
  /** the share of each unit, null below two votes */
  units: (number | null)[];
  /** null where there are too few raters for two camps, or all say the same */
  camps: Camps | null;
}
