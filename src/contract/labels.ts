/**
 * What every number is called and how it is drawn: all that showing it needs, so that it is here with the first screen.
 * What it means comes with whoever asks (metrics.ts). Names are TRL's where TRL has one; the order is that of CSV files
 * and of the glossary.
 */
export interface Label {
  /** what a chart is titled */
  label: string;
  unit: string;
  /** what is usual in a run that goes well */
  healthy?: readonly [number, number];
  /** the metric that counts the cases it rests on; of fewer than ENOUGH_CASES no curve is drawn */
  of?: 'eval/heldOut' | 'completion/count';
}

export const LABELS = {
  'train/loss': { label: 'Training loss', unit: 'nats/token' },
  'eval/loss': { label: 'Held-out loss', unit: 'nats/token', of: 'eval/heldOut' },
  'eval/heldOut': { label: 'Held out', unit: 'count' },
  'eval/aboveFloor': { label: 'Above the floor', unit: 'nats/token', healthy: [0, 0.12] },
  'eval/grammatical': { label: 'Grammatical', unit: 'share', healthy: [0.9, 1] },
  'eval/coherent': { label: 'Coherent', unit: 'share', healthy: [0.7, 1] },
  'eval/analogies': { label: 'Analogies solved', unit: 'share' },
  'eval/wishShare': { label: 'Wish granted', unit: 'share', of: 'completion/count' },
  'train/epoch': { label: 'Epoch', unit: 'epochs' },
  'train/keptEpoch': { label: 'Kept epoch', unit: 'epochs' },
  'train/rulePairs': { label: 'Pairs by the rule', unit: 'count' },
  'train/lr': { label: 'Learning rate', unit: '' },
  'train/gradNorm': { label: 'Gradient norm', unit: '' },
  'translator/loss': { label: 'Loss', unit: 'nats/word' },
  'translator/exactMatch': { label: 'Held-out exact match', unit: 'share', healthy: [0.95, 1] },
  'translator/exactMatchCut': { label: 'Exact match, cut', unit: 'share' },
  'perf/stepMs': { label: 'Step time', unit: 'ms' },
  'perf/tokensPerSecond': { label: 'Tokens per second', unit: 'tokens/s' },
  'perf/dispatches': { label: 'Dispatches', unit: 'count' },
  'perf/jsMs': { label: 'JavaScript', unit: 'ms' },
  'perf/gpuMs': { label: 'Graphics card', unit: 'ms' },
  'reward/loss': { label: 'Reward model loss', unit: 'nats/pair', healthy: [0, 0.69] },
  'reward/accuracy': { label: 'Held-out accuracy', unit: 'share', healthy: [0.7, 1], of: 'eval/heldOut' },
  'reward/trainAccuracy': { label: 'Training accuracy', unit: 'share' },
  'reward/margin': { label: 'Margin', unit: 'score' },
  'dpo/loss': { label: 'DPO loss', unit: 'nats/pair' },
  'dpo/nll_loss': { label: 'Surprise at the chosen', unit: 'nats/token' },
  'rewards/chosen': { label: 'Implied reward, chosen', unit: 'score' },
  'rewards/rejected': { label: 'Implied reward, rejected', unit: 'score' },
  'rewards/margins': { label: 'Implied margin', unit: 'score' },
  'rewards/accuracies': { label: 'Implied accuracy, training', unit: 'share' },
  'logps/chosen': { label: 'Log-probability, chosen', unit: 'nats/completion' },
  'logps/rejected': { label: 'Log-probability, rejected', unit: 'nats/completion' },
  'eval_dpo/loss': { label: 'Held-out DPO loss', unit: 'nats/pair', of: 'eval/heldOut' },
  'eval_rewards/margins': { label: 'Held-out margin', unit: 'score', of: 'eval/heldOut' },
  'eval_rewards/accuracies': {
    label: 'Held-out implied accuracy',
    unit: 'share',
    healthy: [0.6, 1],
    of: 'eval/heldOut',
  },
  'eval_logps/chosen': { label: 'Held-out log-probability, chosen', unit: 'nats/completion', of: 'eval/heldOut' },
  'eval_logps/rejected': { label: 'Held-out log-probability, rejected', unit: 'nats/completion', of: 'eval/heldOut' },
  'objective/scores': { label: 'Reward (paid)', unit: 'score' },
  'gold/score': { label: 'Gold reward', unit: 'score' },
  'gold/winRate': { label: 'Win rate', unit: 'share', healthy: [0.6, 1], of: 'completion/count' },
  'objective/kl': { label: 'KL from the reference', unit: 'nats/completion', healthy: [0, 10] },
  'objective/klExact': { label: 'Exact KL', unit: 'nats/completion', healthy: [0, 10] },
  'objective/kl_coef': { label: 'KL coefficient', unit: '' },
  'objective/non_score_reward': { label: 'KL penalty', unit: 'score' },
  'objective/rlhf_reward': { label: 'Reward minus KL', unit: 'score' },
  'objective/entropy': { label: 'Surprise of a completion', unit: 'nats/completion' },
  'policy/entropy_avg': { label: 'Entropy', unit: 'nats/token', healthy: [0.3, 1.5] },
  'policy/approxkl_avg': { label: 'Policy step', unit: 'nats/token', healthy: [0, 0.1] },
  'policy/clipfrac_avg': { label: 'Clip fraction', unit: 'share', healthy: [0, 0.2] },
  'loss/policy_avg': { label: 'Policy loss', unit: '' },
  'loss/value_avg': { label: 'Value loss', unit: '' },
  'val/clipfrac_avg': { label: 'Value clip fraction', unit: 'share' },
  'loss/kl_avg': { label: 'KL term of the loss', unit: 'nats/token' },
  'loss/ptx_avg': { label: 'Loss on the corpus', unit: 'nats/token' },
  'objective/frac_reward_zero_std': { label: 'Groups without a winner', unit: 'share', healthy: [0, 0.5] },
  'val/ratio': { label: 'Ratio', unit: '', healthy: [0.8, 1.2] },
  'val/explained_var': { label: 'Explained variance', unit: 'share', healthy: [0, 1] },
  'val/num_eos_tokens': { label: 'Finished', unit: 'share', healthy: [0.9, 1], of: 'completion/count' },
  'completion/count': { label: 'Completions', unit: 'count' },
  'completion/length': { label: 'Completion length', unit: 'tokens' },
  'completion/distinct': { label: 'Distinct', unit: 'share', healthy: [0.5, 1] },
  'completion/distinct2': { label: 'Distinct token pairs', unit: 'share', healthy: [0.15, 1] },
  'completion/duplicates': { label: 'Duplicates', unit: 'share', healthy: [0, 0.5] },
  'completion/grammatical': { label: 'Grammatical', unit: 'share', healthy: [0.8, 1], of: 'completion/count' },
  'axis/kl': { label: 'Distance', unit: 'nats/completion', healthy: [0, 10] },
  'axis/score': { label: 'Score', unit: 'score' },
  'axis/gold': { label: 'Gold', unit: 'score' },
  'val/skipped': { label: 'Skipped minibatches', unit: 'count', healthy: [0, 0] },
} as const satisfies Record<string, Label>;

export type MetricId = keyof typeof LABELS;
/** One row of numbers; a metric that was not measured at this step is absent. */
export type MetricValues = Partial<Record<MetricId, number>>;

export const isMetricId = (id: string): id is MetricId => Object.hasOwn(LABELS, id);

/** @returns the metric that counts the cases this one rests on; null where that is not counted */
export const casesOf = (id: MetricId): MetricId | null => (LABELS[id] as Label).of ?? null;

/** by a rater; of the visitor's own text by their own alone */
export const OF_A_RATER: ReadonlySet<MetricId> = new Set<MetricId>(['gold/score', 'gold/winRate', 'axis/gold']);

/**
 * what only the grammar of the stories can compute, or only texts with an end of their own: the visitor's own text
 * never has it
 */
export const OF_THE_GRAMMAR: ReadonlySet<MetricId> = new Set<MetricId>([
  'eval/grammatical',
  'eval/coherent',
  'eval/analogies',
  'eval/aboveFloor',
  'eval/wishShare',
  'completion/grammatical',
  'val/num_eos_tokens',
]);
