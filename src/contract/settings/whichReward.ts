/**
 * Which reward a text earns at its end: a reward model's score, learned from taste; a rule's number, which can be
 * verified; or a mix of both. PPO, RLOO, GRPO and best of N have the same rows.
 */
import { between, choice, integer, number, type Section, SHARE, type Values } from './setting';

/** words that a rule may ask for: of the stories, the last two of most English texts too */
const RULE_WORDS = ['please', 'happy', 'smiled', 'cake', 'fox', 'owl', 'you', 'the'] as const;

const RULES = {
  gold: 'gold score of the rater',
  wellFormed: 'well formed',
  fitting: 'fits its prompt',
  ends: 'ends by itself',
  length: 'length in a band',
  word: 'has a word',
  fresh: 'no pair of words twice',
} as const;

const SINCE = '2026-11-30';

const byRule = ({ rewardFrom }: Section) => rewardFrom !== 'model';
const byLength = (section: Section) => byRule(section) && section.rewardRule === 'length';
const byWord = (section: Section) => byRule(section) && section.rewardRule === 'word';
const mixed = ({ rewardFrom }: Section) => rewardFrom === 'mix';

/** @param prefix of their keys in the address */
export const whichReward = <Prefix extends string>(prefix: Prefix) => ({
  /** learned from votes, verified by a program (Lambert et al. 2024, RLVR), or both */
  rewardFrom: choice({
    default: 'model',
    options: ['model', 'rule', 'mix'],
    label: 'Reward',
    words: 'reward',
    address: `${prefix}Reward`,
    since: { date: SINCE, before: 'model' },
  }),
  /** 'gold' pays what the rater's gold score is; every other check pays 1 or 0 */
  rewardRule: choice({
    default: 'gold',
    options: RULES,
    label: 'Rule',
    words: 'rule',
    address: `${prefix}Rule`,
    since: { date: SINCE, before: 'gold' },
    actsWhen: byRule,
  }),
  ruleLength: integer({
    default: 9,
    ...between(1, 1024),
    label: 'Length aimed at',
    words: 'length aimed at',
    hint: 'words, full stops among them',
    address: `${prefix}RuleLength`,
    since: { date: SINCE, before: 9 },
    actsWhen: byLength,
  }),
  ruleTolerance: integer({
    default: 2,
    ...between(0, 1024),
    label: 'Give or take',
    words: 'length tolerance',
    hint: 'words either way',
    address: `${prefix}RuleTolerance`,
    since: { date: SINCE, before: 2 },
    actsWhen: byLength,
  }),
  ruleWord: choice({
    default: 'please',
    options: RULE_WORDS,
    label: 'Word asked for',
    words: 'word asked for',
    address: `${prefix}RuleWord`,
    since: { date: SINCE, before: 'please' },
    actsWhen: byWord,
  }),
  /** reward = (1 − w) · score + w · rule */
  ruleWeight: number({
    default: 0.5,
    ...SHARE,
    label: 'Weight of the rule',
    symbol: 'w',
    words: 'weight of the rule',
    hint: 'the reward model has the rest',
    slider: { min: 0, max: 1, step: 0.05 },
    address: `${prefix}RuleWeight`,
    since: { date: SINCE, before: 0.5 },
    actsWhen: mixed,
  }),
});

export type RewardRows = ReturnType<typeof whichReward<string>>;
/** The settings that say which reward. */
export type RewardChoice = Values<RewardRows>;

/** In sight, each as long as it acts. */
export const WHICH_REWARD_KEYS = Object.keys(whichReward('')) as (keyof RewardRows)[];

/** What a run or a recipe says of it; those from before there was a choice say nothing. */
type Said = Readonly<Record<string, unknown>>;

/** a reward model is needed */
export const asksModel = ({ rewardFrom }: Said): boolean => rewardFrom !== 'rule';
/** a rule has a say */
export const asksRule = ({ rewardFrom }: Said): boolean => rewardFrom === 'rule' || rewardFrom === 'mix';
/** the rule that has a say is the gold score of a rater */
export const asksGold = (said: Said): boolean => asksRule(said) && said.rewardRule === 'gold';

/** of a mix: what a point of the score and a point of the rule are worth */
export const weightsOf = ({ ruleWeight }: RewardChoice): { score: number; rule: number } => ({
  score: 1 - ruleWeight,
  rule: ruleWeight,
});

/** the rule as the list of rules has it */
export const ruleName = ({ rewardRule }: RewardChoice): string => RULES[rewardRule];

/** @returns the same for two choices that pay every text the same; null where the reward model alone pays */
export function rewardKey(said: Said): string | null {
  if (!asksRule(said)) return null;
  const { rewardFrom, rewardRule, ruleLength, ruleTolerance, ruleWord, ruleWeight } = said;
  return JSON.stringify([
    rewardRule,
    ...(rewardFrom === 'mix' ? [ruleWeight] : []),
    ...(rewardRule === 'length' ? [ruleLength, ruleTolerance] : []),
    ...(rewardRule === 'word' ? [ruleWord] : []),
  ]);
}

/** @returns settings with the reward of another choice */
export const withRewardOf = <Config extends RewardChoice>(config: Config, choice: RewardChoice): Config => ({
  ...config,
  ...Object.fromEntries(WHICH_REWARD_KEYS.map((key) => [key, choice[key]])),
});
