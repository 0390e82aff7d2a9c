import type { MetricPoint, RunStatus } from '../../../contract/domain';
import type { MetricId } from '../../../contract/metrics';
import { seriesOf } from '../../../store/thin';
import { formatShare as percent, formatSigned as signed } from '../../primitives/format';
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
  klCoef: number;
  /** what the run said when it stopped by itself */
  message: string;
  error: { code: string | undefined; message: string } | null;
}

/** Readability dips in the first iterations and recovers by itself: alarms wait until here. Measured for tiny models. */
const GRACE = 10;
const KL_ALARM = 12;
const COLLAPSED = 0.3;
const UNREADABLE = 0.6;
const CRITIC_USEFUL = 0.1;

/** Mean of the last three measurements: one batch is too noisy to raise an alarm. */
function recent(points: readonly MetricPoint[], id: MetricId): number | null {
  const values = seriesOf(points, id).slice(-3);
  return values.length === 0 ? null : values.reduce((sum, { value }) => sum + value, 0) / values.length;
}

function gain(points: readonly MetricPoint[], id: MetricId): number | null {
  const values = smoothed(seriesOf(points, id).map(({ value }) => value));
  return values.length < 2 ? null : values.at(-1)! - values[0]!;
}

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

function collapse({ points }: DiagnosisInput): Diagnosis | null {
  const distinct = recent(points, 'completion/distinct');
  if (distinct === null || distinct >= COLLAPSED) return null;
  return {
    tone: 'bad',
    headline: 'Mode collapse.',
    text: `Only ${percent(distinct)} of the completions differ: almost every prompt gets the same text. Raise the KL coefficient. (A rater who likes short texts has few best answers, then this is honest.)`,
  };
}

function pastThePeak({ points }: DiagnosisInput): Diagnosis | null {
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
    text: `Gold fell by ${peak.fallen.toFixed(1)} since iteration ${peak.step} while ${proxy}: the policy now games its judge. Raise the KL coefficient, or stop here.`,
  };
}

function farAway({ points }: DiagnosisInput): Diagnosis | null {
  const last = points.at(-1);
  if (!last || last.step <= GRACE) return null;
  const kl = recent(points, 'objective/kl');
  if (kl !== null && kl > KL_ALARM) {
    return {
      tone: 'warn',
      headline: 'KL alarm.',
      text: `${kl.toFixed(1)} nats from the reference; up to about ten the text usually stays readable. Raise the KL coefficient and watch the samples.`,
    };
  }
  const grammatical = recent(points, 'completion/grammatical');
  if (grammatical === null || grammatical >= UNREADABLE) return null;
  return {
    tone: 'warn',
    headline: 'Losing its grammar.',
    text: `${percent(grammatical)} of the rollouts still parse. The reward model rarely learned grammar; the KL term guards it. Raise the KL coefficient.`,
  };
}

function critic({ points }: DiagnosisInput): Diagnosis | null {
  const explained = recent(points, 'val/explained_var');
  const reward = gain(points, 'objective/scores');
  if (explained === null || explained >= CRITIC_USEFUL || (reward ?? 0) > 0.3) return null;
  return {
    tone: 'neutral',
    headline: 'Critic not yet useful.',
    text: `It foresees ${explained < 0 ? 'less than a constant would' : percent(explained)} of the return, so advantages are mostly noise. Usual in the first iterations; let it run.`,
  };
}

function progress({ points, status, klCoef }: DiagnosisInput): Diagnosis {
  const reward = gain(points, 'objective/scores') ?? 0;
  const gold = gain(points, 'gold/score');
  const kl = recent(points, 'objective/kl') ?? 0;
  const step = points.at(-1)?.step ?? 0;
  if (step >= GRACE && reward < 0.15) {
    const leash =
      klCoef > 0.25
        ? 'The leash is short: lower the KL coefficient.'
        : 'Try a higher learning rate, or a reward model with higher accuracy.';
    return { tone: 'neutral', headline: 'Hardly moving.', text: `Reward ${signed(reward)} after ${step} iterations. ${leash}` };
  }
  const goldPart = gold === null ? '' : `, gold ${signed(gold)}`;
  const next =
    status === 'done' ? 'Read before and after; vote again in Compare, or let go of the leash: KL coefficient 0.' : 'Nothing to do: watch.';
  const headline = status === 'done' ? 'Done, and healthy.' : 'Healthy.';
  return { tone: 'good', headline, text: `Reward ${signed(reward)}${goldPart} at ${kl.toFixed(1)} nats from the reference. ${next}` };
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
  return collapse(input) ?? pastThePeak(input) ?? farAway(input) ?? critic(input) ?? progress(input);
}
