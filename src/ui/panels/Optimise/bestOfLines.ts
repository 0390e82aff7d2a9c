import type { BestOfResult, MetricPoint } from '../../../contract/domain';
import type { MetricId, MetricValues } from '../../../contract/metrics';
import type { LineOf } from '../useChartView';
import { type SmallChart, WHOLE } from './smallChart';

/** N takes the place of the step, so that every chart can draw it. */
export const bestOfHistory = (result: BestOfResult | null): MetricPoint[] =>
  (result?.points ?? []).map(({ n, kl, score, gold, winRate, grammatical, length, finished, distinct, distinct2, duplicates }) => {
    const known: [MetricId, number | null | undefined][] = [
      ['axis/kl', kl],
      ['axis/score', score.value],
      ['axis/gold', gold?.value],
      ['gold/winRate', winRate?.value],
      ['completion/grammatical', grammatical],
      ['completion/length', length],
      ['completion/distinct', distinct],
      ['completion/distinct2', distinct2],
      ['completion/duplicates', duplicates],
      ['val/num_eos_tokens', finished],
    ];
    const values: MetricValues = Object.fromEntries(known.filter(([, value]) => value !== null && value !== undefined));
    return { step: n, elapsedMs: 0, values };
  });

/** Every N is an expectation over all sets of N: nothing to smooth. */
export const BEST_OF_LINES: readonly LineOf[] = [
  { id: 'axis/score', label: 'reward model', tone: 'reward', raw: true },
  { id: 'axis/gold', label: 'gold rater', tone: 'gold', dashed: true, raw: true },
];

const overN = (metric: MetricId, title: string, tone: LineOf['tone'], range?: readonly [number, number]): SmallChart => ({
  metric,
  title,
  lines: [{ id: metric, label: title.toLowerCase(), tone, raw: true }],
  ...(range && { range }),
});

export const BEST_OF_CHARTS: readonly SmallChart[] = [
  { ...overN('gold/winRate', 'Win rate', 'gold', WHOLE), note: '' },
  { ...overN('completion/grammatical', 'Grammatical', 'good', WHOLE), note: '' },
  overN('completion/length', 'Length', 'ink-2'),
];
