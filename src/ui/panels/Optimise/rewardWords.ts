/** What is said of the chosen reward: its scale, what β is then for, and what the gold curve still tells. */
import { fixed } from '../../../contract/numbers';
import { asksGold, asksModel, asksRule, type RewardChoice, weightsOf } from '../../../contract/settings/whichReward';
import type { LineOf } from '../useChartView';

const AS_IT_IS = {
  gold: 'The rater’s gold score is paid as it is, on its own scale.',
  check: 'The check pays 1 or 0, as it is.',
} as const;

const SAME = 'Reward and gold are then the same number, but for what unfinished texts pay: gold can catch nothing out.';

/** @returns a few sentences; empty where the reward model alone pays */
export function rewardWords(choice: RewardChoice): string {
  if (!asksRule(choice)) return '';
  const isGold = asksGold(choice);
  const scale = AS_IT_IS[isGold ? 'gold' : 'check'];
  if (asksModel(choice)) {
    const { score, rule } = weightsOf(choice);
    return `Reward = (1 − w) · score + w · rule, here ${fixed(score, 2)} · score + ${fixed(rule, 2)} · rule. Scores have mean 0 and deviation 1 over texts of the base model. ${scale}`;
  }
  const without = 'Nothing is normalised, and no reward model is asked.';
  return `${scale} ${without} ${isGold ? SAME : LEASH_MAY_GO}`;
}

const LEASH_MAY_GO =
  'It pays for what it checks wherever the policy goes, so β may go to 0; what it does not check is then held by nothing.';

/** who pays, in a legend */
export const payerName = (choice: RewardChoice): string =>
  asksRule(choice) ? (asksModel(choice) ? 'mix of model and rule' : 'rule') : 'reward model';

/** @returns the lines of a chart, the first of which is what is paid */
export const paidBy = ([paid, ...others]: readonly LineOf[], payer: string): readonly LineOf[] =>
  paid ? [{ ...paid, label: payer }, ...others] : [];

/** who judges, at the start of a sentence or within one */
export const payerOf = (choice: RewardChoice): string =>
  asksRule(choice) ? (asksModel(choice) ? 'the mix of reward model and rule' : 'the rule') : 'the reward model';
