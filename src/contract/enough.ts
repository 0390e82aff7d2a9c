/**
 * How many opinions are enough for what. Every sentence that gives advice reads these, so that no two of them disagree:
 * Compare and Start say what is a good start, the reward model and DPO what is missing, README what is enough.
 */

/** Below this many choices nothing is trained: fewer teach nothing but themselves. */
export const VOTES_NEEDED = 8;
/** Below this many votes of a person nothing is said about their habits. */
export const HABITS_FROM = 10;
/** From this many choices on the lab says what the visitor seems to like, and may label more pairs by it. */
export const RULE_FROM = 12;

export interface Levels {
  /** so many make a good start */
  start: number;
  /** beyond this, more votes of one person change little */
  plenty: number;
}
/** Two dozen votes, multiplied by a rule that is fitted to them, are worth hundreds (measured on tiny models). */
const WITH_RULE: Levels = { start: 24, plenty: 100 };
/**
 * Votes alone teach slowly: 24 are right about three pairs of four, 100 about four of five, 300 about nine of ten
 * (measured on tiny models).
 */
const ALONE: Levels = { start: 100, plenty: 300 };

/** @param hasRule a rule may label pairs beside the votes: on stories, unless the visitor switched it off */
export const levelsOf = (hasRule: boolean): Levels => (hasRule ? WITH_RULE : ALONE);
