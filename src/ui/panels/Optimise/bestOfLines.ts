import type { MetricId } from '../../../contract/metrics';
import { type SmallChart, WHOLE } from '../smallChart';
import type { LineOf } from '../useChartView';

/** Every N is an expectation over all sets of N: nothing to smooth. */
export const BEST_OF_LINES: readonly LineOf[] = [
  { id: 'axis/score', label: 'reward model', tone: 'reward', raw: true },
  { id: 'axis/gold', label: 'gold rater', tone: 'gold', dashed: true, raw: true },
];

const overN = (
  metric: MetricId,
  title: string,
  tone: LineOf['tone'],
  range?: readonly [number, number],
): SmallChart => ({
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
