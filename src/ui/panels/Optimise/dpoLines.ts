import type { DpoConfig } from '../../../contract/config';
import type { MetricId } from '../../../contract/metrics';
import { one, type SmallChart, WHOLE } from '../smallChart';
import type { LineOf } from '../useChartView';

/** Evaluations are few: drawn as they were measured. */
const FRESH_LINES: readonly LineOf[] = [
  { id: 'axis/score', label: 'reward model', tone: 'reward', raw: true },
  { id: 'axis/gold', label: 'gold rater', tone: 'gold', dashed: true, raw: true },
];
export const SCORE_LINES = FRESH_LINES;

/** The loss while policy and reference are the same: the log-ratio h is 0. */
export function firstLoss({ loss, beta, rpoAlpha }: DpoConfig): { value: number; label: string } {
  const without = rpoAlpha > 0 ? ', without the fine-tuning term' : '';
  if (loss === 'hinge') return { value: 1, label: `1, no margin${without}` };
  if (loss !== 'ipo' && loss !== 'ipoMean') return { value: Math.LN2, label: `ln 2, a coin${without}` };
  return { value: (1 / (2 * beta)) ** 2, label: `(1/2β)², no preference${without}` };
}

const LOGPS: SmallChart = {
  metric: 'logps/chosen',
  title: 'Log-probs',
  note: 'Σ, nats',
  lines: [
    { id: 'logps/chosen', label: '✓ chosen', tone: 'chosen' },
    { id: 'logps/rejected', label: 'rejected', tone: 'rejected', dashed: true },
  ],
};

const REWARDS: SmallChart = {
  metric: 'rewards/chosen',
  title: 'Rewards',
  note: 'implied',
  lines: [
    { id: 'rewards/chosen', label: '✓ chosen', tone: 'chosen' },
    { id: 'rewards/rejected', label: 'rejected', tone: 'rejected', dashed: true },
  ],
};

const MARGINS: SmallChart = {
  metric: 'rewards/margins',
  title: 'Margins',
  note: 'chosen − rejected',
  lines: [
    { id: 'rewards/margins', label: 'training', tone: 'policy' },
    { id: 'eval_rewards/margins', label: 'held out', tone: 'policy', dashed: true, raw: true },
  ],
};

/** In the corner stands what it makes of pairs it never saw; of its own it soon knows all. */
const ACCURACIES: SmallChart = {
  metric: 'eval_rewards/accuracies',
  title: 'Accuracies',
  note: 'share of pairs',
  lines: [
    { id: 'rewards/accuracies', label: 'training', tone: 'policy' },
    { id: 'eval_rewards/accuracies', label: 'held out', tone: 'policy', dashed: true, raw: true },
  ],
  range: WHOLE,
};

/** What DPO watches about itself: everything here is measured on the votes. */
export function dpoCharts(config: DpoConfig): { below: readonly SmallChart[]; beside: readonly SmallChart[] } {
  const loss: SmallChart = {
    metric: 'dpo/loss',
    title: 'Loss',
    note: 'nats',
    lines: [
      { id: 'dpo/loss', label: 'training', tone: 'policy' },
      { id: 'eval_dpo/loss', label: 'held out', tone: 'policy', dashed: true, raw: true },
    ],
    levels: [firstLoss(config)],
  };
  return { below: [loss, LOGPS, REWARDS], beside: [MARGINS, ACCURACIES] };
}

/** One click away: what the policy writes by now, which the loss never asks about. */
export const MORE_DPO_CHARTS: readonly SmallChart[] = [
  { ...one('completion/grammatical', 'grammatical', 'good'), range: WHOLE },
  { ...one('completion/distinct', 'distinct', 'ink-2'), range: WHOLE },
  one('completion/length', 'completion length', 'ink-2'),
  { ...one('gold/winRate', 'win rate', 'gold'), range: WHOLE },
  one('dpo/nll_loss', 'surprise', 'policy'),
  one('train/gradNorm', 'gradient norm', 'policy'),
  one('perf/stepMs', 'step time', 'ink-2', 'Step time'),
];

/** Quiet numbers of the last evaluation and step. */
export const DPO_NUMBERS: readonly MetricId[] = [
  'axis/kl',
  'gold/winRate',
  'rewards/accuracies',
  'eval_dpo/loss',
  'dpo/nll_loss',
  'train/gradNorm',
  'train/lr',
];
