/** Places that intervals leave open: what cannot be told apart shares them. */

/** An interval of a rating. */
export interface Between {
  low: number;
  high: number;
}

/**
 * The best place is 1 + those who are surely better, the worst leaves out those who are surely worse.
 * @param intervals [N]
 * @returns [N]
 */
export const rankIntervals = (intervals: readonly Between[]): { best: number; worst: number }[] =>
  intervals.map((own) => ({
    best: 1 + intervals.filter(({ low }) => low > own.high).length,
    worst: intervals.length - intervals.filter(({ high }) => high < own.low).length,
  }));
