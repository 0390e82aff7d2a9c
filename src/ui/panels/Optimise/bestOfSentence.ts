import type { RunStatus } from '../../../contract/domain';
import { countOf, fixed, plural } from '../../../contract/numbers';
import type { Average, BestOfPoint } from '../../../contract/observations';
import { assessHealth } from '../../../store/health';
import { type GoldStanding, TRUSTED } from '../../../store/opinions/goldStanding';
import { areFew } from '../../../store/runs/cases';
import { bestOfHistory } from '../../../store/runs/methodTrail';
import { formatCounted, formatNumber, formatShare, formatSigned } from '../../primitives/format';
import { goldCaution } from '../goldWords';
import { saidOf, type Verdict } from '../Health/verdict';

export interface BestOfFacts {
  /** which model is missing; null when both are there */
  blocked: string | null;
  status: RunStatus;
  /** prompts done */
  prompts: number;
  totalPrompts: number;
  points: readonly BestOfPoint[];
  n: number;
  /** of the judge, on held-out pairs; null when unknown */
  rewardAccuracy: number | null;
  /** a rule alone pays */
  byRule?: boolean;
  /** how far gold may speak for those who chose; as theirs when absent */
  gold?: GoldStanding;
  /** there is a rule that could label pairs for it and is switched off */
  ruleRests?: boolean;
  message: string;
}

/** one prompt tells nothing of how much prompts differ */
const withError = ({ value, error }: Average, prompts: number): string =>
  `${formatSigned(value)}${prompts > 1 ? ` ± ${fixed(error, 2)}` : ''}`;

/** "Best of 16: score +1.92 ± 0.10, gold +0.83 ± 0.12 instead of −0.05, for at most 1.84 nats." */
function measured(point: BestOfPoint, single: BestOfPoint | undefined, prompts: number): string {
  const gold =
    point.gold &&
    `, gold ${withError(point.gold, prompts)}${single?.gold && point.n > 1 ? ` instead of ${formatSigned(single.gold.value)}` : ''}`;
  return `Best of ${point.n}: score ${withError(point.score, prompts)}${gold ?? ''}, for at most ${formatNumber(point.kl)} nats.`;
}

const won = (share: number, prompts: number): string =>
  areFew(prompts) ? formatCounted(share, prompts, plural(prompts, 'prompt')) : formatShare(share);

const lesson = ({ n, winRate }: BestOfPoint, prompts: number, { standing }: GoldStanding): string =>
  n === 1
    ? 'One is no choice. Move the slider.'
    : `${winRate ? `${standing === 'theirs' ? 'It' : 'By gold it'} wins ${won(winRate.value, prompts)} against a single sample. ` : ''}No weight was changed: every answer costs ${n} samples instead.`;

/** The line the Best of N tab ends in. What is said of health is said of every N up to the chosen one. */
export function bestOfSentence(facts: BestOfFacts): Verdict {
  const {
    blocked,
    status,
    prompts,
    totalPrompts,
    points,
    n,
    rewardAccuracy,
    ruleRests = false,
    byRule = false,
    gold = TRUSTED,
    message,
  } = facts;
  if (status === 'failed' || status === 'stopped')
    return { tone: 'bad', headline: 'It stopped.', text: `${message} Reset and draw again.`, knob: null };
  const point = points.find((one) => one.n === n);
  if (!point) {
    if (blocked) return { tone: 'neutral', headline: 'Not yet.', text: blocked, knob: null };
    return {
      tone: 'neutral',
      headline: 'Ready.',
      text: 'Train draws the samples: nothing is learned here, only chosen.',
      knob: null,
    };
  }
  const single = points.find((one) => one.n === 1);
  const numbers = [measured(point, single, prompts), point.gold && goldCaution(gold)].filter(Boolean).join(' ');
  const text = `${numbers} ${lesson(point, prompts, gold)}`;
  if (status !== 'done') {
    const headline =
      status === 'running'
        ? `Drawing, ${prompts} of ${countOf(totalPrompts, 'prompt')}.`
        : `Paused at prompt ${prompts} of ${totalPrompts}.`;
    return { tone: 'neutral', headline, text, knob: null };
  }
  const [worst] = assessHealth({
    points: bestOfHistory(points.slice(0, n), prompts),
    rewardAccuracy,
    kind: 'bestOf',
    ruleRests,
    byRule,
    gold: gold.standing,
  });
  return worst
    ? { ...saidOf(worst), text: `${worst.text} ${worst.advice} ${numbers}` }
    : { tone: 'good', headline: 'Done.', text, knob: null };
}
