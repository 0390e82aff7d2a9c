import type { Explanation } from './explanation';

/** What the numbers of fresh texts mean: how good they are, and whether they still are texts. */
export const TEXTS = {
  'gold/score': {
    formula: 'mean score of the rater, by the grammar or by what an own one likes',
    meaning:
      'What the chosen rater would like: the truth only where the votes were cast by its taste. PPO never sees it.',
    source: { file: 'core/text/raters.ts', symbol: 'goldScore' },
  },
  'gold/winRate': {
    formula: 'share of prompts where the policy beats the base by gold score, ties one half',
    meaning:
      'How often the gold rater would prefer the new text over the old; what you would prefer only where its taste is yours.',
    source: { file: 'core/train/textHealth.ts', symbol: 'winRate' },
  },
  'val/num_eos_tokens': {
    formula: 'share of completions that end with <eos>',
    meaning: 'Unfinished texts cost a penalty.',
    source: { file: 'core/train/textHealth.ts', symbol: 'textHealth' },
  },
  'completion/count': {
    formula: 'completions that these numbers are of',
    meaning: 'What shares of texts rest on: fewer than ten say too little for a curve.',
    source: { file: 'core/train/texts.ts', symbol: 'decodeRows' },
  },
  'completion/length': {
    formula: 'mean tokens per completion, <eos> included',
    meaning: 'Watch it: longer or shorter is the easiest way to please.',
    source: { file: 'core/train/textHealth.ts', symbol: 'textHealth' },
  },
  'completion/distinct': {
    formula: 'different completions ÷ completions',
    meaning: 'Near 0 every prompt gets the same text.',
    source: { file: 'core/text/diversity.ts', symbol: 'distinctShare' },
  },
  'completion/distinct2': {
    formula: 'different bigrams ÷ bigrams of all completions',
    meaning:
      'Falls when texts share their phrases, even if no two are equal; compares only between equally many texts.',
    source: { file: 'core/text/diversity.ts', symbol: 'distinctNgrams' },
  },
  'completion/duplicates': {
    formula: 'share of completions that another one equals',
    meaning: 'How many texts are somebody else’s text, to the last token.',
    source: { file: 'core/text/diversity.ts', symbol: 'duplicateShare' },
  },
  'completion/grammatical': {
    formula: 'share of rollouts that parse',
    meaning: 'Readability of what the policy writes; reward models rarely learn it from few votes.',
    source: { file: 'core/train/textHealth.ts', symbol: 'textHealth' },
  },
  'axis/kl': {
    formula: 'mean Σ_t KL(π(·|s_t) ‖ π_ref(·|s_t)) over fresh texts for fixed prompts',
    meaning: 'How far the model stands from the reference, measured the same way for every method.',
    source: { file: 'core/train/measure.ts', symbol: 'exactKl' },
  },
  'axis/score': {
    formula: 'mean score of the reward model on the same texts, without penalties',
    meaning: 'How much the reward model likes what the model writes: the proxy.',
    source: { file: 'core/train/measure.ts', symbol: 'measurePolicy' },
  },
  'axis/gold': {
    formula: 'mean gold score of the same texts',
    meaning:
      'How much the gold rater would like them: what the proxy stands for only where the votes were cast by its taste.',
    source: { file: 'core/train/measure.ts', symbol: 'measurePolicy' },
  },
} as const satisfies Record<string, Explanation>;
