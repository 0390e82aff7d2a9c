/**
 * Where the scripts run: configurations of `accelerate`, and one of OpenRLHF for PPO itself, which TRL has no longer.
 */
import type { LabConfig } from '../../contract/config';
import { UNCLIPPED } from './settings';

const common = (distributed: string, machines: number, processes: number): string => `compute_environment: LOCAL_MACHINE
distributed_type: ${distributed}
machine_rank: 0
main_training_function: main
mixed_precision: 'no'
num_machines: ${machines}
num_processes: ${processes}
rdzv_backend: static
same_network: true
use_cpu: false
`;

const ZERO3 = `${common('DEEPSPEED', 2, 16)}main_process_ip: 10.0.0.1
main_process_port: 29500
deepspeed_config:
  deepspeed_multinode_launcher: standard
  gradient_accumulation_steps: auto
  offload_optimizer_device: none
  offload_param_device: none
  zero3_init_flag: true
  zero3_save_16bit_model: true
  zero_stage: 3
`;

const FSDP2 = `${common('FSDP', 2, 16)}main_process_ip: 10.0.0.1
main_process_port: 29500
fsdp_config:
  fsdp_version: 2
  fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
  fsdp_transformer_layer_cls_to_wrap: GPT2Block
  fsdp_reshard_after_forward: true
  fsdp_cpu_ram_efficient_loading: true
  fsdp_state_dict_type: SHARDED_STATE_DICT
  fsdp_offload_params: false
`;

export const ACCELERATE: Readonly<Record<string, string>> = {
  'accelerate/one-gpu.yaml': common("'NO'", 1, 1),
  'accelerate/one-machine.yaml': common('MULTI_GPU', 1, 8),
  'accelerate/machines-fsdp2.yaml': FSDP2,
  'accelerate/machines-zero3.yaml': ZERO3,
};

/**
 * flags of `openrlhf.cli.train_ppo_ray` 0.11.2, with the lab's values
 * @param reward folder of the model that pays
 * @returns null as the value of one that takes none
 */
export function ppoFlags(
  { ppo, seed }: LabConfig,
  reward: string,
  contextLength: number,
): [flag: string, value: string | number | null][] {
  const { optimizer } = ppo;
  const placed: [string, null][] = ppo.klPlacement === 'loss' ? [['algo.kl.use_loss', null]] : [];
  return [
    ['actor.model_name_or_path', './models/policy'],
    ['critic.model_name_or_path', `./${reward}`],
    ['reward.model_name_or_path', `./${reward}`],
    ['ds.value_head_prefix', 'score'],
    ['data.prompt_dataset', './data/prompts.jsonl'],
    ['data.input_key', 'prompt'],
    ['data.max_len', contextLength],
    ['rollout.max_new_tokens', Math.min(ppo.completionLength, contextLength - 1)],
    ['rollout.batch_size', ppo.rollouts],
    ['rollout.n_samples_per_prompt', 1],
    ['rollout.temperature', ppo.temperature],
    ['rollout.top_p', 1],
    ['train.batch_size', Math.max(1, Math.floor(ppo.rollouts / ppo.minibatches))],
    ['train.max_epochs', ppo.epochs],
    ['train.num_episodes', 1],
    ['train.seed', seed],
    ['actor.eps_clip', ppo.clipRange || UNCLIPPED],
    ['actor.entropy_coef', ppo.entropyCoef],
    ['critic.value_clip', ppo.clipRangeValue || UNCLIPPED],
    ['algo.advantage.estimator', 'gae'],
    ['algo.advantage.gamma', ppo.gamma],
    ['algo.advantage.lambd', ppo.lam],
    ['algo.kl.init_coef', ppo.klCoef],
    ['algo.kl.estimator', ppo.klEstimator === 'exact' ? 'k1' : ppo.klEstimator],
    ...placed,
    ...(ppo.klControl === 'adaptive'
      ? ([
          ['algo.kl.target', ppo.klTarget],
          ['algo.kl.horizon', Math.max(1, Math.round(ppo.klHorizon))],
        ] as [string, number][])
      : []),
    ...(['actor', 'critic'] as const).flatMap((part): [string, string | number][] => [
      [`${part}.adam.lr`, ppo.learningRate],
      [`${part}.adam.betas`, `${optimizer.beta1} ${optimizer.beta2}`],
      [`${part}.adam.eps`, optimizer.epsilon],
      [`${part}.adam.weight_decay`, optimizer.weightDecay],
      [`${part}.lr_scheduler`, ppo.schedule],
      [`${part}.lr_warmup_ratio`, 0],
      [`${part}.max_norm`, optimizer.maxGradNorm],
    ]),
    ['ckpt.output_dir', './out/ppo'],
  ];
}

export const ppoScript = (config: LabConfig, reward: string, contextLength: number): string => `#!/usr/bin/env bash
# PPO itself, with a critic, by OpenRLHF 0.11.2. It was NOT run here: its flags were held against the parser in its
# package. TRL 1.16 has no PPO; of the engines that have one, OpenRLHF takes plain prompts and a reward model with a
# score layer as they are, where verl asks for a chat template and a function of its own.
set -euo pipefail
cd "$(dirname "$0")"
python -m openrlhf.cli.train_ppo_ray \\
${ppoFlags(config, reward, contextLength)
  .map(([flag, value]) => `  --${flag}${value === null ? '' : ` ${value}`} \\`)
  .join('\n')}
  "$@"
`;
