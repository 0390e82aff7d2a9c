/**
 * What can go wrong with a method, as rules on its metrics: each looks at a history and says what it sees, with the knob to turn.
 * They know no page and no method: a rule whose metrics a method does not report stays silent.
 */
import type { PpoConfig } from '../contract/config';
import type { MetricPoint } from '../contract/domain';
import type { MetricId } from '../contract/metrics';
import { axisTrail, findTurn, rolloutTrail } from './overoptimization';

export interface HealthInput {
  points: readonly MetricPoint[];
  /** held-out accuracy of the reward model that pays; null when unknown or not needed */
  rewardAccuracy: number | null;
}

export type HealthRule = 'turned' | 'klAlarm' | 'unreadable' | 'collapse' | 'weakReward' | 'lengthRunaway' | 'clipping' | 'valueLag';

export interface Finding {
  rule: HealthRule;
  tone: 'bad' | 'warn' | 'neutral';
  headline: string;
  /** what was measured, in words */
  text: string;
  /** the setting to turn and which way; null where another stage is to blame */
  knob: { option: keyof PpoConfig; turn: 'up' | 'down' } | null;
  advice: string;
}

/** Readability and distance swing in the first iterations and recover by themselves (measured for tiny models). */
export const GRACE = 10;
export const KL_ALARM = 12;
export const UNREADABLE = 0.6;
export const COLLAPSED_DISTINCT = 0.3;
const COPIES = 0.8;
/** of what it was at first */
const ENTROPY_LEFT = 0.25;
const MUCH_CLIPPING = 0.2;
const LONGER = 1.4;
const SHORTER = 0.5;
const USEFUL_CRITIC = 0.1;
const WEAK_ACCURACY = 0.75;
/** measurements that are averaged before anything is said: one batch is too noisy to raise an alarm */
const WINDOW = 3;

const valuesOf = (points: readonly MetricPoint[], id: MetricId): number[] =>
  points.flatMap(({ values }) => (values[id] === undefined ? [] : [values[id]]));
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** the last few measurements of the first metric that was measured at all; null without any */
function recent(points: readonly MetricPoint[], ...ids: MetricId[]): number | null {
  const values = ids.map((id) => valuesOf(points, id)).find((known) => known.length > 0);
  return values ? mean(values.slice(-WINDOW)) : null;
}

/** the first few, to hold the recent ones against; null while both would be the same */
function early(points: readonly MetricPoint[], id: MetricId): number | null {
  const values = valuesOf(points, id);
  return values.length < 2 * WINDOW ? null : mean(values.slice(0, WINDOW));
}

const stepOf = (points: readonly MetricPoint[]): number => points.at(-1)?.step ?? 0;
const share = (x: number): string => `${Math.round(100 * x)} %`;
const tighten = { option: 'klCoef', turn: 'up' } as const;

/** Gold passed its maximum while the score went on. */
function turned({ points }: HealthInput): Finding | null {
  const turn = findTurn(rolloutTrail(points)) ?? findTurn(axisTrail(points));
  if (!turn) return null;
  return {
    rule: 'turned',
    tone: 'bad',
    headline: 'Past the peak.',
    text: `Gold fell by ${turn.fallen.toFixed(1)} since step ${turn.step} (${turn.kl.toFixed(1)} nats) while the score rose by ${turn.proxyGain.toFixed(1)}: the policy games its judge.`,
    knob: tighten,
    advice: 'Raise the KL coefficient, or stop at the peak.',
  };
}

function klAlarm({ points }: HealthInput): Finding | null {
  const kl = recent(points, 'objective/klExact', 'axis/kl');
  if (kl === null || kl <= KL_ALARM || stepOf(points) <= GRACE) return null;
  return {
    rule: 'klAlarm',
    tone: 'warn',
    headline: 'KL alarm.',
    text: `${kl.toFixed(1)} nats from the reference; up to about ten the texts usually stay readable.`,
    knob: tighten,
    advice: 'Raise the KL coefficient and watch the samples.',
  };
}

function unreadable({ points }: HealthInput): Finding | null {
  const grammatical = recent(points, 'completion/grammatical');
  if (grammatical === null || grammatical >= UNREADABLE || stepOf(points) <= GRACE) return null;
  return {
    rule: 'unreadable',
    tone: 'warn',
    headline: 'Losing its grammar.',
    text: `${share(grammatical)} of the texts still parse. Few votes teach a reward model grammar; the distance guards it, or the corpus mixed in.`,
    knob: tighten,
    advice: 'Raise the KL coefficient, or mix in the corpus (PPO-ptx).',
  };
}

