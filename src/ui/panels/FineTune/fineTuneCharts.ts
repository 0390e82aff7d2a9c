import { one, type SmallChart, WHOLE } from '../smallChart';

/** One click away; what is measured once an epoch is drawn as it is. */
export const FINE_TUNE_CHARTS: readonly SmallChart[] = [
  { metric: 'train/lr', lines: [{ id: 'train/lr', label: 'learning rate', tone: 'ink-2', raw: true }] },
  one('train/gradNorm', 'gradient norm', 'policy'),
  { metric: 'axis/kl', lines: [{ id: 'axis/kl', label: 'distance from the base', tone: 'policy', raw: true }] },
  {
    metric: 'completion/grammatical',
    range: WHOLE,
    lines: [
      { id: 'completion/grammatical', label: 'grammatical', tone: 'good', raw: true },
      { id: 'eval/wishShare', label: 'as wished', tone: 'value', dashed: true, raw: true },
    ],
  },
];
