/** Which control helps against what, method by method. */

import type { RunKind } from '../../contract/domain';
import { countOf } from '../../contract/numbers';
import type { Finding, HealthInput, Knob } from './finding';
import { recent } from './series';
import { SHORT_LEASH, TIGHTEST } from './thresholds';

export type Remedy = Pick<Finding, 'knob' | 'advice'>;

const control = (id: Extract<Knob, { control: unknown }>['control'], label: string, advice: string): Remedy => ({
  knob: { control: id, label },
  advice,
});

export const kindOf = ({ kind = 'ppo' }: HealthInput): RunKind => kind;
export const isPpo = (input: HealthInput): boolean => kindOf(input) === 'ppo';

const leash = ({ points }: HealthInput): number => recent(points, 'objective/kl_coef') ?? 0;

export const SLOWER = control(
  'ppo/learningRate',
  'Lower the learning rate',
  'Lower the learning rate, or take fewer epochs.',
);
const LEASH = control('ppo/klCoef', 'Raise the KL coefficient', 'Raise the KL coefficient.');
const TARGET = control('ppo/klTarget', 'Lower the KL target', 'Lower the KL target: β follows it by itself.');

/** an adaptive β is still on its way to where it would hold the policy: another target changes nothing yet */
const isCatchingUp = ({ points, targetKl }: HealthInput): boolean =>
  typeof targetKl === 'number' && (recent(points, 'objective/kl') ?? 0) > targetKl;

const steers = ({ targetKl }: HealthInput): boolean => typeof targetKl === 'number';

function tightenPpo(input: HealthInput): Remedy {
  if (steers(input)) return isCatchingUp(input) ? SLOWER : TARGET;
  return leash(input) < TIGHTEST ? LEASH : SLOWER;
}

/** what else brings a policy of PPO nearer, as the end of a sentence */
const orTighten = (input: HealthInput): string =>
  steers(input) ? 'or lower the KL target.' : 'or raise the KL coefficient.';

/** Against every kind of straying: what keeps this method near its reference. */
export function tighten(input: HealthInput): Remedy {
  switch (kindOf(input)) {
    case 'ppo':
      return tightenPpo(input);
    case 'dpo':
      return control('dpo/beta', 'Raise β', 'Raise β, take fewer steps or a lower rate.');
    case 'bestOf':
      return control(
        'bestOf/n',
        'Choose among fewer',
        input.byRule
          ? 'Choose among fewer: what the rule does not check is left to chance.'
          : 'Choose among fewer: a weak judge is searched for its mistakes.',
      );
    case 'finetune':
      return control(
        'finetune/epochs',
        'Fewer epochs',
        'Train for fewer epochs, or show more and more different texts.',
      );
    case 'pretrain':
      return control('pretrain/learningRate', 'Lower the learning rate', 'Lower the learning rate.');
    case 'reward':
      return vote(input);
  }
}

/** Against a policy that tries nothing any more. */
export const explore = (input: HealthInput): Remedy =>
  isPpo(input)
    ? control('ppo/entropyCoef', 'Add an entropy bonus', `Add an entropy bonus, ${orTighten(input)}`)
    : tighten(input);

/** Against learning by heart. */
export function stopEarlier(input: HealthInput, step: number): Remedy {
  switch (kindOf(input)) {
    case 'dpo':
      return control('dpo/steps', 'Fewer steps', `Take ${countOf(step, 'step')}, or vote more.`);
    case 'finetune':
      return control(
        'finetune/epochs',
        'Fewer epochs',
        'Train for fewer epochs, or show more texts; unless it is told otherwise, the best epoch is kept.',
      );
    case 'pretrain':
      return control('pretrain/steps', 'Fewer steps', `Take ${countOf(step, 'step')}, or give it more text.`);
    default:
      return vote(input);
  }
}

/** Against standing still. */
export const loosen = (input: HealthInput): Remedy =>
  steers(input) && isCatchingUp(input)
    ? control('ppo/klTarget', 'Raise the KL target', 'It is as far as it may go: raise the KL target.')
    : !steers(input) && leash(input) > SHORT_LEASH
      ? control('ppo/klCoef', 'Lower the KL coefficient', 'The leash is short: lower the KL coefficient.')
      : control(
          'ppo/learningRate',
          'Raise the learning rate',
          input.byRule
            ? 'Raise the learning rate.'
            : 'Raise the learning rate, or train a reward model that is more often right.',
        );

export const PAY_FOR_ENDS = (input: HealthInput): Remedy =>
  isPpo(input)
    ? control(
        'ppo/missingEosPenalty',
        'Charge for unfinished texts',
        `Charge more for unfinished texts, ${orTighten(input)}`,
      )
    : tighten(input);

export const HOLD_CHOSEN = control(
  'dpo/rpoAlpha',
  'Turn on the fine-tuning term',
  'The fine-tuning term holds them up.',
);
export const TRAIN_CRITIC = control(
  'ppo/valueCoef',
  'Raise the value loss weight',
  'Give the critic a network of its own or a larger weight, or go without one (RLOO).',
);
/** Against a judge that knows too little: the rule is spoken of only where there is one to switch on. */
export const vote = ({ ruleRests = false }: HealthInput): Remedy => ({
  knob: { stage: 'compare', label: 'Vote on more pairs' },
  advice: ruleRests ? 'Vote on more pairs, or let your rule label some.' : 'Vote on more pairs.',
});
/** what a rule leaves open, the leash holds where the method has one */
const uncheckedWords = (input: HealthInput): string =>
  isPpo(input) ? '; what the rule does not check, the KL coefficient holds.' : `. ${tighten(input).advice}`;
/** Where it is not known whether a fall of gold is a fault: no knob of the method, for it may do as it was told. */
export const readAndVote = (input: HealthInput): Remedy =>
  input.byRule
    ? { knob: tighten(input).knob, advice: `Read before and after${uncheckedWords(input)}` }
    : {
        knob: { stage: 'compare', label: 'Vote on more pairs' },
        advice: 'Read before and after, or vote on more pairs.',
      };
export const OTHER_POOLING: Remedy = {
  knob: { stage: 'reward', label: 'Choose how it reads a text' },
  advice: 'Train a reward model that reads the last token, or vote on pairs of different length.',
};
