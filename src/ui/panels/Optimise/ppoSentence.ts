import type { RunStatus } from '../../../contract/domain';
import { inWords } from '../../../contract/limits';
import type { MetricPoint } from '../../../contract/observations';
import type { Outcome } from '../../../store/health';
import { type GoldStanding, TRUSTED } from '../../../store/opinions/goldStanding';
import { toldTrail } from '../../../store/runs/methodTrail';
import { formatNumber, formatSigned as signed } from '../../primitives/format';
import { paused, type Verdict } from '../Health/verdict';
import { assessRun } from './assessRun';

export interface PpoFacts {
  /** whatever PPO starts from is there */
  ready: boolean;
  /** who judges; the reward model when absent */
  payer?: string;
  /** a rule alone pays: votes have no say */
  byRule?: boolean;
  /** nats that an adaptive β steers to; null or absent where β stays as it is set */
  targetKl?: number | null;
  status: RunStatus;
  points: readonly MetricPoint[];
  /** the run's length in iterations */
  totalSteps: number;
  /** what the run said when it stopped by itself, or paused */
  message: string;
  error: { code: string | undefined; message: string } | null;
  /** of the reward model that pays, on held-out pairs; null when unknown */
  rewardAccuracy: number | null;
  /** how far gold may speak for those who chose; as theirs when absent */
  gold?: GoldStanding;
  /** there is a rule that could label pairs for it and is switched off */
  ruleRests?: boolean;
}

/** "Score +1.51, gold +0.93 at 2.83 nats; since the start +1.43 and +1.13." */
function measured(points: readonly MetricPoint[], withChanges: boolean): string {
  const trail = toldTrail('ppo', points);
  const end = trail.at(-1);
  if (!end) return '';
  const known = (['proxy', 'gold'] as const).flatMap((side) => {
    const values = trail.flatMap(({ [side]: value }) => (value === null ? [] : [value]));
    return values.length > 0 ? [{ name: side === 'proxy' ? 'score' : 'gold', values }] : [];
  });
  const now = known.map(({ name, values }) => `${name} ${signed(values.at(-1)!)}`).join(', ');
  const changes = known
    .filter(({ values }) => withChanges && values.length > 1)
    .map(({ values }) => signed(values.at(-1)! - values[0]!))
    .join(' and ');
  const text = `${now} at ${formatNumber(end.kl)} nats${changes === '' ? '' : `; since the start ${changes}`}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const TIGHTEN = { control: 'ppo/klCoef', label: 'Raise the KL coefficient' } as const;
const NEARER = { control: 'ppo/klTarget', label: 'Lower the KL target' } as const;
const SLOW_DOWN = { control: 'ppo/learningRate', label: 'Lower the learning rate' } as const;

function stoppedByItself({ status, error, message, targetKl = null }: PpoFacts): Verdict | null {
  if (status !== 'failed' && status !== 'stopped') return null;
  const said = error?.message || message;
  if (error?.code === 'run/nonFinite')
    return {
      tone: 'bad',
      headline: 'A number broke.',
      text: `${said} Go back to the last good checkpoint, lower the learning rate (a third is a good try) and train on.`,
      knob: SLOW_DOWN,
    };
  if (error?.code === 'run/klCeiling' || /ceiling|too far/i.test(said))
    return {
      tone: 'bad',
      headline: 'Stopped at the KL ceiling.',
      text: `${said} ${targetKl === null ? 'Raise the KL coefficient or lower the learning rate' : 'Lower the KL target or the learning rate'}, then Reset and train again.`,
      knob: targetKl === null ? TIGHTEN : NEARER,
    };
  return { tone: 'bad', headline: 'The run stopped.', text: `${said} Reset and train again.`, knob: null };
}

/** among its updates a run is stored as it was before them: it says so itself */
function pausedWithin({ status, message }: PpoFacts): Verdict | null {
  if (status !== 'paused' || !message.startsWith('Paused within')) return null;
  return { tone: 'neutral', headline: message, text: 'Press Train to go on from here.', knob: null };
}

/** Without the leash only a run that went well has anything to show. */
const next =
  (byRule: boolean, targetKl: number | null) =>
  ({ rose }: Outcome): string => {
    const further = targetKl === null ? ', or let go of the leash: KL coefficient 0.' : ', or raise the KL target.';
    return `Read before and after${byRule ? '' : '; vote again in Compare'}${rose ? further : '.'}`;
  };

const assess = ({
  points,
  status,
  rewardAccuracy,
  ruleRests = false,
  byRule = false,
  targetKl = null,
  gold = TRUSTED,
}: PpoFacts): Verdict =>
  assessRun({
    kind: 'ppo',
    points,
    status,
    rewardAccuracy,
    ruleRests,
    byRule,
    targetKl,
    gold,
    measured: (changes) => measured(points, changes),
    next: next(byRule, targetKl),
    longer: 'reset and train for more iterations.',
  });

/** The line the PPO tab ends in; the worst thing that is true comes first. */
export function ppoSentence(facts: PpoFacts): Verdict {
  const { points, ready, payer = 'the reward model', byRule = false, status, totalSteps } = facts;
  const stopped = stoppedByItself(facts);
  if (stopped) return stopped;
  const within = pausedWithin(facts);
  if (within) return within;
  if (points.length === 0 && !ready)
    return {
      tone: 'neutral',
      headline: 'Not yet.',
      text: `PPO needs a model that writes${byRule ? '' : ' and a reward model that judges'}.`,
      knob: null,
    };
  if (points.length === 0)
    return {
      tone: 'neutral',
      headline: 'Ready.',
      text: `Train: the policy writes, ${payer} judges, PPO nudges, and the leash holds it near the reference.`,
      knob: null,
    };
  return status === 'paused'
    ? paused(assess(facts), `iteration ${inWords(points.at(-1)!.step)} of ${inWords(totalSteps)}`)
    : assess(facts);
}
