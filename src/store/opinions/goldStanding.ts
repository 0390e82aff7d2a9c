/**
 * Whether the gold of a rater may be held against a judge. Gold is computed by one taste; it is the truth only for
 * choices that were made by that taste, so it is asked first how many of them the rater sides with.
 */
import { tasteKey } from '../../contract/ownTaste';
import { type Agreement, isVote, type Ranking, type Rater } from '../../contract/preferences';
import { wilsonInterval } from '../../contract/shares';
import { isReady } from '../page/ready';
import { rememberLast } from '../rememberLast';
import { writerId } from '../rounds/rounds';
import type { LabState } from '../state';
import { chooses, opinionsKey, pairsIn } from './counts';
import { givesGold } from './raterInUse';

/**
 * 'theirs': nothing speaks against it; 'unknown': one half is in the 95 % interval, or nobody counted yet; 'anothers':
 * all of it is below
 */
export type Standing = 'theirs' | 'unknown' | 'anothers';

/** Flat, so that two readings of the same state are equal field by field. */
export interface GoldStanding {
  standing: Standing;
  /** null where there is no gold */
  rater: Rater | null;
  /** whose choices it is held against; null where there are none of another taste */
  whose: 'visitor' | 'imported' | 'both' | 'simulated' | null;
  /** rankings are among them */
  ranked: boolean;
  /** null until it is counted */
  agree: number | null;
  of: number;
}

export const TRUSTED: GoldStanding = {
  standing: 'theirs',
  rater: null,
  whose: null,
  ranked: false,
  agree: null,
  of: 0,
};

export function raterKey({ name, animal, taste, key }: Rater): string {
  const which = animal ?? key ?? (taste && tasteKey(taste));
  return which ? `${name}:${which}` : name;
}

/** By Wilson's interval, as every share here. */
export function standingOf({ agree, of }: Agreement): Standing {
  const { low, high } = wilsonInterval(agree, of);
  if (high < 0.5) return 'anothers';
  return low > 0.5 ? 'theirs' : 'unknown';
}

/** what chooses between two texts, or puts some of a group above others */
const says = (one: Ranking): boolean => (isVote(one) ? chooses(one) : pairsIn(one) > 0);

/** what people chose, and what raters that stand in for them did; there may be 100,000 votes */
const choicesOf = rememberLast((opinions: readonly Ranking[]) => {
  const saying = opinions.filter(says);
  const people = saying.filter(({ source }) => source !== 'simulated');
  const raters = saying.filter(({ source }) => source === 'simulated');
  const sources = new Set(people.map(({ source }) => source));
  const tastes = new Set(raters.map(({ rater }) => (rater ? raterKey(rater) : '')));
  return { people, raters, sources, tastes };
});

/**
 * @returns people's choices where there are any, else the simulated ones unless this rater cast them all; null for
 * nothing to hold gold against
 */
export function heldAgainst({ opinions }: LabState, rater: Rater): Ranking[] | null {
  const { people, raters, sources, tastes } = choicesOf(opinions.all);
  if (sources.size > 0) return people;
  return [...tastes].some((taste) => taste !== raterKey(rater)) ? raters : null;
}

function whoseOf({ opinions }: LabState): NonNullable<GoldStanding['whose']> {
  const { sources } = choicesOf(opinions.all);
  if (sources.size === 0) return 'simulated';
  if (sources.size > 1) return 'both';
  return sources.has('imported') ? 'imported' : 'visitor';
}

/** changes with everything that the agreement is counted on */
export const agreementKey = (state: LabState): string => `${opinionsKey(state)} ${writerId(state)}`;

/** The agreement with this rater is unknown or was counted on other choices, and can be counted. */
export const isAgreementDue = (state: LabState, rater: Rater): boolean =>
  isReady(state) &&
  writerId(state) !== null &&
  givesGold(state, rater) &&
  heldAgainst(state, rater) !== null &&
  state.gold.counted[raterKey(rater)]?.key !== agreementKey(state);

/** How far the gold of a rater may speak for those who chose; until it is counted nobody claims anything. */
export function goldStanding(state: LabState, rater: Rater | null): GoldStanding {
  const choices = rater && givesGold(state, rater) ? heldAgainst(state, rater) : null;
  if (!rater || !choices) return TRUSTED;
  const counted = state.gold.counted[raterKey(rater)] ?? null;
  return {
    standing: counted ? standingOf(counted) : 'unknown',
    rater,
    whose: whoseOf(state),
    ranked: choices.some((one) => !isVote(one)),
    agree: counted?.agree ?? null,
    of: counted?.of ?? 0,
  };
}
