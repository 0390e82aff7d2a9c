/** What can go wrong with the learning: where it goes, how fast, and what it learns from. */
import { inWords } from '../../contract/limits';
import { countOf, fixed, rounded, signed } from '../../contract/numbers';
import { isOfFew } from '../runs/cases';
import { meanOf, toldTrail, toldTurn } from '../runs/methodTrail';
import type { Finding, HealthInput } from './finding';
import {
  HOLD_CHOSEN,
  isPpo,
  kindOf,
  loosen,
  readAndVote,
  SLOWER,
  stopEarlier,
  TRAIN_CRITIC,
  tighten,
  vote,
} from './knobs';
import { early, gain, isMeasured, last, recent, sinceLowest, stepOf } from './series';
import { isSettled, share } from './textRules';
import {
  ACCURACY_GAP,
  CLEAR_RISE,
  GRACE,
  KL_ALARM,
  LEASH_OFF,
  MEMORISED,
  MUCH_CLIPPING,
  SUNK,
  USEFUL_CRITIC,
  WEAK_ACCURACY,
} from './thresholds';

/** "iteration 8", "step 40", "N = 8" */
const momentOf = (input: HealthInput, step: number): string =>
  isPpo(input) ? `iteration ${inWords(step)}` : kindOf(input) === 'bestOf' ? `N = ${step}` : `step ${inWords(step)}`;

/** only PPO and best of N are paid by a judge; the others are fitted to what people chose or wrote */
const isJudged = (input: HealthInput): boolean => isPpo(input) || kindOf(input) === 'bestOf';

/** what is left between two numbers as they are written */
const apart = (one: number, other: number): string => fixed(Math.abs(rounded(one, 2) - rounded(other, 2)), 2);

/** whether gold is another taste than the visitor's, or may be: then nothing follows from its fall */
const isAnothers = ({ gold }: HealthInput): boolean => gold === 'anothers';
const isDoubtful = ({ gold }: HealthInput): boolean => gold === 'unknown';
/** whose taste the rater's is stands beside every verdict that names gold */
const DOUBT = 'that may be no fault';

function whyItFell(input: HealthInput): string {
  if (input.byRule) return 'the rule does not check what gold counts';
  return isJudged(input) ? 'the judge is being gamed' : 'it fits what it learns from beyond what was meant';
}

/** Gold passed its maximum while the score went on. */
export function turned(input: HealthInput): Finding | null {
  if (isAnothers(input)) return null;
  const hasGold = isMeasured(input.points, 'gold/score') || isMeasured(input.points, 'axis/gold');
  const turn = hasGold ? toldTurn(kindOf(input), input.points) : null;
  if (!turn) return null;
  const { step, kl, gold, proxy, end } = turn;
  const averaged = meanOf(kindOf(input), input.points, step);
  const from = `${signed(gold)}${averaged > 1 ? ` (mean of ${averaged} iterations)` : ''}`;
  const fall = `Gold fell by ${apart(gold, end.gold)} since ${momentOf(input, step)} (${fixed(kl, 2)} nats), from ${from} to ${signed(end.gold)}, while the score rose from ${signed(proxy)} to ${signed(end.proxy)}`;
  if (isDoubtful(input))
    return {
      rule: 'turned',
      tone: 'neutral',
      headline: 'Past the peak of gold.',
      text: `${fall}: ${DOUBT}.`,
      ...readAndVote(input),
    };
  const { knob, advice } = tighten(input);
  return {
    rule: 'turned',
    tone: 'bad',
    headline: 'Past the peak.',
    text: `${fall}: ${whyItFell(input)}.`,
    knob,
    advice: `${advice.replace(/\.$/, '')}, or stop at the peak.`,
  };
}

/**
 * From the first to the last measurement, the two numbers that the page shows; means decide whether a change is one.
 */
function changesOf(input: HealthInput): { score: number; gold: number } {
  const [first, ...rest] = toldTrail(kindOf(input), input.points);
  const end = rest.at(-1) ?? first;
  return { score: (end?.proxy ?? 0) - (first?.proxy ?? 0), gold: (end?.gold ?? 0) - (first?.gold ?? 0) };
}

/** Not past a clear peak, but the score rises without what it stands for. */
export function goldBehind(input: HealthInput): Finding | null {
  if (isAnothers(input)) return null;
  const [gold, score] = [
    gain(input.points, 'gold/score', 'axis/gold'),
    gain(input.points, 'objective/scores', 'axis/score'),
  ];
  if (gold === null || score === null || gold >= 0 || score < CLEAR_RISE) return null;
  const told = changesOf(input);
  if (told.score <= 0 || told.gold >= 0) return null;
  const meaning = isDoubtful(input)
    ? DOUBT
    : `what ${isJudged(input) ? 'pays' : 'it is fitted to'} is not what was meant`;
  return {
    rule: 'goldBehind',
    tone: 'neutral',
    headline: 'The score rises, gold does not.',
    text: `The score rose by ${fixed(told.score, 2)} since the start, gold changed by ${signed(told.gold)}: ${meaning}.`,
    ...(isDoubtful(input) ? readAndVote(input) : tighten(input)),
  };
}

