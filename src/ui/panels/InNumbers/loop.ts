/** The loop of PPO as it is read: the numbers are those of the steps in core/train/ppo.ts. */
import type { PpoConfig } from '../../../contract/config';
import type { FormulaId } from '../../../contract/formulas';

export interface LoopLine {
  phase: number;
  code: string;
  formula: FormulaId;
}
export interface LoopPart {
  name: string;
  lines: readonly LoopLine[];
}

const CLIPPED = 'ρ = exp(new − old)\nL = max(−A·ρ,\n  −A·clip(ρ, 1 ± ε))';

const OF_GROUPS: Record<Exclude<PpoConfig['advantages'], 'gae'>, string> = {
  rloo: 'A = R − mean of the others',
  grpo: 'A = (R − mean) ÷ spread of the group',
};

const rewardLine = ({ klPlacement }: PpoConfig): string =>
  klPlacement === 'reward' ? 'r = −β·kl, + score at the end' : 'r = score at the end';
const lossLine = ({ klPlacement }: PpoConfig): string => (klPlacement === 'loss' ? `${CLIPPED}\n  + β·kl` : CLIPPED);

function advantageLine(config: PpoConfig): LoopLine {
  const whitened = config.whitenAdvantages ? ', whitened' : '';
  if (config.advantages === 'gae') return { phase: 6, code: `A = GAE(r, V)${whitened}`, formula: 'gae' };
  return { phase: 6, code: `${OF_GROUPS[config.advantages]}${whitened}`, formula: config.advantages };
}

/** who pays, as it is called, and the formula of what is paid */
const PAYERS = {
  model: { code: 'the reward model scores', formula: 'score' },
  rule: { code: 'a rule pays', formula: 'rule' },
  mix: { code: 'reward model and rule pay', formula: 'mix' },
} as const satisfies Record<PpoConfig['rewardFrom'], { code: string; formula: FormulaId }>;

/** @returns of the number that a text earns at its end */
export const payerOf = ({ rewardFrom }: Pick<PpoConfig, 'rewardFrom'>) => PAYERS[rewardFrom];

/** @returns the pseudo-code of a run with these settings, a phase a line */
export const loopOf = (config: PpoConfig): readonly LoopPart[] => [
  { name: 'Rollout', lines: [{ phase: 1, code: 'the policy writes', formula: 'logprob' }] },
  {
    name: 'Evaluation',
    lines: [
      { phase: 2, code: 'the reference reads', formula: 'logprob' },
      { phase: 3, ...payerOf(config) },
      {
        phase: 4,
        code: config.advantages === 'gae' ? 'the critic values' : 'no critic: texts of one prompt compete',
        formula: config.advantages === 'gae' ? 'value' : config.advantages,
      },
      { phase: 5, code: rewardLine(config), formula: 'reward' },
      advantageLine(config),
    ],
  },
  {
    name: 'Optimisation',
    lines: [
      { phase: 7, code: lossLine(config), formula: 'ppo' },
      {
        phase: 8,
        code: config.klControl === 'adaptive' ? 'adapt β' : 'adapt β: off here',
        formula: 'adaptiveKl',
      },
    ],
  },
];

export const PHASES = 8;
/** the phase that every epoch goes through again */
export const LEARNING = 7;

export interface Place {
  phase: number;
  epoch: number;
}
/** @returns where the loop goes next: the update once an epoch, and after the last line a new iteration */
export function nextPlace({ phase, epoch }: Place, epochs: number): Place {
  if (phase === LEARNING && epoch < epochs - 1) return { phase, epoch: epoch + 1 };
  return phase < PHASES ? { phase: phase + 1, epoch: phase + 1 < LEARNING ? 0 : epoch } : { phase: 1, epoch: 0 };
}

export function placeBefore({ phase, epoch }: Place, epochs: number): Place {
  if (phase === LEARNING && epoch > 0) return { phase, epoch: epoch - 1 };
  if (phase === PHASES) return { phase: LEARNING, epoch: epochs - 1 };
  return { phase: Math.max(1, phase - 1), epoch: 0 };
}
