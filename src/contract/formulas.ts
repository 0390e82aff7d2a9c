/**
 * Every formula that the page and the page of methods (core/train/README.md) show, once: how it is written, the
 * function that trains by it, where it comes from. π is the policy, π_ref the model that it started from, r the reward
 * model.
 */
import type { Source } from './explanations/explanation';
import type { PaperId } from './papers';

export interface Formula {
  /** as the page names it */
  name: string;
  /** one line of text */
  notation: string;
  source: Source;
  /** none where no paper defines it */
  papers: readonly PaperId[];
}

export const FORMULAS = {
  entropy: {
    name: 'Exact entropy',
    notation: 'H = −Σ p(story) log p(story), per token',
    source: { file: 'core/text/entropy.ts', symbol: 'storyEntropy' },
    papers: ['shannon'],
  },
  fineTuning: {
    name: 'Fine-tuning',
    notation: 'L = −mean log π(token)',
    source: { file: 'core/losses/crossEntropy.ts', symbol: 'crossEntropy' },
    papers: ['ouyang'],
  },
  completionLoss: {
    name: 'Loss of the completion',
    notation: 'L = −mean log p( completion token | everything before it )',
    source: { file: 'core/train/fineTune.ts', symbol: 'demonstrationLoss' },
    papers: ['ouyang'],
  },
  mask: {
    name: 'The mask',
    notation: 'L = Σ mask · (−log p) ÷ Σ mask',
    source: { file: 'core/tensor/masked.ts', symbol: 'maskedMean' },
    papers: [],
  },
  taste: {
    name: 'The rule behind your votes',
    notation: 'P(you choose A) = σ( w · (attributes of A − attributes of B) )',
    source: { file: 'core/text/ridgeLogistic.ts', symbol: 'fitRidgeLogistic' },
    papers: ['bradleyTerry'],
  },
  pair: {
    name: 'Loss of a pair',
    notation: 'L = −log σ( r_chosen − r_rejected )',
    source: { file: 'core/losses/preferenceLoss.ts', symbol: 'pairLosses' },
    papers: ['bradleyTerry', 'christiano'],
  },
  ranking: {
    name: 'Loss of a ranking',
    notation: 'L = mean over its pairs of −log σ( r(better) − r(worse) − margin )',
    source: { file: 'core/losses/rankingLoss.ts', symbol: 'rankingLoss' },
    papers: ['ouyang', 'touvron'],
  },
  rewardModel: {
    name: 'Reward model',
    notation: 'L = −mean log σ(r(better) − r(worse) − margin)',
    source: { file: 'core/losses/rankingLoss.ts', symbol: 'rankingLoss' },
    papers: ['bradleyTerry', 'ouyang', 'touvron'],
  },
  score: {
    name: 'Score of a text',
    notation: 'score = (r(text) − mean) ÷ spread, over texts of the base model',
    source: { file: 'core/losses/scoreScale.ts', symbol: 'scoreScale' },
    papers: ['ziegler'],
  },
  rule: {
    name: 'Reward by a rule',
    notation: 'rule = 1 where the check holds, else 0; or the rater’s gold',
    source: { file: 'core/text/rules.ts', symbol: 'ruleReward' },
    papers: ['lambert'],
  },
  mix: {
    name: 'Mixed reward',
    notation: '(1 − w) · score + w · rule',
    source: { file: 'core/losses/mixedReward.ts', symbol: 'mixedReward' },
    papers: ['lambert'],
  },
  reward: {
    name: 'Reward of PPO',
    notation: '−β · kl_t at every token, r(text) at the last one',
    source: { file: 'core/losses/rewards.ts', symbol: 'payScores' },
    papers: ['ziegler'],
  },
  logprob: {
    name: 'Log-probability of a token',
    notation: 'log π(a) = logit_a/T − log Σ_v exp(logit_v/T)',
    source: { file: 'core/model/ops/tokenLogprobs.ts', symbol: 'tokenLogprobs' },
    papers: ['bengio'],
  },
  klEstimators: {
    name: 'KL from one token',
    notation: 'k1 = d, k2 = d²/2, k3 = e^(−d) − 1 + d, with d = log π(a) − log π_ref(a)',
    source: { file: 'core/losses/kl.ts', symbol: 'klEstimate' },
    papers: ['schulmanKl'],
  },
  exactKl: {
    name: 'Exact KL',
    notation: 'KL = Σ_v π(v) (log π(v) − log π_ref(v))',
    source: { file: 'core/losses/kl.ts', symbol: 'expectedKl' },
    papers: ['schulmanKl'],
  },
  tdError: {
    name: 'Surprise of a step',
    notation: 'δ_t = r_t + γ V_(t+1) − V_t, V = 0 after the last token',
    source: { file: 'core/losses/gae.ts', symbol: 'tdErrors' },
    papers: ['schulmanGae'],
  },
  ratio: {
    name: 'Ratio',
    notation: 'ρ = exp(log π_new(a) − log π_old(a))',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'policyRatio' },
    papers: ['schulmanPpo'],
  },
  adaptiveKl: {
    name: 'Adaptive β',
    notation: 'β ← β · (1 + clip(KL/target − 1, ± 0.2) · texts/horizon)',
    source: { file: 'core/losses/adaptiveKl.ts', symbol: 'nextKlCoef' },
    papers: ['ziegler'],
  },
  gae: {
    name: 'Generalised advantages',
    notation: 'A_t = δ_t + γλ · A_(t+1), δ_t = reward_t + γ V_(t+1) − V_t',
    source: { file: 'core/losses/gae.ts', symbol: 'gae' },
    papers: ['schulmanGae'],
  },
  whitening: {
    name: 'Whitening',
    notation: 'A ← (A − mean A) / √(var A + 1e-8)',
    source: { file: 'core/losses/whiten.ts', symbol: 'whiten' },
    papers: ['huang'],
  },
  ppo: {
    name: 'PPO',
    notation: 'mean max(−A·ρ, −A·clip(ρ, 1 ± ε))',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'policyLoss' },
    papers: ['schulmanPpo'],
  },
  value: {
    name: 'Loss of the value model',
    notation: '½ mean max((V − R)², (clip(V) − R)²)',
    source: { file: 'core/losses/ppoLoss.ts', symbol: 'valueLoss' },
    papers: ['schulmanPpo', 'engstrom'],
  },
  rloo: {
    name: 'RLOO',
    notation: 'A_i = R_i − mean of the others',
    source: { file: 'core/losses/groupAdvantages.ts', symbol: 'groupAdvantages' },
    papers: ['ahmadian'],
  },
  grpo: {
    name: 'GRPO',
    notation: 'A_i = (R_i − mean) / (spread + ε)',
    source: { file: 'core/losses/groupAdvantages.ts', symbol: 'groupAdvantages' },
    papers: ['shao'],
  },
  ptx: {
    name: 'PPO-ptx',
    notation: 'L + c · loss on the corpus',
    source: { file: 'core/train/ppoRelatives.ts', symbol: 'ptxLoss' },
    papers: ['ouyang'],
  },
  dpo: {
    name: 'DPO',
    notation: 'L = −mean log σ(β h)',
    source: { file: 'core/losses/dpoLoss.ts', symbol: 'dpoLosses' },
    papers: ['rafailov'],
  },
  conservativeDpo: {
    name: 'Conservative DPO',
    notation: '(1−s) of it + s of −log σ(−β h)',
    source: { file: 'core/losses/dpoLoss.ts', symbol: 'dpoLosses' },
    papers: ['mitchell'],
  },
  robustDpo: {
    name: 'Robust DPO',
    notation: '((1−s) of it − s of −log σ(−β h)) / (1−2s)',
    source: { file: 'core/losses/dpoLoss.ts', symbol: 'dpoLosses' },
    papers: ['chowdhury'],
  },
  hingeDpo: {
    name: 'Hinge',
    notation: 'max(0, 1 − β h)',
    source: { file: 'core/losses/dpoLoss.ts', symbol: 'dpoLosses' },
    papers: ['zhao'],
  },
  ipo: {
    name: 'IPO',
    notation: '(h − 1/(2β))²',
    source: { file: 'core/losses/dpoLoss.ts', symbol: 'dpoLosses' },
    papers: ['azar'],
  },
  bestOf: {
    name: 'Best of N',
    notation: 'text = argmax r over N samples of π_ref',
    source: { file: 'core/losses/bestOf.ts', symbol: 'bestOfFirst' },
    papers: ['stiennon'],
  },
  bestOfDistance: {
    name: 'The distance of the best of N',
    notation: 'KL ≤ log N − (N − 1)/N',
    source: { file: 'core/losses/bestOf.ts', symbol: 'bestOfKl' },
    papers: ['stiennon', 'beirami'],
  },
  walkProbability: {
    name: 'The probability of a walk',
    notation: 'p(walk) = Π_t π(a_t | s_t) · P(s_(t+1) | s_t, a_t)',
    source: { file: 'core/gridworld/walk.ts', symbol: 'logProbability' },
    papers: ['suttonBarto'],
  },
  return: {
    name: 'Return',
    notation: 'G_t = r_t + γ G_(t+1)',
    source: { file: 'core/gridworld/walk.ts', symbol: 'returnsToGo' },
    papers: ['suttonBarto'],
  },
  policyValue: {
    name: 'The value of a state',
    notation: 'V = r + γ P V, Q(s, a) = Σ P(s′ | s, a) (r + γ V(s′)), A = Q − V',
    source: { file: 'core/gridworld/values.ts', symbol: 'policyValues' },
    papers: ['suttonBarto'],
  },
  valueIteration: {
    name: 'Value iteration',
    notation: 'V ← max_a Σ P(s′ | s, a) (r + γ V(s′))',
    source: { file: 'core/gridworld/valueIteration.ts', symbol: 'sweep' },
    papers: ['bellman'],
  },
  policyGradient: {
    name: 'The exact policy gradient',
    notation: '∂V(start) / ∂logit(s, a) = d(s) · π(a | s) · A(s, a)',
    source: { file: 'core/gridworld/values.ts', symbol: 'policyGradient' },
    papers: ['suttonGradient'],
  },
  reinforce: {
    name: 'REINFORCE',
    notation: 'Σ_t γ^t (G_t − b(s_t)) ∇ log π(a_t | s_t)',
    source: { file: 'core/gridworld/reinforce.ts', symbol: 'reinforceGradient' },
    papers: ['williams'],
  },
  clippedObjective: {
    name: 'The clipped objective',
    notation: 'mean min( ρ · A, clip(ρ, 1 ± ε) · A )',
    source: { file: 'core/gridworld/objective.ts', symbol: 'clippedObjective' },
    papers: ['schulmanPpo'],
  },
} as const satisfies Record<string, Formula>;

export type FormulaId = keyof typeof FORMULAS;
