/** What the scripts are set to, in TRL's words, and where every setting of the lab went. */
import type { LabConfig, OptimizerConfig } from '../../contract/config';
import { SETTING_ROWS } from '../../contract/settings/table';
import { readPath } from '../address';

type Args = Record<string, unknown>;

/** no ratio and no value leaves so wide a range: the engines have no other word for none */
export const UNCLIPPED = 1e9;

/** TRL's names of the lab's losses; conservative DPO and IPO on sums are none of them */
const DPO_LOSSES: Record<LabConfig['dpo']['loss'], string> = {
  ...{ sigmoid: 'sigmoid', sigmoidMean: 'sigmoid_norm', robust: 'robust' },
  ...{ ipo: 'ipo', ipoMean: 'ipo', hinge: 'hinge' },
};
/** a cosine that ends at a tenth, as the lab's does */
const TO_A_TENTH = { lr_scheduler_type: 'cosine_with_min_lr', lr_scheduler_kwargs: { min_lr_rate: 0.1 } };
type Schedule = LabConfig['dpo']['schedule'];
const scheduleOf = (schedule: Schedule) => (schedule === 'cosine' ? TO_A_TENTH : { lr_scheduler_type: schedule });

const adamOf = ({ beta1, beta2, epsilon, weightDecay, maxGradNorm }: OptimizerConfig): Args => ({
  adam_beta1: beta1,
  adam_beta2: beta2,
  adam_epsilon: epsilon,
  weight_decay: weightDecay,
  max_grad_norm: maxGradNorm,
});

/** of the two trainers that write; prompts of a batch come `groupSize` times each */
function onlineArgs({ ppo, seed }: LabConfig, contextLength: number): Args {
  const { rollouts, groupSize, minibatches } = ppo;
  const perUpdate = Math.max(groupSize, Math.floor(rollouts / minibatches / groupSize) * groupSize);
  return {
    ...adamOf(ppo.optimizer),
    ...scheduleOf(ppo.schedule),
    seed,
    learning_rate: ppo.learningRate,
    max_steps: ppo.iterations * ppo.epochs * minibatches,
    per_device_train_batch_size: perUpdate,
    steps_per_generation: minibatches,
    num_generations: groupSize,
    num_iterations: ppo.epochs,
    max_completion_length: Math.min(ppo.completionLength, contextLength - 1), // a prompt is a token at least
    temperature: ppo.temperature,
    epsilon: ppo.clipRange > 0 ? ppo.clipRange : UNCLIPPED,
    beta: ppo.klCoef,
    disable_dropout: true,
  };
}

/** What the scripts have to know of the models beside their folders. */
interface Taken {
  /** folder of the reward model */
  paidBy: string;
  contextLength: number;
  /** whether a text has a token that ends it */
  ends: boolean;
}

/** @returns `settings.json`: of each script its models and the arguments of its trainer */
export function settingsOf(config: LabConfig, { paidBy, contextLength, ends }: Taken) {
  const { finetune, reward, dpo, ppo, seed } = config;
  const max_length = contextLength;
  const paid = {
    model: 'models/policy',
    reward: paidBy,
    reward_scale: ppo.rewardScale,
    missing_eos_penalty: ppo.missingEosPenalty,
  };
  return {
    ends,
    sft: {
      model: 'models/base',
      args: {
        ...adamOf(finetune.optimizer),
        ...TO_A_TENTH,
        seed,
        max_length,
        learning_rate: finetune.learningRate,
        num_train_epochs: finetune.epochs,
        per_device_train_batch_size: finetune.batchSize,
        warmup_steps: finetune.warmupSteps,
        shuffle_dataset: true,
      },
    },
    reward: {
      model: 'models/base',
      args: {
        ...adamOf(reward.optimizer),
        lr_scheduler_type: 'linear',
        seed,
        max_length,
        learning_rate: reward.learningRate,
        ...(reward.steps > 0 ? { max_steps: reward.steps } : { num_train_epochs: 3 }),
        per_device_train_batch_size: reward.batchSize,
        warmup_steps: reward.warmupSteps,
      },
    },
    dpo: {
      model: 'models/policy',
      reference: 'models/base',
      args: {
        ...adamOf(dpo.optimizer),
        ...scheduleOf(dpo.schedule),
        seed,
        max_length,
        learning_rate: dpo.learningRate,
        max_steps: dpo.steps,
        per_device_train_batch_size: dpo.batchSize,
        warmup_steps: dpo.warmupSteps,
        beta: dpo.beta,
        ...(dpo.loss === 'robust' && { label_smoothing: dpo.labelSmoothing }),
        ...(dpo.rpoAlpha > 0
          ? { loss_type: [DPO_LOSSES[dpo.loss], 'sft'], loss_weights: [1, dpo.rpoAlpha] }
          : { loss_type: [DPO_LOSSES[dpo.loss]] }),
      },
    },
    rloo: { ...paid, args: { ...onlineArgs(config, contextLength), normalize_advantages: ppo.whitenAdvantages } },
    grpo: { ...paid, args: { ...onlineArgs(config, contextLength), loss_type: 'dapo', scale_rewards: 'group' } },
  };
}

