import type { MetricId } from '../../../contract/metrics';
import { one, type SmallChart, WHOLE } from '../smallChart';
import type { LineOf } from '../useChartView';

/** The three ways to say how well it goes; only the first is what PPO is paid. */
export const REWARD_LINES: readonly LineOf[] = [
  { id: 'objective/scores', label: 'reward model', tone: 'reward' },
  { id: 'gold/score', label: 'gold rater', tone: 'gold', dashed: true },
  { id: 'objective/rlhf_reward', label: 'reward − KL', tone: 'ink-3' },
];

const KL: SmallChart = {
  metric: 'objective/kl',
  title: 'KL',
  note: 'nats',
  lines: [
    { id: 'objective/kl', label: 'KL', tone: 'policy' },
    { id: 'objective/klExact', label: 'exact', tone: 'ink-3', dashed: true },
  ],
};

/** Always in sight: how far, how varied, whether the critic is of use. */
export const FIRST_CHARTS: readonly SmallChart[] = [
  KL,
  { ...one('policy/entropy_avg', 'entropy', 'policy'), note: 'nats' },
  { ...one('val/explained_var', 'explained variance', 'value', 'Critic'), note: 'share' },
];

/** Without a critic the groups tell whether there is anything to learn from. */
export const GROUP_CHARTS: readonly SmallChart[] = [
  ...FIRST_CHARTS.slice(0, 2),
  {
    ...one('objective/frac_reward_zero_std', 'groups without a winner', 'ink-2', 'Equal groups'),
    note: 'share',
    range: WHOLE,
  },
];

/** Only where an option measures them. */
export const OPTIONAL_NUMBERS: readonly MetricId[] = ['loss/ptx_avg', 'loss/kl_avg', 'objective/frac_reward_zero_std'];

/** One click away. */
export const MORE_CHARTS: readonly SmallChart[] = [
  one('policy/clipfrac_avg', 'clip fraction', 'policy'),
  one('loss/value_avg', 'value loss', 'value'),
  one('completion/length', 'completion length', 'ink-2'),
  { ...one('completion/distinct', 'distinct', 'ink-2'), range: WHOLE },
  { ...one('completion/grammatical', 'grammatical', 'good'), range: WHOLE },
  one('val/ratio', 'ratio', 'policy'),
  one('policy/approxkl_avg', 'policy step', 'policy'),
  one('perf/stepMs', 'iteration time', 'ink-2', 'Iteration time'),
];

/**
 * Small numbers beside the phases: everything measured that has no curve in sight, what a teacher looks at first on
 * top.
 */
export const QUIET_NUMBERS: readonly MetricId[] = [
  'objective/rlhf_reward',
  'objective/klExact',
  'policy/clipfrac_avg',
  'loss/value_avg',
  'gold/winRate',
  'val/ratio',
  'policy/approxkl_avg',
  'loss/policy_avg',
  'val/clipfrac_avg',
  'val/skipped',
  'objective/non_score_reward',
  'objective/kl_coef',
  'objective/entropy',
  'train/lr',
  'train/gradNorm',
  'perf/stepMs',
  'perf/tokensPerSecond',
];
