import type { Pooling } from '../../../contract/config';
import { levelsOf } from '../../../contract/enough';
import { fixed, plural } from '../../../contract/numbers';
import type { RewardReview } from '../../../contract/observations';
import { ENOUGH_CASES, intended, type Share } from '../../../contract/shares';
import { WEAK_ACCURACY } from '../../../store/health';
import { formatCounted, formatShare } from '../../primitives/format';

/** One sentence with a verdict: where the reward model stands and what to do next. */
export interface Verdict {
  tone: 'good' | 'warn' | 'neutral';
  lead: string;
  text: string;
}

/** Score variance that length explains, from where PPO is likely to find it. */
const LENGTH_WATCH = 0.08;
const LENGTH_TRAP = 0.3;
/**
 * From so many repeats on, agreement can be told from chance: of four that all agree the interval begins above one
 * half.
 */
export const ENOUGH_REPEATS = 4;
/** Scores have standard deviation 1 over the base model's texts; margins far below that tell nothing apart. */
const FLAT_MARGIN = 0.1;

const two = (value: number): string => fixed(value, 2);
/** More pairs by the rule than by anybody's choice: then accuracy says how well it learned the rule. */
export const mostlyRule = ({ pairs }: RewardReview): boolean =>
  pairs.rule > pairs.human + pairs.simulated + pairs.imported;
/** Chosen by people, most of them: only then do the voter's own slips bound the accuracy. */
export const mostlyYours = ({ pairs }: RewardReview): boolean =>
  pairs.human + pairs.imported >= pairs.simulated + pairs.rule;

/** too few held out for their share to be told as one */
export const isFew = ({ heldOutPairs }: RewardReview): boolean => heldOutPairs < ENOUGH_CASES;

function heldOut(review: RewardReview): string {
  const { accuracy, heldOutPairs, low, high } = review;
  const noun = mostlyRule(review) ? 'pair' : 'vote';
  const by = mostlyRule(review) ? ', most of them labelled by your rule' : '';
  const pairs = `held-out ${plural(heldOutPairs, noun)}${by}`;
  if (isFew(review)) return `Right about ${formatCounted(accuracy, heldOutPairs, pairs)}`;
  return `${two(accuracy)} on ${heldOutPairs} ${pairs} (95 %: ${two(low)}–${two(high)})`;
}

function lengthWarning({ lengthShare }: RewardReview): string {
  if (lengthShare >= LENGTH_TRAP)
    return ` Length explains ${formatShare(lengthShare)} of the score: PPO will find that out.`;
  return lengthShare >= LENGTH_WATCH ? ` Length explains ${formatShare(lengthShare)} of the score: watch it.` : '';
}

/** The mean distance it puts between two texts. */
const spread = ({ margins, heldOutMargins }: RewardReview): number => {
  const all = heldOutMargins.length > 0 ? heldOutMargins : margins;
  return all.reduce((sum, margin) => sum + Math.abs(margin), 0) / Math.max(1, all.length);
};

const UNMEASURED: Verdict = {
  tone: 'warn',
  lead: 'Not measured.',
  text: 'No pairs were held out, so nothing was measured: nobody knows how often it is right. Raise the held-out share, or vote on more prompts.',
};

/** Whether the visitor's slips are known well enough, and the pairs the visitor's. */
export const boundsAccuracy = (consistency: Share | null, review: RewardReview): consistency is Share =>
  consistency !== null && consistency.count >= ENOUGH_REPEATS && mostlyYours(review);

export interface ReadinessPage {
  /** the visitor's own text, of which nobody can measure anything: there is no rule and no simulated rater */
  ownText: boolean;
  /** there is a rule to look at: it can be vetoed in parts, or switched on */
  canVeto: boolean;
}

/** what helps a weak model, of what the page offers */
const better = ({ canVeto }: ReadinessPage): string =>
  canVeto ? 'Vote more, or veto what you do not mean.' : 'Vote more, or add simulated votes.';

/** @param consistency how often the visitor answers a hidden repeat the same way; null before the first repeat */
export function readiness(review: RewardReview, page: ReadinessPage, consistency: Share | null): Verdict {
  if (review.heldOutPairs === 0) return UNMEASURED;
  if (page.ownText) return onOwnText(review);
  const measured = heldOut(review);
  if (isFew(review)) {
    return {
      tone: 'warn',
      lead: 'Hard to say.',
      text: `${measured}: so few pairs prove nothing. Vote more, or add simulated votes.`,
    };
  }
  if (review.accuracy < WEAK_ACCURACY || review.low <= 0.5) {
    return { tone: 'warn', lead: 'Too weak:', text: `${measured}. PPO would chase its mistakes. ${better(page)}` };
  }
  if (spread(review) < FLAT_MARGIN) {
    return {
      tone: 'warn',
      lead: 'Too flat:',
      text: `${measured}, but it hardly tells texts apart. Train longer or with a higher head rate.`,
    };
  }
  const ceiling = boundsAccuracy(consistency, review) ? intended(consistency).share : Number.POSITIVE_INFINITY;
  const perfect = review.accuracy >= ceiling ? ' About as often as a perfect judge of your votes would be.' : '';
  return {
    tone: 'good',
    lead: 'Ready for PPO:',
    text: `${measured}, enough spread of scores.${perfect}${lengthWarning(review)}`,
  };
}

/** how many votes it takes, or that more of them are no use alone */
function votesFor({ pairs }: RewardReview): string {
  const { start } = levelsOf(false);
  if (pairs.human + pairs.imported + pairs.simulated < start) return `about ${start} are a good start.`;
  return 'vote on more pairs, and on those that are clearly different.';
}

/** Own text has no grammar behind it: nobody can say what the score really follows. */
function onOwnText(review: RewardReview): Verdict {
  const measured = heldOut(review);
  if (isFew(review) || review.low <= 0.5) {
    return {
      tone: 'warn',
      lead: 'Do not trust it yet:',
      text: `${measured}, which may be luck. It knows your votes and nothing else; ${votesFor(review)}`,
    };
  }
  return {
    tone: 'good',
    lead: 'Trust it as far as this:',
    text: `${measured}. It learned from the votes alone, so keep the KL coefficient high and read what PPO writes.${lengthWarning(review)}`,
  };
}

/** What each way of reading a text teaches. */
export const POOLING: readonly { value: Pooling; label: string; sentence: string }[] = [
  {
    value: 'last',
    label: 'Last token',
    sentence:
      'One score, read at the last token, which has seen the whole text. The healthy default: PPO stays readable.',
  },
  {
    value: 'sum',
    label: 'Sum over tokens',
    sentence:
      'Every token adds its part, so more good tokens score more. Strong, and made for reward hacking: take the KL leash off and watch.',
  },
  {
    value: 'mean',
    label: 'Mean over tokens',
    sentence:
      'Parts are averaged, so the shortest text with the right tokens wins. PPO collapses to that one text: mode collapse to look at.',
  },
];

/** "about 8 times in 10" */
export function timesInTen(probability: number): string {
  const times = Math.round(10 * probability);
  if (times >= 10) return 'almost every time';
  return times <= 0 ? 'almost never' : times === 5 ? 'every other time' : `about ${times} times in 10`;
}
