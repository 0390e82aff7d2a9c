/** What is said of the chosen reward: its scale, what β is then for, and what the gold curve still tells. */
import { fixed } from '../../../contract/numbers';
import { asksGold, asksModel, asksRule, type RewardChoice, weightsOf } from '../../../contract/settings/whichReward';
import type { LineOf } from '../useChartView';

export interface RewardWords {
  /** in sight */
  short: string;
  /** for who asks */
  more: string;
}

const GOLD = 'The rater’s gold score is paid as it is, on its own scale.';
const CHECK = 'The check pays 1 or 0, as it is.';
const WITHOUT = 'Nothing is normalised, and no reward model is asked.';
const SAME = 'Reward and gold are then the same number: gold can catch nothing out.';
const LEASH_MAY_GO =
  'It pays for what it checks wherever the policy goes, so β may go to 0; what it does not check is then held by nothing.';

/** @returns null where the reward model alone pays */
export function rewardWords(choice: RewardChoice): RewardWords | null {
  if (!asksRule(choice)) return null;
  const scale = asksGold(choice) ? GOLD : CHECK;
  if (asksModel(choice)) {
    const { score, rule } = weightsOf(choice);
    return {
      short: `Reward = ${fixed(score, 2)} · score + ${fixed(rule, 2)} · rule.`,
      more: `Reward = (1 − w) · score + w · rule. Scores have mean 0 and deviation 1 over texts of the base model. ${scale}`,
    };
  }
  return asksGold(choice)
    ? { short: SAME, more: `${scale} ${WITHOUT} What an unfinished text pays is taken off the reward, not off gold.` }
    : { short: 'The check pays 1 or 0; β may go to 0.', more: `${scale} ${WITHOUT} ${LEASH_MAY_GO}` };
}

/** who pays, in a legend */
export const payerName = (choice: RewardChoice): string =>
  asksRule(choice) ? (asksModel(choice) ? 'mix of model and rule' : 'rule') : 'reward model';

/** @returns the lines of a chart, the first of which is what is paid */
export const paidBy = ([paid, ...others]: readonly LineOf[], payer: string): readonly LineOf[] =>
  paid ? [{ ...paid, label: payer }, ...others] : [];

/** who judges, at the start of a sentence or within one */
export const payerOf = (choice: RewardChoice): string =>
  asksRule(choice) ? (asksModel(choice) ? 'the mix of reward model and rule' : 'the rule') : 'the reward model';
