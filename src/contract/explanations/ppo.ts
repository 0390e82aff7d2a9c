import type { Explanation } from './explanation';

/** What the numbers of PPO mean: what it is paid, how far it went, what its clips held back. */
export const PPO = {
  'objective/scores': {
    formula: 'mean score of the reward model, or what a rule pays, or a mix; penalties included',
    meaning:
      'What PPO is paid. Of a reward model 0 is the average text of the base model, 1 one standard deviation better; a rule pays on its own scale.',
    source: { file: 'core/train/ppoReport.ts', symbol: 'objectiveMetrics' },
  },
  'objective/kl': {
    formula: 'mean Σ_t (log π(a_t) − log π_ref(a_t))',
    meaning: 'How far the policy has moved from the model it started as.',
    source: { file: 'core/losses/kl.ts', symbol: 'klEstimate' },
  },
  'objective/klExact': {
    formula: 'mean Σ_t Σ_v π(v) (log π(v) − log π_ref(v))',
    meaning: 'The same distance over the whole vocabulary: never negative, less noise.',
    source: { file: 'core/train/measure.ts', symbol: 'exactKl' },
  },
  'objective/kl_coef': {
    formula: 'β',
    meaning: 'The price of one nat of distance: the leash.',
    source: { file: 'core/losses/adaptiveKl.ts', symbol: 'nextKlCoef' },
  },
  'objective/non_score_reward': {
    formula: '−β · mean Σ_t kl_t',
    meaning: 'What the distance costs, already negative.',
    source: { file: 'core/train/ppoReport.ts', symbol: 'objectiveMetrics' },
  },
  'objective/rlhf_reward': {
    formula: 'scores + non_score_reward',
    meaning: 'What PPO really maximises.',
    source: { file: 'core/train/ppoReport.ts', symbol: 'objectiveMetrics' },
  },
  'objective/entropy': {
    formula: 'mean Σ_t −log π(a_t)',
    meaning: 'How unpredictable whole completions are.',
    source: { file: 'core/train/ppoReport.ts', symbol: 'objectiveMetrics' },
  },
  'policy/entropy_avg': {
    formula: 'mean H(π(·|state))',
    meaning: 'How many tokens the policy still considers; falling to 0 is mode collapse.',
    source: { file: 'core/model/ops/tokenLogprobs.ts', symbol: 'entropyOf' },
  },
  'policy/approxkl_avg': {
    formula: '½ mean (log π_new − log π_old)²',
    meaning: 'How far one round of optimisation moved the policy.',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'policyStatistics' },
  },
  'policy/clipfrac_avg': {
    formula: 'share of tokens where the clipped loss is the larger one',
    meaning: 'How often PPO held the policy back.',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'policyStatistics' },
  },
  'loss/policy_avg': {
    formula: 'mean max(−A·ratio, −A·clip(ratio, 1±ε))',
    meaning: 'The PPO objective; it is not a measure of progress.',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'policyLoss' },
  },
  'loss/value_avg': {
    formula: '½ mean max((V−R)², (clip(V)−R)²)',
    meaning: 'How wrong the critic is about what a text will still earn.',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'valueLoss' },
  },
  'val/clipfrac_avg': {
    formula: 'share of tokens where the clipped value loss is the larger one',
    meaning: 'How often the critic was held back.',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'valueStatistics' },
  },
  'loss/kl_avg': {
    formula: 'mean k(π, π_ref) over the tokens of the batch, k2 or k3',
    meaning: 'The distance where it is paid in the loss instead of the reward (GRPO).',
    source: { file: 'core/train/ppoRelatives.ts', symbol: 'klInLoss' },
  },
  'loss/ptx_avg': {
    formula: '−mean log π(token) on texts of the corpus',
    meaning: 'What PPO-ptx mixes in: rising, the policy forgets how the corpus is written.',
    source: { file: 'core/train/corpusLoss.ts', symbol: 'corpusLoss' },
  },
  'objective/frac_reward_zero_std': {
    formula: 'share of prompts whose completions all earned the same',
    meaning: 'Such a group teaches nothing: with all completions equal there is no better and no worse.',
    source: { file: 'core/losses/groupAdvantages.ts', symbol: 'groupAdvantages' },
  },
  'val/ratio': {
    formula: 'mean π_new(a) / π_old(a)',
    meaning: '1 before the first update of an iteration; above 10 the minibatch is skipped.',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'policyRatio' },
  },
  'val/explained_var': {
    formula: '1 − mean (V−R)² / var(R)',
    meaning: 'How much of the return the critic foresees: 1 all, 0 none, below 0 worse than a constant.',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'valueStatistics' },
  },
  'val/skipped': {
    formula: 'minibatches with mean ratio above the limit',
    meaning: 'The valve against one bad batch.',
    source: { file: 'core/train/ppoRelatives.ts', symbol: 'gateOf' },
  },
} as const satisfies Record<string, Explanation>;
