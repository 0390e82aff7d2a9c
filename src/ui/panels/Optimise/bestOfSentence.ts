import type { Average, BestOfPoint, RunStatus } from '../../../contract/domain';
import type { Turn } from '../../../store/overoptimization';
import { formatNumber, formatShare, formatSigned } from '../../primitives/format';
import type { Diagnosis } from './diagnosis';

export interface BestOfFacts {
  /** which model is missing; null when both are there */
  blocked: string | null;
  status: RunStatus;
  /** prompts done */
  prompts: number;
  totalPrompts: number;
  points: readonly BestOfPoint[];
  n: number;
  /** where gold fell although the score rose with N */
  turn: Turn | null;
  message: string;
}

const withError = ({ value, error }: Average): string => `${formatSigned(value)} ± ${error.toFixed(2)}`;

/** "Best of 16: score +1.92 ± 0.10, gold +0.83 ± 0.12 instead of −0.05, for at most 1.84 nats." */
function measured(point: BestOfPoint, single: BestOfPoint | undefined): string {
  const gold =
    point.gold && `, gold ${withError(point.gold)}${single?.gold && point.n > 1 ? ` instead of ${formatSigned(single.gold.value)}` : ''}`;
  return `Best of ${point.n}: score ${withError(point.score)}${gold ?? ''}, for at most ${formatNumber(point.kl)} nats.`;
}

const lesson = ({ n, winRate }: BestOfPoint): string =>
  n === 1
    ? 'One is no choice. Move the slider.'
    : `${winRate ? `It wins ${formatShare(winRate.value)} against a single sample. ` : ''}No weight was changed: every answer costs ${n} samples instead.`;

/** The line the Best of N tab ends in. */
export function bestOfSentence({ blocked, status, prompts, totalPrompts, points, n, turn, message }: BestOfFacts): Diagnosis {
  if (status === 'failed' || status === 'stopped')
    return { tone: 'bad', headline: 'It stopped.', text: `${message} Reset and draw again.` };
  const point = points.find((one) => one.n === n);
  if (!point) {
    if (blocked) return { tone: 'neutral', headline: 'Not yet.', text: blocked };
    return { tone: 'neutral', headline: 'Ready.', text: 'Train draws the samples: nothing is learned here, only chosen.' };
  }
  const text = `${measured(
    point,
    points.find((one) => one.n === 1),
  )} ${lesson(point)}`;
  if (status !== 'done') {
    const headline =
      status === 'running' ? `Drawing, ${prompts} of ${totalPrompts} prompts.` : `Paused at prompt ${prompts} of ${totalPrompts}.`;
    return { tone: 'neutral', headline, text };
  }
  if (turn && n > turn.step)
    return {
      tone: 'warn',
      headline: 'Past the peak.',
      text: `Gold was highest at N = ${turn.step}: beyond it the judge's mistakes are chosen. ${text}`,
    };
  return { tone: 'good', headline: 'Done.', text };
}