/** Every prompt gets the same text, or nothing is left to chance. */
function collapse({ points }: HealthInput): Finding | null {
  const distinct = recent(points, 'completion/distinct');
  const copies = recent(points, 'completion/duplicates');
  const [entropy, before] = [recent(points, 'policy/entropy_avg'), early(points, 'policy/entropy_avg')];
  const knob = { option: 'entropyCoef', turn: 'up' } as const;
  const advice = 'Raise the KL coefficient, or add an entropy bonus.';
  if ((distinct !== null && distinct < COLLAPSED_DISTINCT) || (copies !== null && copies > COPIES)) {
    const text = `${share(distinct ?? 0)} of the texts are different, ${share(copies ?? 1)} are copies of another one: almost every prompt gets the same answer.`;
    return { rule: 'collapse', tone: 'bad', headline: 'Mode collapse.', text, knob, advice };
  }
  if (entropy === null || before === null || entropy >= ENTROPY_LEFT * before) return null;
  const text = `Entropy fell from ${before.toFixed(2)} to ${entropy.toFixed(2)} nats per token: the policy hardly tries anything any more.`;
  return { rule: 'collapse', tone: 'warn', headline: 'Entropy collapse.', text, knob, advice };
}

function lengthRunaway({ points }: HealthInput): Finding | null {
  const [length, before] = [recent(points, 'completion/length'), early(points, 'completion/length')];
  if (length === null || before === null) return null;
  const ratio = length / before;
  if (ratio < LONGER && ratio > SHORTER) return null;
  return {
    rule: 'lengthRunaway',
    tone: 'warn',
    headline: ratio > 1 ? 'Longer and longer.' : 'Shorter and shorter.',
    text: `Texts went from ${before.toFixed(1)} to ${length.toFixed(1)} tokens: a reward that sums pays for length, one that averages pays for brevity.`,
    knob: null,
    advice: 'Train a reward model that reads the last token, or vote on pairs of different length.',
  };
}

function clipping({ points }: HealthInput): Finding | null {
  const clipped = recent(points, 'policy/clipfrac_avg');
  if (clipped === null || clipped <= MUCH_CLIPPING) return null;
  return {
    rule: 'clipping',
    tone: 'warn',
    headline: 'Too much clipping.',
    text: `PPO held back ${share(clipped)} of the tokens: each iteration wants to go further than its batch can tell.`,
    knob: { option: 'learningRate', turn: 'down' },
    advice: 'Lower the learning rate, or take fewer epochs.',
  };
}

function valueLag({ points }: HealthInput): Finding | null {
  const explained = recent(points, 'val/explained_var');
  if (explained === null || explained >= USEFUL_CRITIC || stepOf(points) <= GRACE) return null;
  return {
    rule: 'valueLag',
    tone: 'neutral',
    headline: 'The critic lags behind.',
    text: `It explains ${share(explained)} of what the returns vary, and a constant would explain 0 %: the advantages are mostly noise.`,
    knob: { option: 'valueCoef', turn: 'up' },
    advice: 'Give the critic a network of its own or a larger weight, or go without one (RLOO).',
  };
}

function weakReward({ rewardAccuracy }: HealthInput): Finding | null {
  if (rewardAccuracy === null || rewardAccuracy >= WEAK_ACCURACY) return null;
  return {
    rule: 'weakReward',
    tone: 'warn',
    headline: 'The judge is too weak.',
    text: `On pairs it never saw the reward model sides with the rater ${share(rewardAccuracy)} of the time; a coin would 50 %.`,
    knob: null,
    advice: 'Vote on more pairs, or let your rule label some.',
  };
}

/** Worst first. */
export const HEALTH_RULES = {
  turned,
  collapse,
  unreadable,
  klAlarm,
  weakReward,
  lengthRunaway,
  clipping,
  valueLag,
} as const satisfies Record<HealthRule, (input: HealthInput) => Finding | null>;

const GRAVITY = { bad: 0, warn: 1, neutral: 2 } as const;

/** Everything that is true of a run, worst first; empty when it is healthy. */
export function assessHealth(input: HealthInput): Finding[] {
  const findings = Object.values(HEALTH_RULES).flatMap((rule) => rule(input) ?? []);
  return findings.sort((a, b) => GRAVITY[a.tone] - GRAVITY[b.tone]);
}
