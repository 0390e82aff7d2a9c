import type { MetricPoint, RunStatus } from '../../../contract/domain';
import type { MetricId } from '../../../contract/metrics';
import { COLLAPSED_DISTINCT, GRACE, HEALTH_RULES, KL_ALARM, UNREADABLE } from '../../../store/health';
import { seriesOf } from '../../../store/thin';
import { formatNumber, formatRate, formatShare as percent, formatSigned as signed } from '../../primitives/format';
import { latest } from '../useChartView';
import { findGoldPeak, smoothed } from './goldPeak';

/** A sentence instead of a gauge: what is going on, and what to do about it. */
export interface Diagnosis {
  tone: 'neutral' | 'good' | 'warn' | 'bad';
  /** two or three words */
  headline: string;
  text: string;
}

export interface DiagnosisInput {
  /** both models that PPO starts from are there */
  ready: boolean;
  status: RunStatus;
  points: readonly MetricPoint[];
  /** as the slider stands */
  klCoef: number;
  /** the run's length in iterations */
  totalSteps: number;
  /** what the run said when it stopped by itself */
  message: string;
  error: { code: string | undefined; message: string } | null;
  /** of the reward model that pays, on held-out pairs; left out when unknown */
  rewardAccuracy?: number | null;
}

const CRITIC_USEFUL = 0.1;
/** Below this KL coefficient nothing holds the policy near the reference. */
const LEASH_OFF = 0.02;
/** Where the slider of the KL coefficient ends. */
const TIGHTEST = 0.5;
const CLEAR_GAIN = 0.15;

/**
 * Mean of the last three measurements: one batch is too noisy to raise an alarm. It decides and is never printed: sentences say
 * the last measured value, as the charts' corners do.
 */
function recent(points: readonly MetricPoint[], id: MetricId): number | null {
  const values = seriesOf(points, id).slice(-3);
  return values.length === 0 ? null : values.reduce((sum, { value }) => sum + value, 0) / values.length;
}

/** The trend, from its smoothed ends: what verdicts are decided by. */
function gain(points: readonly MetricPoint[], id: MetricId): number | null {
  const values = smoothed(seriesOf(points, id).map(({ value }) => value));
  return values.length < 2 ? null : values.at(-1)! - values[0]!;
}