const OPTIMIZER: Record<string, string> = {
  beta1: '`adam_beta1`',
  beta2: '`adam_beta2`',
  epsilon: '`adam_epsilon`',
  weightDecay: '`weight_decay`; TRL’s acts on all but norms and biases, the lab’s on matrices',
  maxGradNorm: '`max_grad_norm`',
};

/** where each setting went, by its path; under a whole section, that of all its rows */
const WENT: Readonly<Record<string, string>> = {
  preset: 'none: the model is in `models/`',
  seed: '`seed`; the same seed gives other numbers in torch',
  backend: 'none: see `accelerate/`',
  executor: 'none: torch computes',
  model: 'none: the model’s own `config.json` says it',
  'model.contextLength': '`max_length`, and the model’s `n_positions`',
  stories: 'none: their texts are not trained on here',
  text: 'none: the tokenizer is in `models/`',
  pretrain: 'none: the model was pretrained in the lab',
  compare: 'none: votes are given in the lab',
  bestOf: 'none: TRL has no best of N',
  sampling: 'none: it is for looking at texts',
  'finetune.epochs': 'sft `num_train_epochs`',
  'finetune.batchSize': 'sft `per_device_train_batch_size`',
  'finetune.learningRate': 'sft `learning_rate`, a cosine to a tenth: `lr_scheduler_type`',
  'finetune.warmupSteps': 'sft `warmup_steps`',
  'reward.pooling': 'none: transformers reads the last token',
  'reward.steps': 'reward `max_steps`; at 0 three epochs, where the lab chooses by the number of pairs',
  'reward.batchSize': 'reward `per_device_train_batch_size`',
  'reward.learningRate': 'reward `learning_rate`',
  'reward.headLearningRate': 'none: one rate for trunk and score',
  'reward.warmupSteps': 'reward `warmup_steps`',
  'reward.normalizeSamples': 'none: `center_rewards_coefficient` pulls the mean to 0 in the loss instead',
  'reward.strengthMargin': 'the column `margin` of data/preferences.jsonl, already multiplied by it',
  'dpo.loss': 'dpo `loss_type`; TRL’s `ipo` is the lab’s ipoMean, and IPO on sums has none',
  'dpo.beta': 'dpo `beta`',
  'dpo.labelSmoothing': 'dpo `label_smoothing` of `robust`; none in `sigmoid`, where TRL smooths nothing',
  'dpo.rpoAlpha': 'dpo `loss_type` sft with `loss_weights`',
  'dpo.steps': 'dpo `max_steps`',
  'dpo.batchSize': 'dpo `per_device_train_batch_size`',
  'dpo.learningRate': 'dpo `learning_rate`',
  'dpo.schedule': 'dpo `lr_scheduler_type`',
  'dpo.warmupSteps': 'dpo `warmup_steps`',
  'ppo.iterations': 'rloo, grpo `max_steps`: iterations × epochs × minibatches',
  'ppo.rollouts': 'rloo, grpo `per_device_train_batch_size` × `steps_per_generation`; ppo `rollout.batch_size`',
  'ppo.completionLength': 'rloo, grpo `max_completion_length`; ppo `rollout.max_new_tokens`',
  'ppo.temperature': 'rloo, grpo `temperature`; ppo `rollout.temperature`',
  'ppo.rolloutTopK': 'none: these scripts draw from all tokens, as their ratio says',
  'ppo.epochs': 'rloo, grpo `num_iterations`; ppo `train.max_epochs`',
  'ppo.minibatches': 'rloo, grpo `steps_per_generation`; ppo `train.batch_size`',
  'ppo.learningRate': 'rloo, grpo `learning_rate`; ppo `actor.adam.lr`, `critic.adam.lr`',
  'ppo.schedule': 'rloo, grpo `lr_scheduler_type`; ppo `actor.lr_scheduler`',
  'ppo.klCoef':
    'rloo `beta` (k1 of the completion, from the reward); grpo `beta` (k3, in the loss); ppo `algo.kl.init_coef`',
  'ppo.klEstimator': 'rloo k1, grpo k3, neither to be chosen; ppo `algo.kl.estimator`',
  'ppo.klPlacement': 'rloo in the reward, grpo in the loss; ppo `algo.kl.use_loss`',
  'ppo.klControl': 'none in TRL; ppo: adaptive where `algo.kl.target` is given',
  'ppo.klTarget': 'none in TRL; ppo `algo.kl.target`',
  'ppo.klHorizon': 'none in TRL; ppo `algo.kl.horizon`',
  'ppo.advantages': 'rloo.py, grpo.py, or ppo.sh for gae',
  'ppo.groupSize': 'rloo, grpo `num_generations`',
  'ppo.gamma': 'none in TRL; ppo `algo.advantage.gamma`',
  'ppo.lam': 'none in TRL; ppo `algo.advantage.lambd`',
  'ppo.whitenAdvantages': 'rloo `normalize_advantages`; grpo divides by the group’s spread',
  'ppo.clipRange': 'rloo (of a completion), grpo (of a token) `epsilon`; ppo `actor.eps_clip`',
  'ppo.clipRangeValue': 'none in TRL; ppo `critic.value_clip`',
  'ppo.missingEosPenalty': '`missing_eos_penalty` in settings.json, which common.py takes from the score',
  'ppo.entropyCoef': 'grpo has `entropy_coef`, which is left at 0; ppo `actor.entropy_coef`',
  'ppo.valueModel': 'none in TRL; ppo: its own, from the reward model',
  'ppo.rewardFrom': 'none: the reward model pays; a rule is a function in `reward_funcs`',
  'ppo.rewardScale': '`reward_scale` in settings.json',
};

