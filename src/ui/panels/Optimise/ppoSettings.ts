import type { PpoConfig } from '../../../contract/config';
import type { SettingsGroup } from '../settings/setting';

/** Everything about PPO except the two live knobs, which stay in sight. Ranges are wide on purpose: breaking it is a lesson too. */
export const PPO_SETTINGS: readonly SettingsGroup<PpoConfig>[] = [
  {
    title: 'Rollouts',
    settings: [
      { kind: 'number', key: 'iterations', label: 'Iterations', min: 1, max: 1000, integer: true, hint: 'rounds of write, judge, learn' },
      {
        kind: 'number',
        key: 'rollouts',
        label: 'Rollouts each iteration',
        min: 2,
        max: 512,
        integer: true,
        hint: 'more is steadier and slower',
      },
      { kind: 'number', key: 'completionLength', label: 'Longest completion', min: 1, max: 128, integer: true, hint: 'tokens' },
      {
        kind: 'number',
        key: 'temperature',
        label: 'Temperature',
        min: 0.1,
        max: 2,
        hint: 'the same in sampling and in every log-probability',
      },
      {
        kind: 'number',
        key: 'missingEosPenalty',
        label: 'Unfinished text costs',
        min: 0,
        max: 10,
        hint: 'subtracted from the score when <eos> is missing',
      },
    ],
  },
  {
    title: 'Policy update',
    settings: [
      { kind: 'number', key: 'epochs', label: 'Epochs', min: 1, max: 16, integer: true, hint: 'passes over each batch of rollouts' },
      { kind: 'number', key: 'minibatches', label: 'Minibatches', min: 1, max: 64, integer: true, hint: 'updates per epoch' },
      {
        kind: 'number',
        key: 'clipRange',
        label: 'Clip range',
        symbol: 'ε',
        min: 0.01,
        max: 1,
        hint: 'how far a token may move in one iteration',
      },
      {
        kind: 'choice',
        key: 'schedule',
        label: 'Learning rate schedule',
        options: [
          { value: 'linear', label: 'linear to 0' },
          { value: 'constant', label: 'constant' },
        ],
        hint: 'constant suits experiments with the leash',
      },
      { kind: 'number', key: 'maxRatio', label: 'Skip a minibatch above ratio', min: 1, max: 1000, hint: 'the valve of TRL 0.7' },
      { kind: 'number', key: 'earlyStopKl', label: 'End epochs above step', min: 0, max: 10, hint: 'nats in one iteration; 0 is off' },
    ],
  },
  {
    title: 'Leash',
    settings: [
      {
        kind: 'choice',
        key: 'klEstimator',
        label: 'KL estimator',
        options: [
          { value: 'k1', label: 'k1: log-ratio' },
          { value: 'k2', label: 'k2: squared, halved' },
          { value: 'k3', label: 'k3: never negative' },
        ],
        hint: 'what is subtracted from the reward',
      },
      {
        kind: 'choice',
        key: 'klControl',
        label: 'KL control',
        options: [
          { value: 'fixed', label: 'fixed coefficient' },
          { value: 'adaptive', label: 'adaptive towards a target' },
        ],
      },
      { kind: 'number', key: 'klTarget', label: 'KL target', min: 0.1, max: 100, hint: 'nats per completion, adaptive only' },
      { kind: 'number', key: 'klHorizon', label: 'KL horizon', min: 1, max: 100_000, hint: 'completions, adaptive only' },
      { kind: 'number', key: 'klCeiling', label: 'Stop above KL', min: 0, max: 10_000, hint: 'nats per completion; 0 is off' },
    ],
  },
  {
    title: 'Critic and advantages',
    settings: [
      {
        kind: 'choice',
        key: 'valueModel',
        label: 'Value model',
        options: [
          { value: 'separate', label: 'its own, from the reward model' },
          { value: 'shared', label: 'a head on the policy' },
        ],
      },
      { kind: 'number', key: 'valueCoef', label: 'Value loss weight', min: 0, max: 10, hint: '0.1 in lm-human-preferences' },
      { kind: 'number', key: 'clipRangeValue', label: 'Value clip range', min: 0.01, max: 10 },
      { kind: 'number', key: 'gamma', label: 'Discount', symbol: 'γ', min: 0, max: 1, hint: '1: a text is judged as a whole' },
      { kind: 'number', key: 'lam', label: 'GAE', symbol: 'λ', min: 0, max: 1, hint: '1 trusts outcomes, 0 trusts the critic' },
      { kind: 'switch', key: 'whitenRewards', label: 'Whiten rewards' },
    ],
  },
];
