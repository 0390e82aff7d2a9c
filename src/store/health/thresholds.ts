/**
 * From where on the rules speak, and why there. "Measured" means the runs of tests/fixtures/series and the tables of
 * tests/scenario/README.md, all on Tiny: the healthy ones stay clear of every line, the bad ones cross theirs. A line
 * is where they part, not a law.
 */

/**
 * Iterations of PPO in which readability and distance swing and recover by themselves: the healthy run dips to 84 %
 * grammatical and 7.7 nats there.
 */
export const GRACE = 10;

/**
 * Nats from the reference. TRL's rule of thumb is 0 to 10 (trl, pull request 612); healthy runs here end at 2 to 8,
 * runaways above 15.
 */
export const KL_ALARM = 12;

/** Share of texts that parse: healthy runs return above 90 %, those that game their judge fall to 0. */
export const UNREADABLE = 0.6;

/**
 * Share of different texts: healthy above 80 %, a collapse ends near 10 %; a rater of short texts honestly leaves about
 * 31 %.
 */
export const COLLAPSED_DISTINCT = 0.3;
/** Share of copies: healthy below 20 %, a collapse reaches 100 %. */
export const COPIES = 0.8;
/**
 * Different word pairs as a share of what they were at first: healthy runs keep two fifths or more, a collapse an
 * eighth.
 */
export const PAIRS_LEFT = 0.3;
/** Entropy as a share of what it was at first: healthy keeps four fifths, a collapse 1 %. */
export const ENTROPY_LEFT = 0.25;

/**
 * Clip fraction: healthy runs start at 0.13 and fall below 0.05; ten times their learning rate holds it at 0.22 to
 * 0.29.
 */
export const MUCH_CLIPPING = 0.2;

/**
 * Length as a share of what it was at first: a healthy run goes to 0.6 by its rater's taste; run-ons reach 1.7, the
 * shortest text 0.37.
 */
export const LONGER = 1.4;
export const SHORTER = 0.5;

/**
 * How far the share of texts that end may fall: healthy ones all end, at every recorded step; a runaway loses one in
 * four.
 */
export const FEWER_ENDS = 0.1;

/**
 * Explained variance: a critic made from the reward model is at 0.2 to 0.9 after the first iterations, an untrained one
 * below 0.
 */
export const USEFUL_CRITIC = 0.1;

/**
 * Accuracy of the reward model on pairs it never saw: from 0.78 on every PPO run here won, below it was a lottery (two
 * seeds at 0.67 and 0.71 ended with win rates of 0.82 and 0.56).
 */
export const WEAK_ACCURACY = 0.75;

/** KL coefficients below this hold nothing: 0.03 already games a summing reward model within 40 iterations. */
export const LEASH_OFF = 0.02;
/** where the slider of the KL coefficient ends */
export const TIGHTEST = 0.5;
/** a leash above this is worth loosening when nothing moves: 0.3 ends at a quarter of the usual distance */
export const SHORT_LEASH = 0.25;

/**
 * Score units (standard deviations of the base model's texts) that the mean of three batches must rise to have clearly
 * risen: a batch of 32 texts scatters by 0.2, so a difference of two such means by 0.17. Healthy runs rise by 1.5.
 */
export const CLEAR_RISE = 0.4;

/** Nats by which even the chosen texts became less likely: 27 in the overdose of DPO, less than 1 in the usual run. */
export const SUNK = 4;

/**
 * Above its own minimum, nats: how far a held-out loss may rise again before it is more than the noise of its few
 * texts.
 */
export const MEMORISED = 0.08;
/** Training above held-out accuracy: 0.1 with 300 votes, 0.67 with 60 of which a third were cast the wrong way. */
export const ACCURACY_GAP = 0.2;