export function klAlarm(input: HealthInput): Finding | null {
  const [kl, before] = [last, recent].map((of) => of(input.points, 'objective/klExact', 'axis/kl')) as [
    number | null,
    number | null,
  ];
  if (kl === null || before === null || Math.min(kl, before) <= KL_ALARM || !isSettled(input)) return null;
  return {
    rule: 'klAlarm',
    tone: 'warn',
    headline: 'KL alarm.',
    text: `${fixed(kl, 1)} nats from the reference; up to about ten the texts usually stay readable. Watch the samples.`,
    ...tighten(input),
  };
}

const UNCHECKED =
  'the rule pays for what it checks wherever the policy goes, and nothing holds the rest. Read the texts.';
const unheld = (input: HealthInput): string =>
  `nothing holds the policy near its reference. Once ${isAnothers(input) || isDoubtful(input) ? 'the texts get worse' : 'gold falls'} while the score rises, it games its judge.`;

export function leashOff(input: HealthInput): Finding | null {
  const beta = recent(input.points, 'objective/kl_coef');
  const comesBack = typeof input.targetKl === 'number'; // as soon as the policy is farther than it may go
  if (beta === null || beta >= LEASH_OFF || comesBack) return null;
  return {
    rule: 'leashOff',
    tone: 'neutral',
    headline: 'The leash is off.',
    text: `KL coefficient ${Number(beta.toPrecision(2))}: ${input.byRule ? UNCHECKED : unheld(input)}`,
    ...tighten(input),
  };
}

export function clipping({ points }: HealthInput): Finding | null {
  const clipped = recent(points, 'policy/clipfrac_avg');
  if (clipped === null || clipped <= MUCH_CLIPPING) return null;
  return {
    rule: 'clipping',
    tone: 'warn',
    headline: 'Too much clipping.',
    text: `Of late PPO held back ${share(clipped)} of the tokens: each iteration wants to go further than its batch can tell.`,
    ...SLOWER,
  };
}

export function valueLag(input: HealthInput): Finding | null {
  const explained = recent(input.points, 'val/explained_var');
  if (explained === null || explained >= USEFUL_CRITIC || !isSettled(input)) return null;
  return {
    rule: 'valueLag',
    tone: 'neutral',
    headline: 'The critic lags behind.',
    text: `Explained variance of late ${fixed(explained, 2)}, ${explained < 0 ? 'worse than a constant' : 'a constant would have 0'}: the advantages are mostly noise.`,
    ...TRAIN_CRITIC,
  };
}

export function stuck(input: HealthInput): Finding | null {
  const score = gain(input.points, 'objective/scores');
  if (score === null || score >= CLEAR_RISE || stepOf(input.points) < GRACE) return null;
  const told = changesOf(input).score;
  if (told >= CLEAR_RISE) return null;
  return {
    rule: 'stuck',
    tone: 'neutral',
    headline: 'Hardly moving.',
    text: `The score changed by ${signed(told)} in ${countOf(stepOf(input.points), 'iteration')}.`,
    ...loosen(input),
  };
}

export function weakReward(input: HealthInput): Finding | null {
  const { rewardAccuracy } = input;
  if (rewardAccuracy === null || rewardAccuracy >= WEAK_ACCURACY) return null;
  return {
    rule: 'weakReward',
    tone: 'warn',
    headline: 'The judge is too weak.',
    text: `On pairs it never saw the reward model sides with the rater ${share(rewardAccuracy)} of the time; a coin would 50 %.`,
    ...vote(input),
  };
}

/** Only the difference is paid: both sides may sink. */
export function sunk({ points }: HealthInput): Finding | null {
  const fallen = -(gain(points, 'eval_logps/chosen') ?? 0);
  if (fallen < SUNK || isOfFew(points, 'eval_logps/chosen')) return null;
  return {
    rule: 'sunk',
    tone: 'neutral',
    headline: 'The chosen texts sink too.',
    text: `Even they became ${fixed(fallen, 1)} nats less likely: only the difference is paid.`,
    ...HOLD_CHOSEN,
  };
}

/** A held-out loss that rises again, or a reward model that knows its own pairs far better than others. */
export function memorised(input: HealthInput): Finding | null {
  const { points } = input;
  const told = (['eval_dpo/loss', 'eval/loss'] as const).filter((id) => isMeasured(points, id) && !isOfFew(points, id));
  const rises = told.map((id) => sinceLowest(points, id)).find((one) => one !== null);
  if (rises && rises.risen >= MEMORISED)
    return {
      rule: 'memorised',
      tone: 'neutral',
      headline: 'Learned by heart.',
      text: `The held-out loss was lowest at step ${inWords(rises.step)} and has risen by ${fixed(rises.risen, 2)} since.`,
      ...stopEarlier(input, rises.step),
    };
  const [own, others] = [recent(points, 'reward/trainAccuracy'), recent(points, 'reward/accuracy')];
  const looked = early(points, 'reward/accuracy') !== null && !isOfFew(points, 'reward/accuracy');
  if (own === null || others === null || !looked || own - others < ACCURACY_GAP) return null;
  return {
    rule: 'memorised',
    tone: 'neutral',
    headline: 'Learned by heart.',
    text: `Of late it is right about ${share(own)} of the pairs it learns from and ${share(others)} of others.`,
    ...vote(input),
  };
}