/** "Score +1.51, gold +0.93 at 2.83 nats; since the start +1.43 and +1.13." */
function measured(points: readonly MetricPoint[]): string {
  const of = (id: MetricId) => seriesOf(points, id).map(({ value }) => value);
  const named = [
    { name: 'score', values: of('objective/scores') },
    { name: 'gold', values: of('gold/score') },
  ].filter(({ values }) => values.length > 0);
  const now = named.map(({ name, values }) => `${name} ${signed(values.at(-1)!)}`).join(', ');
  const kl = latest(points, 'objective/kl');
  const distance = kl === null ? '' : ` at ${formatNumber(kl)} nats`;
  const changes = named
    .filter(({ values }) => values.length > 1)
    .map(({ values }) => signed(values.at(-1)! - values[0]!))
    .join(' and ');
  const text = `${now}${distance}${changes === '' ? '' : `; since the start ${changes}`}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const isOver = (status: RunStatus): boolean => status === 'done' || status === 'stopped' || status === 'failed';

/** The coefficient that acts: the slider's, or what the run ended with. */
const leash = ({ status, points, klCoef }: DiagnosisInput): number =>
  isOver(status) ? (latest(points, 'objective/kl_coef') ?? klCoef) : klCoef;

const tighten = ({ klCoef }: DiagnosisInput): string => (klCoef < TIGHTEST ? 'Raise the KL coefficient' : 'Lower the learning rate');

function stoppedByItself({ status, error, message }: DiagnosisInput): Diagnosis | null {
  if (status !== 'failed' && status !== 'stopped') return null;
  const said = error?.message || message;
  if (error?.code === 'run/nonFinite') {
    return {
      tone: 'bad',
      headline: 'A number broke.',
      text: `${said} Go back to the last good checkpoint, lower the learning rate (a third is a good try) and train on.`,
    };
  }
  if (error?.code === 'run/klCeiling' || /ceiling|too far/i.test(said)) {
    return {
      tone: 'bad',
      headline: 'Stopped at the KL ceiling.',
      text: `${said} Raise the KL coefficient or lower the learning rate, then Reset and train again.`,
    };
  }
  return { tone: 'bad', headline: 'The run stopped.', text: `${said} Reset and train again.` };
}

function collapse(input: DiagnosisInput): Diagnosis | null {
  const { points } = input;
  const distinct = recent(points, 'completion/distinct');
  if (distinct === null || distinct >= COLLAPSED_DISTINCT) return null;
  return {
    tone: 'bad',
    headline: 'Mode collapse.',
    text: `Only ${percent(latest(points, 'completion/distinct') ?? distinct)} of the completions differ: almost every prompt gets the same text. ${tighten(input)}. (A rater who likes short texts has few best answers, then this is honest.)`,
  };
}

function pastThePeak(input: DiagnosisInput): Diagnosis | null {
  const { points } = input;
  const peak = findGoldPeak(points);
  if (!peak) return null;
  const climb = gain(
    points.filter((point) => point.step >= peak.step),
    'objective/scores',
  );
  const proxy = climb !== null && climb > 0 ? 'the reward model climbs' : 'the reward model did not notice';
  return {
    tone: 'warn',
    headline: 'Past the peak.',
    text: `Gold fell by about ${peak.fallen.toFixed(1)} since iteration ${peak.step} while ${proxy}: the policy now games its judge. ${tighten(input)}${input.status === 'done' ? ' and train again' : ', or stop here'}.`,
  };
}

function farAway(input: DiagnosisInput): Diagnosis | null {
  const { points } = input;
  const last = points.at(-1);
  if (!last || last.step <= GRACE) return null;
  const kl = recent(points, 'objective/kl');
  if (kl !== null && kl > KL_ALARM) {
    return {
      tone: 'warn',
      headline: 'KL alarm.',
      text: `${formatNumber(latest(points, 'objective/kl') ?? kl)} nats from the reference; up to about ten the text usually stays readable. ${tighten(input)} and watch the samples.`,
    };
  }
  const grammatical = recent(points, 'completion/grammatical');
  if (grammatical === null || grammatical >= UNREADABLE) return null;
  return {
    tone: 'warn',
    headline: 'Losing its grammar.',
    text: `${percent(latest(points, 'completion/grammatical') ?? grammatical)} of the rollouts still parse. The reward model rarely learned grammar; the KL term guards it. ${tighten(input)}.`,
  };
}

/** Nothing holds the policy: whatever the numbers are now, only gold tells how long they mean anything. */
function leashOff(input: DiagnosisInput): Diagnosis | null {
  const beta = leash(input);
  if (beta >= LEASH_OFF) return null;
  const { points, status } = input;
  const advice =
    (gain(points, 'gold/score') ?? 0) < 0
      ? `Gold falls: ${isOver(status) ? 'read before and after' : 'raise the KL coefficient'}.`
      : 'Watch gold: once it falls while the score rises, the policy games its judge.';
  return {
    tone: 'warn',
    headline: status === 'done' ? 'Done, with the leash off.' : 'The leash is off.',
    text: `KL coefficient ${formatRate(beta)}: nothing holds the policy. ${measured(points)} ${advice}`,
  };
}

/** Gold does not have to be past a clear peak to contradict a rising score. */
function goldFalls(input: DiagnosisInput): Diagnosis | null {
  const { points, status } = input;
  const gold = gain(points, 'gold/score');
  const score = gain(points, 'objective/scores');
  if (gold === null || score === null || gold >= 0 || score <= 0) return null;
  const sure = gold < -CLEAR_GAIN;
  return {
    tone: sure ? 'warn' : 'neutral',
    headline: `${status === 'done' ? 'Done, but the' : 'The'} score rises, gold does not.`,
    text: `${measured(points)} ${
      sure ? `The reward model is pleased, the gold rater is not. ${tighten(input)}.` : 'That may be noise so far: watch gold.'
    }`,
  };
}

/** What every method is asked, where PPO has no sentence of its own for it. */
function ailing({ points, rewardAccuracy = null }: DiagnosisInput): Diagnosis | null {
  const findings = [HEALTH_RULES.lengthRunaway, HEALTH_RULES.clipping, HEALTH_RULES.weakReward].map((rule) =>
    rule({ points, rewardAccuracy }),
  );
  const finding = findings.find((one) => one !== null);
  return finding ? { tone: finding.tone, headline: finding.headline, text: `${finding.text} ${finding.advice}` } : null;
}

function critic({ points }: DiagnosisInput): Diagnosis | null {
  const explained = recent(points, 'val/explained_var');
  const reward = gain(points, 'objective/scores');
  if (explained === null || explained >= CRITIC_USEFUL || (reward ?? 0) > 0.3) return null;
  return {
    tone: 'neutral',
    headline: 'Critic not yet useful.',
    text: `It foresees ${explained < 0 ? 'less than a constant would' : percent(latest(points, 'val/explained_var') ?? explained)} of the return, so advantages are mostly noise. Usual in the first iterations; let it run.`,
  };
}

function progress({ points, status, klCoef }: DiagnosisInput): Diagnosis {
  const reward = gain(points, 'objective/scores') ?? 0;
  const step = points.at(-1)?.step ?? 0;
  if (step >= GRACE && reward < CLEAR_GAIN) {
    const advice =
      klCoef > 0.25
        ? 'The leash is short: lower the KL coefficient.'
        : 'Try a higher learning rate, or a reward model with higher accuracy.';
    return { tone: 'neutral', headline: 'Hardly moving.', text: `${measured(points)} ${advice}` };
  }
  const explained = recent(points, 'val/explained_var');
  const blind = explained !== null && explained < 0;
  const experiment = klCoef < LEASH_OFF ? 'train again with the leash off, as it is set now' : 'let go of the leash: KL coefficient 0';
  const next = status === 'done' ? `Read before and after; vote again in Compare, or ${experiment}.` : 'Nothing to do: watch.';
  const doubt = blind ? 'The critic foresees less than a constant would: advantages are noisy. ' : '';
  const healthy = status === 'done' ? 'Done, and healthy.' : 'Healthy.';
  const doubtful = status === 'done' ? 'Done.' : 'Climbing.';
  return {
    tone: blind ? 'neutral' : 'good',
    headline: blind ? doubtful : healthy,
    text: `${measured(points)} ${doubt}${next}`,
  };
}

const assess = (input: DiagnosisInput): Diagnosis =>
  collapse(input) ??
  pastThePeak(input) ??
  farAway(input) ??
  leashOff(input) ??
  goldFalls(input) ??
  ailing(input) ??
  critic(input) ??
  progress(input);

/** A run that stands still says so before anything else; nobody watches it. */
function paused(input: DiagnosisInput): Diagnosis {
  const { tone, headline, text } = assess(input);
  const step = input.points.at(-1)?.step ?? 0;
  return {
    tone: tone === 'good' ? 'neutral' : tone,
    headline: `Paused at iteration ${step} of ${input.totalSteps}.`,
    text: `Press Train to go on. ${headline} ${text.replace(' Nothing to do: watch.', '')}`,
  };
}

/** The worst thing that is true comes first. */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const stopped = stoppedByItself(input);
  if (stopped) return stopped;
  if (input.points.length === 0 && !input.ready) {
    return { tone: 'neutral', headline: 'Not yet.', text: 'PPO needs a model that writes and a reward model that judges.' };
  }
  if (input.points.length === 0) {
    return {
      tone: 'neutral',
      headline: 'Ready.',
      text: 'Train: the policy writes, the reward model judges, PPO nudges, and the leash holds it near the reference.',
    };
  }
  return input.status === 'paused' ? paused(input) : assess(input);
}
