/**
 * Which reward: from the texts of a batch to one number each. A reward model reads tokens on the device; a rule reads
 * words here. Whoever pays by a rule alone needs no reward model and never asks for one.
 */
import { LabError } from '../../contract/errors';
import type { Rater } from '../../contract/preferences';
import { asksModel, asksRule, type RewardChoice } from '../../contract/settings/whichReward';
import { mixedReward } from '../losses/mixedReward';
import type { Corpus } from '../text/corpus';
import { ruleReward } from '../text/rules';
import type { Completion } from './texts';

export interface RewardInputs {
  corpus: Corpus;
  /** whose gold score a rule may pay */
  rater: Rater;
  config: RewardChoice;
}

/** @throws LabError('run/missingInput') on text of which the rule cannot tell */
export function ruleRewards({ corpus, rater, config }: RewardInputs, texts: readonly Completion[]): number[] {
  return texts.map((text) => {
    const reward = ruleReward(corpus, rater, config, text);
    if (reward === null)
      throw new LabError(
        'run/missingInput',
        'This rule reads the grammar of the stories: choose another for your own text.',
      );
    return reward;
  });
}

/**
 * One reward per text.
 * @param scores asks the reward model; not called where a rule alone pays
 */
export async function rewardsOf(
  inputs: RewardInputs,
  texts: readonly Completion[],
  scores: () => Promise<ArrayLike<number>>,
): Promise<number[]> {
  const { config } = inputs;
  if (!asksRule(config)) return Array.from(await scores());
  const rule = ruleRewards(inputs, texts);
  if (!asksModel(config)) return rule;
  return Array.from(await scores(), (score, i) => mixedReward(score, rule[i]!, config.ruleWeight));
}
