import type { Explanation } from './explanation';

/** What the numbers of learning from pairs mean: reward model and DPO. */
export const PREFERENCES = {
  'reward/loss': {
    formula: '−mean log σ(r_chosen − r_rejected); the pairs of a ranking are averaged first',
    meaning: 'Bradley–Terry loss: ln 2 is guessing, 0 is certainty.',
    source: { file: 'core/losses/rankingLoss.ts', symbol: 'rankingLoss' },
  },
  'reward/accuracy': {
    formula: 'share of held-out pairs with r_chosen > r_rejected',
    meaning: 'How often the reward model sides with the rater on pairs it never saw.',
    source: { file: 'core/train/rewardReview.ts', symbol: 'reviewRewardModel' },
  },
  'reward/trainAccuracy': {
    formula: 'share of the batch with r_chosen > r_rejected',
    meaning: 'The same on pairs it learns from; far above the held-out one is memorising.',
    source: { file: 'core/losses/rankingLoss.ts', symbol: 'rankingLoss' },
  },
  'reward/margin': {
    formula: 'mean (r_chosen − r_rejected)',
    meaning: 'How far apart the model puts the two sides.',
    source: { file: 'core/losses/rankingLoss.ts', symbol: 'rankingLoss' },
  },
  'dpo/loss': {
    formula: '−mean log σ(rewards/margins), for IPO mean (h − 1/(2β))², plus α · nll_loss',
    meaning:
      'ln 2 at the start, when policy and reference agree; it falls on, long after the texts have stopped getting better.',
    source: { file: 'core/losses/dpoLoss.ts', symbol: 'dpoLosses' },
  },
  'dpo/nll_loss': {
    formula: '−mean log π(token of the chosen side)',
    meaning: 'The fine-tuning term that holds the chosen texts likely.',
    source: { file: 'core/train/dpo.ts', symbol: 'chosenSurprise' },
  },
  'rewards/chosen': {
    formula: 'mean β (log π − log π_ref) of the chosen side',
    meaning:
      'What the policy itself would pay for the preferred text. It may fall below 0: only the difference counts.',
    source: { file: 'core/losses/dpoLoss.ts', symbol: 'impliedRewards' },
  },
  'rewards/rejected': {
    formula: 'mean β (log π − log π_ref) of the rejected side',
    meaning: 'The same for the other text; it should fall faster.',
    source: { file: 'core/losses/dpoLoss.ts', symbol: 'impliedRewards' },
  },
  'rewards/margins': {
    formula: 'mean (reward of chosen − reward of rejected)',
    meaning: 'How far apart the policy puts the two sides.',
    source: { file: 'core/train/dpo.ts', symbol: 'statistics' },
  },
  'rewards/accuracies': {
    formula: 'share of the batch with reward of chosen > reward of rejected',
    meaning: 'How often the policy sides with the rater on pairs it learns from.',
    source: { file: 'core/losses/preferenceLoss.ts', symbol: 'preferenceAccuracy' },
  },
  'logps/chosen': {
    formula: 'mean Σ_t log π(token) of the chosen side',
    meaning: 'Nothing holds it up: with the rejected one it sinks when the policy moves too far.',
    source: { file: 'core/train/pairLogps.ts', symbol: 'summedLogps' },
  },
  'logps/rejected': {
    formula: 'mean Σ_t log π(token) of the rejected side',
    meaning: 'How likely the policy finds the text that lost.',
    source: { file: 'core/train/pairLogps.ts', symbol: 'summedLogps' },
  },
  'eval_dpo/loss': {
    formula: 'the preference part of the loss on held-out pairs',
    meaning: 'When it rises while the training loss falls, the votes are being memorised.',
    source: { file: 'core/train/dpo.ts', symbol: 'heldOutMetrics' },
  },
  'eval_rewards/margins': {
    formula: 'rewards/margins on held-out pairs',
    meaning: 'The margin on pairs it never saw.',
    source: { file: 'core/train/dpo.ts', symbol: 'heldOutMetrics' },
  },
  'eval_rewards/accuracies': {
    formula: 'rewards/accuracies on held-out pairs',
    meaning: 'How often the policy sides with the rater on pairs it never saw.',
    source: { file: 'core/train/dpo.ts', symbol: 'heldOutMetrics' },
  },
  'eval_logps/chosen': {
    formula: 'logps/chosen on held-out pairs',
    meaning: 'Always the same texts, so its drift is the policy’s.',
    source: { file: 'core/train/dpo.ts', symbol: 'heldOutMetrics' },
  },
  'eval_logps/rejected': {
    formula: 'logps/rejected on held-out pairs',
    meaning: 'Always the same texts, so its drift is the policy’s.',
    source: { file: 'core/train/dpo.ts', symbol: 'heldOutMetrics' },
  },
} as const satisfies Record<string, Explanation>;
