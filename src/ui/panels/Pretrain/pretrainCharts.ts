import { ANALOGIES_CHANCE } from '../../../contract/inside';
import { one, type SmallChart, WHOLE } from '../smallChart';

/** Also beside the words themselves, in Inspect. */
export const ANALOGIES_CHART: SmallChart = {
  metric: 'eval/analogies',
  range: WHOLE,
  lines: [{ id: 'eval/analogies', label: 'analogies solved', tone: 'policy', raw: true }],
  levels: [{ value: ANALOGIES_CHANCE, label: 'chance' }],
};

/** One click away. */
export const PRETRAIN_CHARTS: readonly SmallChart[] = [
  { metric: 'train/lr', lines: [{ id: 'train/lr', label: 'learning rate', tone: 'ink-2', raw: true }] },
  one('train/gradNorm', 'gradient norm', 'policy'),
  one('perf/tokensPerSecond', 'tokens per second', 'ink-2'),
  {
    metric: 'eval/coherent',
    range: WHOLE,
    lines: [
      { id: 'eval/grammatical', label: 'grammatical', tone: 'good', raw: true },
      { id: 'eval/coherent', label: 'coherent', tone: 'value', dashed: true, raw: true },
    ],
  },
  ANALOGIES_CHART,
];
