import type { MetricPoint, RunStatus } from '../../../contract/domain';
import type { MetricId } from '../../../contract/metrics';
import { GRACE, KL_ALARM, UNREADABLE } from '../../../store/health';
import { axisTrail, findTurn } from '../../../store/overoptimization';
import { seriesOf } from '../../../store/thin';
import { formatNumber, formatShare, formatSigned } from '../../primitives/format';
import { latest } from '../useChartView';
import type { Diagnosis } from './diagnosis';

export interface DpoFacts {
  /** why it cannot start; null when it can */
  blocked: string | null;
  status: RunStatus;
  points: readonly MetricPoint[];
  totalSteps: number;
  /** what the run said when it stopped, or its error */
  message: string;
  /** the votes changed since */
  stale: boolean;
}

/** a fall of the chosen text's log-probability that is no noise of a batch, nats */
const SUNK = 4;
/** above its own minimum, nats per pair */
const MEMORISED = 0.08;

/** "Gold +0.52 at 1.1 nats, win rate 71 %; held-out pairs 68 % right." */
function measured(points: readonly MetricPoint[]): string {
  const of = (id: MetricId) => latest(points, id);
  const [gold, score, kl] = [of('axis/gold'), of('axis/score'), of('axis/kl')];
  const [win, right] = [of('gold/winRate'), of('eval_rewards/accuracies')];
  const judged = [score !== null && `score ${formatSigned(score)}`, gold !== null && `gold ${formatSigned(gold)}`].filter(Boolean);
  const place = kl === null ? [] : [`${judged.length > 0 ? `${judged.join(', ')} ` : ''}at ${formatNumber(kl)} nats`];
  const parts = [
    ...place,
    ...(win === null ? [] : [`win rate ${formatShare(win)}`]),
    ...(right === null ? [] : [`${formatShare(right)} of held-out pairs right`]),
  ];
  const text = parts.join('; ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}. `;
}

function overdose(points: readonly MetricPoint[]): Omit<Diagnosis, 'tone'> | null {
  const grammatical = latest(points, 'completion/grammatical');
  const kl = latest(points, 'axis/kl');
  const turn = findTurn(axisTrail(points));
  if ((points.at(-1)?.step ?? 0) <= GRACE) return null;
  if (grammatical !== null && grammatical < UNREADABLE)
    return {
      headline: 'An overdose.',
      text: `${formatShare(grammatical)} of fresh texts still parse, while the loss looks better than ever: it never asks what the policy writes. Raise β, take fewer steps or a lower rate.`,
    };
  if (turn)
    return {
      headline: 'Past the peak.',
      text: `Gold fell by ${turn.fallen.toFixed(1)} since step ${turn.step}. Raise β, or take ${turn.step} steps.`,
    };
  if (kl === null || kl <= KL_ALARM) return null;
  return { headline: 'Far away.', text: `${formatNumber(kl)} nats from the reference; up to about ten texts stay readable. Raise β.` };
}

function memorised(points: readonly MetricPoint[]): string | null {
  const heldOut = seriesOf(points, 'eval_dpo/loss');
  const best = heldOut.reduce<(typeof heldOut)[number] | null>((low, one) => (low && low.value <= one.value ? low : one), null);
  if (!best || heldOut.at(-1)!.value - best.value < MEMORISED) return null;
  return `The held-out loss was lowest at step ${best.step}: since then the votes are learned by heart.`;
}

/** Both may sink: only their difference is paid. */
function sunk(points: readonly MetricPoint[]): string | null {
  const chosen = seriesOf(points, 'eval_logps/chosen');
  const fallen = chosen.length < 2 ? 0 : chosen[0]!.value - chosen.at(-1)!.value;
  if (fallen < SUNK) return null;
  return `Even the chosen texts became ${formatNumber(fallen)} nats less likely: only the difference is paid. The fine-tuning term holds them up.`;
}

function assess({ points, status }: DpoFacts): Diagnosis {
  const bad = overdose(points);
  if (bad) return { tone: 'warn', ...bad };
  const done = status === 'done';
  const doubt = memorised(points) ?? sunk(points);
  if (doubt) return { tone: 'neutral', headline: done ? 'Done.' : 'Watch out.', text: `${measured(points)}${doubt}` };
  const gold = seriesOf(points, 'axis/gold');
  const fell = gold.length > 1 && gold.at(-1)!.value < gold[0]!.value;
  if (fell)
    return {
      tone: 'neutral',
      headline: done ? 'Done, but gold fell.' : 'Gold falls.',
      text: `${measured(points)}More votes help DPO more than more steps.`,
    };
  const next = done ? 'Read before and after, then let PPO or best of N join the chart.' : 'Nothing to do: watch.';
  return { tone: 'good', headline: done ? 'Done, and healthy.' : 'Healthy.', text: `${measured(points)}${next}` };
}

/** The line the DPO tab ends in. */
export function dpoSentence(facts: DpoFacts): Diagnosis {
  const { blocked, status, points, totalSteps, message, stale } = facts;
  if (status === 'failed' || status === 'stopped')
    return { tone: 'bad', headline: 'The run stopped.', text: `${message} Reset and train again.` };
  if (points.length === 0) {
    if (blocked) return { tone: 'neutral', headline: 'Not yet.', text: blocked };
    return {
      tone: 'neutral',
      headline: 'Ready.',
      text: 'Train: the policy itself is fitted to the votes, without a judge and without rollouts.',
    };
  }
  if (status === 'done' && stale)
    return { tone: 'warn', headline: 'Out of date.', text: 'Votes or model changed since: Train again to learn from them.' };
  const verdict = assess(facts);
  if (status !== 'paused') return verdict;
  const tone = verdict.tone === 'good' ? 'neutral' : verdict.tone;
  const text = `Press Train to go on. ${verdict.headline} ${verdict.text.replace(' Nothing to do: watch.', '')}`;
  return { tone, headline: `Paused at step ${points.at(-1)!.step} of ${totalSteps}.`, text };
}
