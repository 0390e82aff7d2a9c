import type { RunStatus } from '../../../contract/domain';
import { inWords } from '../../../contract/limits';
import type { MetricId } from '../../../contract/metrics';
import type { MetricPoint } from '../../../contract/observations';
import { type GoldStanding, TRUSTED } from '../../../store/opinions/goldStanding';
import { casesBehind } from '../../../store/runs/cases';
import { formatNumber, formatPart, formatSigned } from '../../primitives/format';
import { paused, type Verdict } from '../Health/verdict';
import { latest } from '../useChartView';
import { assessRun } from './assessRun';

export interface DpoFacts {
  /** why it cannot start; null when it can */
  blocked: string | null;
  status: RunStatus;
  points: readonly MetricPoint[];
  totalSteps: number;
  /** what the run said when it stopped, or its error */
  message: string;
  /** how far gold may speak for those who chose; as theirs when absent */
  gold?: GoldStanding;
  /** the votes changed since */
  stale: boolean;
}

/** "Score +0.64, gold +0.52 at 1.1 nats; win rate 71 %." */
function measured(points: readonly MetricPoint[]): string {
  const of = (id: MetricId) => latest(points, id);
  const [gold, score, kl] = [of('axis/gold'), of('axis/score'), of('axis/kl')];
  const win = of('gold/winRate');
  const judged = [
    score !== null && `score ${formatSigned(score)}`,
    gold !== null && `gold ${formatSigned(gold)}`,
  ].filter(Boolean);
  const distance =
    kl === null ? [] : [`${judged.length > 0 ? `${judged.join(', ')} ` : ''}at ${formatNumber(kl)} nats`];
  const parts = [
    ...distance,
    ...(win === null
      ? []
      : [`win rate ${formatPart(win, casesBehind(points, 'gold/winRate') ?? Number.POSITIVE_INFINITY)}`]),
  ];
  const text = parts.join('; ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const LONGER = 'take more steps, or look more often (Look every).';

const assess = ({ points, status, gold = TRUSTED }: DpoFacts): Verdict =>
  assessRun({
    kind: 'dpo',
    points,
    status,
    rewardAccuracy: null,
    gold,
    measured: () => measured(points),
    next: () => 'Read before and after.',
    longer: LONGER,
  });

/** The line the DPO tab ends in. */
export function dpoSentence(facts: DpoFacts): Verdict {
  const { blocked, status, points, totalSteps, message, stale } = facts;
  if (status === 'failed' || status === 'stopped')
    return { tone: 'bad', headline: 'The run stopped.', text: `${message} Reset and train again.`, knob: null };
  if (points.length === 0) {
    if (blocked) return { tone: 'neutral', headline: 'Not yet.', text: blocked, knob: null };
    return {
      tone: 'neutral',
      headline: 'Ready.',
      text: 'Train: the policy itself is fitted to the votes, without a judge and without rollouts.',
      knob: null,
    };
  }
  if (status === 'done' && stale)
    return {
      tone: 'warn',
      headline: 'Out of date.',
      text: 'Votes or model changed since: Train again to learn from them.',
      knob: null,
    };
  return status === 'paused'
    ? paused(assess(facts), `step ${inWords(points.at(-1)!.step)} of ${inWords(totalSteps)}`)
    : assess(facts);
}
