/** What is said of the chosen reward: its scale, what β is then for, and what the gold curve still tells. */
import { asksGold, asksModel, asksRule, type RewardChoice } from '../../../contract/settings/whichReward';

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
  if (asksModel(choice))
    return `Reward = (1 − w) · score + w · rule. Scores have mean 0 and deviation 1 over texts of the base model. ${scale}`;
  const without = 'Nothing is normalised, and no reward model is asked.';
  return `${scale} ${without} ${isGold ? SAME : LEASH_MAY_GO}`;
}

const LEASH_MAY_GO =
  'It pays for what it checks wherever the policy goes, so β may go to 0; what it does not check is then held by nothing.';

/** who judges, at the start of a sentence or within one */
export const payerOf = (choice: RewardChoice): string =>
  asksRule(choice) ? (asksModel(choice) ? 'the mix of reward model and rule' : 'the rule') : 'the reward model';
