/**
 * Every number that the lab shows, once: charts, tooltips, CSV and the glossary beside it read this table.
 * Names are TRL's where TRL has one. Logarithms are natural; sums and means run over real tokens only.
 */
export interface Metric {
  /** what a chart is titled */
  label: string;
  unit: string;
  formula: string;
  /** one sentence for a student */
  meaning: string;
  /** what is usual in a run that goes well */
  healthy?: readonly [number, number];
  /** the metric that counts the cases it rests on; of fewer than ENOUGH_CASES no curve is drawn */
  of?: 'eval/heldOut' | 'completion/count';
}

export const METRICS = {
  'train/loss': {
    label: 'Training loss',
    unit: 'nats/token',
    formula: '−mean log p(token)',
    meaning: 'How surprised the model is by the next token of the texts it learns from.',
  },
  'eval/loss': {
    label: 'Held-out loss',
    unit: 'nats/token',
    formula: '−mean log p(token) on held-out text',
    meaning: 'The same surprise on texts it never saw; a growing gap to the training loss is memorising.',
    of: 'eval/heldOut',
  },
  'eval/heldOut': {
    label: 'Held out',
    unit: 'count',
    formula: 'pairs or demonstrations kept from training',
    meaning: 'What the held-out numbers rest on: fewer than ten say too little for a curve.',
  },
  'eval/aboveFloor': {
    label: 'Above the floor',
    unit: 'nats/token',
    formula: 'held-out loss − entropy of the grammar',
    meaning: 'No model can go below the exact entropy of the grammar; this is what is left to learn.',
    healthy: [0, 0.12],
  },
  'eval/grammatical': {
    label: 'Grammatical',
    unit: 'share',
    formula: 'share of samples that parse',
    meaning: 'How many freshly written stories the grammar itself could have written.',
    healthy: [0.9, 1],
  },
  'eval/coherent': {
    label: 'Coherent',
    unit: 'share',
    formula: 'share of samples that parse and agree with their prompt',
    meaning: 'How many stories also keep object, pronoun and number as the prompt set them.',
    healthy: [0.7, 1],
  },
  'eval/wishShare': {
    label: 'Wish granted',
    unit: 'share',
    formula: 'share of fresh texts that are as the demonstrations were wished to be',
    meaning: 'How often the model writes what it was shown, without being asked.',
    of: 'completion/count',
  },
  'train/epoch': {
    label: 'Epoch',
    unit: 'epochs',
    formula: 'steps ÷ steps of one pass over the demonstrations',
    meaning: 'How often every demonstration has been read; after a few times the model knows them by heart.',
  },
  'train/keptEpoch': {
    label: 'Kept epoch',
    unit: 'epochs',
    formula: 'the epoch whose model was selected',
    meaning: 'When it is not the last one, the epochs after it were memorising.',
  },
  'train/rulePairs': {
    label: 'Pairs by the rule',
    unit: 'count',
    formula: 'pairs labelled by the rule inferred from the votes',
    meaning: 'Nobody chose these: they are right as far as the rule is.',
  },
  'train/lr': {
    label: 'Learning rate',
    unit: '',
    formula: 'schedule(step)',
    meaning: 'How far one step moves the weights.',
  },
  'train/gradNorm': {
    label: 'Gradient norm',
    unit: '',
    formula: '‖∇‖₂ over all weights, before clipping',
    meaning: 'How steep the loss is; steps above the limit are shortened to it.',
  },
  'perf/stepMs': {
    label: 'Step time',
    unit: 'ms',
    formula: 'wall time between finished steps',
    meaning: 'How long one step took on this machine.',
  },
  'perf/tokensPerSecond': {
    label: 'Tokens per second',
    unit: 'tokens/s',
    formula: 'tokens of finished steps ÷ wall time',
    meaning: 'Training speed.',
  },
  'perf/dispatches': {
    label: 'Dispatches',
    unit: 'count',
    formula: 'kernels that the graphics card was asked to run in one step',
    meaning: 'Each one costs some JavaScript and some waiting, however small its work. Only on WebGPU.',
  },
  'perf/jsMs': {
    label: 'JavaScript',
    unit: 'ms',
    formula: 'time of one step − waiting for the graphics card',
    meaning: 'What this thread itself had to do: make batches, record work, submit it. Only on WebGPU.',
  },
  'perf/gpuMs': {
    label: 'Graphics card',
    unit: 'ms',
    formula: 'Σ over compute passes of one step (end − begin), by the clock of the card',
    meaning: 'How long the card really worked. Looked at twice a second, where the browser allows it.',
  },
  'reward/loss': {
    label: 'Reward model loss',
    unit: 'nats/pair',
    formula: '−mean log σ(r_chosen − r_rejected); the pairs of a ranking are averaged first',
    meaning: 'Bradley–Terry loss: ln 2 is guessing, 0 is certainty.',
    healthy: [0, 0.69],
  },
  'reward/accuracy': {
    label: 'Held-out accuracy',
    unit: 'share',
    formula: 'share of held-out pairs with r_chosen > r_rejected',
    meaning: 'How often the reward model sides with the rater on pairs it never saw.',
    healthy: [0.7, 1],
    of: 'eval/heldOut',
  },
  'reward/trainAccuracy': {
    label: 'Training accuracy',
    unit: 'share',
    formula: 'share of the batch with r_chosen > r_rejected',
    meaning: 'The same on pairs it learns from; far above the held-out one is memorising.',
  },
  'reward/margin': {
    label: 'Margin',
    unit: 'score',
    formula: 'mean (r_chosen − r_rejected)',
    meaning: 'How far apart the model puts the two sides.',
  },
  'dpo/loss': {
    label: 'DPO loss',
    unit: 'nats/pair',
    formula: '−mean log σ(rewards/margins), for IPO mean (h − 1/(2β))², plus α · nll_loss',
    meaning: 'ln 2 at the start, when policy and reference agree; it falls on, long after the texts have stopped getting better.',
  },
  'dpo/nll_loss': {
    label: 'Surprise at the chosen',
    unit: 'nats/token',
    formula: '−mean log π(token of the chosen side)',
    meaning: 'The fine-tuning term that holds the chosen texts likely.',
  },
  'rewards/chosen': {
    label: 'Implied reward, chosen',
    unit: 'score',
    formula: 'mean β (log π − log π_ref) of the chosen side',
    meaning: 'What the policy itself would pay for the preferred text. It may fall below 0: only the difference counts.',
  },
  'rewards/rejected': {
    label: 'Implied reward, rejected',
    unit: 'score',
    formula: 'mean β (log π − log π_ref) of the rejected side',
    meaning: 'The same for the other text; it should fall faster.',
  },
  'rewards/margins': {
    label: 'Implied margin',
    unit: 'score',
    formula: 'mean (reward of chosen − reward of rejected)',
    meaning: 'How far apart the policy puts the two sides.',
  },
  'rewards/accuracies': {
    label: 'Implied accuracy',
    unit: 'share',
    formula: 'share of the batch with reward of chosen > reward of rejected',
    meaning: 'How often the policy sides with the rater on pairs it learns from.',
  },
  'logps/chosen': {
    label: 'Log-probability, chosen',
    unit: 'nats/completion',
    formula: 'mean Σ_t log π(token) of the chosen side',
    meaning: 'Nothing holds it up: with the rejected one it sinks when the policy moves too far.',
  },
  'logps/rejected': {
    label: 'Log-probability, rejected',
    unit: 'nats/completion',
    formula: 'mean Σ_t log π(token) of the rejected side',
    meaning: 'How likely the policy finds the text that lost.',
  },
  'eval_dpo/loss': {
    label: 'Held-out DPO loss',
    unit: 'nats/pair',
    formula: 'the preference part of the loss on held-out pairs',
    meaning: 'When it rises while the training loss falls, the votes are being memorised.',
    of: 'eval/heldOut',
  },
  'eval_rewards/margins': {
    label: 'Held-out margin',
    unit: 'score',
    formula: 'rewards/margins on held-out pairs',
    meaning: 'The margin on pairs it never saw.',
    of: 'eval/heldOut',
  },
  'eval_rewards/accuracies': {
    label: 'Held-out implied accuracy',
    unit: 'share',
    formula: 'rewards/accuracies on held-out pairs',
    meaning: 'How often the policy sides with the rater on pairs it never saw.',
    healthy: [0.6, 1],
    of: 'eval/heldOut',
  },
  'eval_logps/chosen': {
    label: 'Held-out log-probability, chosen',
    unit: 'nats/completion',
    formula: 'logps/chosen on held-out pairs',
    meaning: 'Always the same texts, so its drift is the policy’s.',
    of: 'eval/heldOut',
  },
  'eval_logps/rejected': {
    label: 'Held-out log-probability, rejected',
    unit: 'nats/completion',
    formula: 'logps/rejected on held-out pairs',
    meaning: 'Always the same texts, so its drift is the policy’s.',
    of: 'eval/heldOut',
  },
  'objective/scores': {
    label: 'Reward (model)',
    unit: 'score',
    formula: 'mean score of the reward model, penalties included',
    meaning: 'What PPO is paid: 0 is the average text of the base model, 1 one standard deviation better.',
  },
  'gold/score': {
    label: 'Gold reward',
    unit: 'score',
    formula: 'mean score of the rater that the grammar can compute',
    meaning: 'What the chosen rater would like: the truth only where the votes were cast by its taste. PPO never sees it.',
  },
  'gold/winRate': {
    label: 'Win rate',
    unit: 'share',
    formula: 'share of prompts where the policy beats the base by gold score, ties one half',
    meaning: 'How often the gold rater would prefer the new text over the old; what you would prefer only where its taste is yours.',
    healthy: [0.6, 1],
    of: 'completion/count',
  },
  'objective/kl': {
    label: 'KL from the reference',
    unit: 'nats/completion',
    formula: 'mean Σ_t (log π(a_t) − log π_ref(a_t))',
    meaning: 'How far the policy has moved from the model it started as.',
    healthy: [0, 10],
  },
  'objective/klExact': {
    label: 'Exact KL',
    unit: 'nats/completion',
    formula: 'mean Σ_t Σ_v π(v) (log π(v) − log π_ref(v))',
    meaning: 'The same distance over the whole vocabulary: never negative, less noise.',
    healthy: [0, 10],
  },
  'objective/kl_coef': { label: 'KL coefficient', unit: '', formula: 'β', meaning: 'The price of one nat of distance: the leash.' },
  'objective/non_score_reward': {
    label: 'KL penalty',
    unit: 'score',
    formula: '−β · mean Σ_t kl_t',
    meaning: 'What the distance costs, already negative.',
  },
  'objective/rlhf_reward': {
    label: 'Reward minus KL',
    unit: 'score',
    formula: 'scores + non_score_reward',
    meaning: 'What PPO really maximises.',
  },
  'objective/entropy': {
    label: 'Surprise of a completion',
    unit: 'nats/completion',
    formula: 'mean Σ_t −log π(a_t)',
    meaning: 'How unpredictable whole completions are.',
  },
  'policy/entropy_avg': {
    label: 'Entropy',
    unit: 'nats/token',
    formula: 'mean H(π(·|state))',
    meaning: 'How many tokens the policy still considers; falling to 0 is mode collapse.',
    healthy: [0.3, 1.5],
  },
  'policy/approxkl_avg': {
    label: 'Policy step',
    unit: 'nats/token',
    formula: '½ mean (log π_new − log π_old)²',
    meaning: 'How far one round of optimisation moved the policy.',
    healthy: [0, 0.1],
  },
  'policy/clipfrac_avg': {
    label: 'Clip fraction',
    unit: 'share',
    formula: 'share of tokens where the clipped loss is the larger one',
    meaning: 'How often PPO held the policy back.',
    healthy: [0, 0.2],
  },
  'loss/policy_avg': {
    label: 'Policy loss',
    unit: '',
    formula: 'mean max(−A·ratio, −A·clip(ratio, 1±ε))',
    meaning: 'The PPO objective; it is not a measure of progress.',
  },
  'loss/value_avg': {
    label: 'Value loss',
    unit: '',
    formula: '½ mean max((V−R)², (clip(V)−R)²)',
    meaning: 'How wrong the critic is about what a text will still earn.',
  },
  'val/clipfrac_avg': {
    label: 'Value clip fraction',
    unit: 'share',
    formula: 'share of tokens where the clipped value loss is the larger one',
    meaning: 'How often the critic was held back.',
  },
  'loss/kl_avg': {
    label: 'KL term of the loss',
    unit: 'nats/token',
    formula: 'mean k(π, π_ref) over the tokens of the batch, k2 or k3',
    meaning: 'The distance where it is paid in the loss instead of the reward (GRPO).',
  },
  'loss/ptx_avg': {
    label: 'Loss on the corpus',
    unit: 'nats/token',
    formula: '−mean log π(token) on texts of the corpus',
    meaning: 'What PPO-ptx mixes in: rising, the policy forgets how the corpus is written.',
  },
  'objective/frac_reward_zero_std': {
    label: 'Groups without a winner',
    unit: 'share',
    formula: 'share of prompts whose completions all earned the same',
    meaning: 'Such a group teaches nothing: with all completions equal there is no better and no worse.',
    healthy: [0, 0.5],
  },
  'val/ratio': {
    label: 'Ratio',
    unit: '',
    formula: 'mean π_new(a) / π_old(a)',
    meaning: '1 before the first update of an iteration; above 10 the minibatch is skipped.',
    healthy: [0.8, 1.2],
  },
  'val/explained_var': {
    label: 'Explained variance',
    unit: 'share',
    formula: '1 − mean (V−R)² / var(R)',
    meaning: 'How much of the return the critic foresees: 1 all, 0 none, below 0 worse than a constant.',
    healthy: [0, 1],
  },
  'val/num_eos_tokens': {
    label: 'Finished',
    unit: 'share',
    formula: 'share of completions that end with <eos>',
    meaning: 'Unfinished texts cost a penalty.',
    healthy: [0.9, 1],
    of: 'completion/count',
  },
  'completion/count': {
    label: 'Completions',
    unit: 'count',
    formula: 'completions that these numbers are of',
    meaning: 'What shares of texts rest on: fewer than ten say too little for a curve.',
  },
  'completion/length': {
    label: 'Completion length',
    unit: 'tokens',
    formula: 'mean tokens per completion, <eos> included',
    meaning: 'Watch it: longer or shorter is the easiest way to please.',
  },
  'completion/distinct': {
    label: 'Distinct',
    unit: 'share',
    formula: 'different completions ÷ completions',
    meaning: 'Near 0 every prompt gets the same text.',
    healthy: [0.5, 1],
  },
  'completion/distinct2': {
    label: 'Distinct token pairs',
    unit: 'share',
    formula: 'different bigrams ÷ bigrams of all completions',
    meaning: 'Falls when texts share their phrases, even if no two are equal; compares only between equally many texts.',
    healthy: [0.15, 1],
  },
  'completion/duplicates': {
    label: 'Duplicates',
    unit: 'share',
    formula: 'share of completions that another one equals',
    meaning: 'How many texts are somebody else’s text, to the last token.',
    healthy: [0, 0.5],
  },
  'completion/grammatical': {
    label: 'Grammatical',
    unit: 'share',
    formula: 'share of rollouts that parse',
    meaning: 'Readability of what the policy writes; reward models rarely learn it from few votes.',
    healthy: [0.8, 1],
    of: 'completion/count',
  },
  'axis/kl': {
    label: 'Distance',
    unit: 'nats/completion',
    formula: 'mean Σ_t KL(π(·|s_t) ‖ π_ref(·|s_t)) over fresh texts for fixed prompts',
    meaning: 'How far the model stands from the reference, measured the same way for every method.',
    healthy: [0, 10],
  },
  'axis/score': {
    label: 'Score',
    unit: 'score',
    formula: 'mean score of the reward model on the same texts, without penalties',
    meaning: 'How much the reward model likes what the model writes: the proxy.',
  },
  'axis/gold': {
    label: 'Gold',
    unit: 'score',
    formula: 'mean gold score of the same texts',
    meaning: 'How much the gold rater would like them: what the proxy stands for only where the votes were cast by its taste.',
  },
  'val/skipped': {
    label: 'Skipped minibatches',
    unit: 'count',
    formula: 'minibatches with mean ratio above the limit',
    meaning: 'The valve against one bad batch.',
    healthy: [0, 0],
  },
} as const satisfies Record<string, Metric>;

export type MetricId = keyof typeof METRICS;
/** One row of numbers; a metric that was not measured at this step is absent. */
export type MetricValues = Partial<Record<MetricId, number>>;

export const isMetricId = (id: string): id is MetricId => Object.hasOwn(METRICS, id);

/** @returns the metric that counts the cases this one rests on; null where that is not counted */
export const casesOf = (id: MetricId): MetricId | null => (METRICS[id] as Metric).of ?? null;

/** what only the grammar of the stories can compute, or only texts with an end of their own: the visitor's own text never has it */
export const OF_THE_GRAMMAR: ReadonlySet<MetricId> = new Set<MetricId>([
  'gold/score',
  'gold/winRate',
  'axis/gold',
  'eval/grammatical',
  'eval/coherent',
  'eval/aboveFloor',
  'eval/wishShare',
  'completion/grammatical',
  'val/num_eos_tokens',
]);