/** of adapters and frozen layers, in every section that has them */
const ADAPTERS: Readonly<Record<string, string>> = {
  loraRank: 'none: these scripts train all weights; TRL takes a `peft_config` with `r`',
  loraAlpha: 'none: `lora_alpha` of a `peft_config`',
  loraStable: 'none: `use_rslora` of a `peft_config`',
  loraTargets: 'none: `target_modules` of a `peft_config`',
  frozenLayers: 'none: `requires_grad_(False)` by hand',
};

/** scripts that are set by a section */
const SCRIPTS_OF: Readonly<Record<string, string>> = {
  finetune: 'sft',
  reward: 'reward',
  dpo: 'dpo',
  ppo: 'rloo, grpo',
};

const PPO_OPTIMIZER: Readonly<Record<string, string>> = {
  ...{ beta1: 'adam.betas', beta2: 'adam.betas', epsilon: 'adam.eps', weightDecay: 'adam.weight_decay' },
  maxGradNorm: 'max_norm',
};
const optimizerWent = (section: string, name: string): string => {
  const [part, ...rest] = (OPTIMIZER[name] ?? 'none').split(';');
  const flag = PPO_OPTIMIZER[name];
  const ppo = section === 'ppo' && flag ? [` ppo \`actor.${flag}\`, \`critic.${flag}\``] : [];
  return [`${SCRIPTS_OF[section]} ${part}`, ...ppo, ...rest].join(';');
};

const wentTo = (path: readonly string[]): string => {
  const [section = '', key = ''] = path;
  if (key === 'optimizer' && section in SCRIPTS_OF) return optimizerWent(section, path[2]!);
  return WENT[path.join('.')] ?? WENT[section] ?? ADAPTERS[key] ?? 'none';
};

/** @returns `SETTINGS.md`: every setting of the lab, what it was, and its argument here */
export function settingsTable(config: LabConfig): string {
  const rows = SETTING_ROWS.map(({ path }) => {
    const name = path.join('.');
    return `| ${name} | ${String(readPath(config, name))} | ${wentTo(path)} |`;
  });
  return [
    '# Every setting of the lab, and its argument here',
    '',
    '`none` where there is none: what it did in the lab does not happen here.',
    '',
    '| setting | in the lab | here |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
