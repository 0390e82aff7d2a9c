/** How likely one story is, read back from its words: what the exact entropy of the grammar is held against. */
import type { StoryConfig } from '../../src/contract/config';
import { matches, readPrompt, splitSentences, splitWords, storyAttributes } from '../../src/core/text/checker';
import { branches, EMPTY, extend, promptNats } from '../../src/core/text/entropy';
import { ENDINGS_OF_MOOD, MIDDLES_OF_KIND } from '../../src/core/text/generator';
import { type StoryRates, storyRates } from '../../src/core/text/storyRates';
import {
  ENDINGS,
  type EndingTemplate,
  MIDDLES,
  type MiddleTemplate,
  type Mood,
  type Template,
} from '../../src/core/text/templates';

interface ReadSentence<T extends Template> {
  templates: T[];
  words: readonly string[];
}
const readAs = <T extends Template>(templates: readonly T[], words: readonly string[]): ReadSentence<T> => ({
  templates: matches(templates, words).map((match) => match.template),
  words,
});

/** Sums the probability over all ways to write the remaining sentences. */
const sumOutlines = (
  rates: StoryRates,
  mood: Mood,
  middles: readonly ReadSentence<MiddleTemplate>[],
  ending: ReadSentence<EndingTemplate>,
  heroes: number,
  start = EMPTY,
): number => {
  const [next, ...rest] = middles;
  if (next === undefined) {
    const of = ENDINGS_OF_MOOD[mood].length;
    const fitting = ending.templates.filter((template) => template.mood === mood);
    return fitting.reduce((sum, template) => sum + Math.exp(-extend(start, template, 1 / of, heroes).nats), 0);
  }
  return next.templates.reduce((sum, template) => {
    const probability = rates.kind[mood][template.kind] / MIDDLES_OF_KIND[template.kind].length;
    if (probability === 0) return sum;
    return sum + sumOutlines(rates, mood, rest, ending, heroes, extend(start, template, probability, heroes));
  }, 0);
};

/**
 * Reads stories back and sums over all their derivations; independent of the sums over outlines above but for Z. The
 * mean of its negative is `storyEntropy`.
 * @returns log of the probability that the grammar writes exactly this story; −Infinity when it never does
 */
export function storyLogProbability(config: StoryConfig): (prompt: string, completion: string) => number {
  const rates = storyRates(config);
  const branchesOf = [branches(rates, 1), branches(rates, 2)];
  return (prompt, completion) => {
    const read = readPrompt(prompt);
    if (!read || !storyAttributes(prompt, completion, true).coherent) return -Infinity;
    const heroes = read.scene.heroes.length;
    const sentences = splitSentences(splitWords(completion));
    const ending = readAs(ENDINGS, sentences.at(-1) ?? []);
    const middles = sentences.slice(0, -1).map((sentence) => readAs(MIDDLES, sentence));
    const written = (branchesOf[heroes - 1] ?? [])
      .filter((branch) => branch.middles === middles.length)
      .reduce(
        (sum, { mood, probability, fits }) =>
          sum + (probability * sumOutlines(rates, mood, middles, ending, heroes)) / fits,
        0,
      );
    return Math.log(written) - promptNats(read.template, read.template.share, heroes);
  };
}
