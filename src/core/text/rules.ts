/**
 * Rewards that can be verified: a program reads the finished text and pays by a rule, with nothing learned in between.
 * A check pays 1 or 0. The gold score of a rater is paid as it is, on the rater's own scale; neither is normalised, as
 * scores of a reward model are, for a rule says itself what a text is worth.
 */
import type { Rater } from '../../contract/preferences';
import type { RewardChoice } from '../../contract/settings/whichReward';
import { splitWords } from './checker';
import type { Corpus } from './corpus';

interface FinishedText {
  prompt: string;
  completion: string;
  /** ended with <eos> */
  finished: boolean;
}

/** without the marks around them */
const bareWords = (text: string): string[] => splitWords(text.toLowerCase().replace(/[^\p{L}\p{N}' ]+/gu, ' '));

function repeatsTwo(text: string): boolean {
  const words = splitWords(text);
  const pairs = words.slice(1).map((word, i) => `${words[i]} ${word}`);
  return new Set(pairs).size < pairs.length;
}

const passes = (holds: boolean): number => (holds ? 1 : 0);

/** @returns what the rule pays; null for what only the grammar can tell, on text that it did not write */
export function ruleReward(corpus: Corpus, rater: Rater, rule: RewardChoice, text: FinishedText): number | null {
  const { prompt, completion, finished } = text;
  const attributes = () => corpus.attributes(prompt, completion, finished);
  switch (rule.rewardRule) {
    case 'gold':
      return corpus.gold(rater, prompt, completion, finished);
    case 'wellFormed':
      return attributes() && passes(attributes()!.parses);
    case 'fitting':
      return attributes() && passes(attributes()!.coherent);
    case 'ends':
      return passes(finished);
    case 'length':
      return passes(Math.abs(splitWords(completion).length - rule.ruleLength) <= rule.ruleTolerance);
    case 'word':
      return passes(bareWords(completion).includes(rule.ruleWord));
    case 'fresh':
      return passes(!repeatsTwo(completion));
    default:
      return rule.rewardRule satisfies never;
  }
}
