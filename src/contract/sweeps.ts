/**
 * One setting at three values: what a class turns first when it asks what a setting does. Each value is a run of its
 * own; models, votes, seed and every other setting are the visitor's.
 */
import type { DpoConfig, PpoConfig } from './config';
import type { SweepName } from './domain';

interface SweepOf<Kind extends 'ppo' | 'dpo', Config> {
  kind: Kind;
  label: string;
  /** of one run, before its value */
  symbol: string;
  /** what to look for, in a sentence or two */
  meaning: string;
  values: readonly [number, number, number];
  /** what differs from the visitor's settings */
  changes: (value: number) => Partial<Config>;
}

export type Sweep = SweepOf<'ppo', PpoConfig> | SweepOf<'dpo', DpoConfig>;

const BETAS = [0.03, 0.1, 0.5] as const;

export const SWEEPS = {
  ppoBeta: {
    kind: 'ppo',
    label: 'β of PPO',
    symbol: 'β',
    meaning:
      'The price of distance in the reward: what is cheap is gone, what is dear holds the policy where it began.',
    values: BETAS,
    changes: (klCoef) => ({ klCoef, klControl: 'fixed' }),
  },
  dpoBeta: {
    kind: 'dpo',
    label: 'β of DPO',
    symbol: 'β',
    meaning: 'The same price within a loss: with a small β a vote has to be paid for by a long way.',
    values: BETAS,
    changes: (beta) => ({ beta }),
  },
  rewardTimes: {
    kind: 'ppo',
    label: 'Reward times',
    symbol: 'reward ×',
    meaning:
      'The same reward in other units, neither rewards nor advantages whitened. Adam forgives the size of a gradient; what is left is the weight against β: ten times the reward acts much like a tenth of β.',
    values: [0.1, 1, 10],
    changes: (rewardScale) => ({ rewardScale, whitenAdvantages: false, whitenRewards: false }),
  },
  epochs: {
    kind: 'ppo',
    label: 'Epochs of PPO',
    symbol: 'epochs',
    meaning:
      'Passes over the same rollouts: more are learned from sooner, until the texts are no longer the policy’s own and the clip is all that holds it.',
    values: [1, 4, 16],
    changes: (epochs) => ({ epochs }),
  },
} as const satisfies Record<SweepName, Sweep>;

export const sweepOf = (name: SweepName): Sweep => SWEEPS[name];
