import { describe, expect, it } from 'vitest';
import { presetConfig, type StoryConfig } from '../../../src/contract/config';
import { Random } from '../../../src/core/tensor/random';
import { splitWords } from '../../../src/core/text/checker';
import { storyEntropy } from '../../../src/core/text/entropy';
import { writePrompt, writeStory } from '../../../src/core/text/generator';
import { storyRates } from '../../../src/core/text/storyRates';
import { storyLogProbability } from '../../helpers/storyLogProbability';

const SHIPPED = presetConfig('tiny').stories;
const CONFIGS: Record<string, StoryConfig> = {
  shipped: SHIPPED,
  'all happy, always two middles, many redraws': { ...SHIPPED, happyShare: 1, sadShare: 0, meanMiddle: 2 },
  'endings alone': { ...SHIPPED, meanMiddle: 0 },
  'manners without agreement': { ...SHIPPED, politeShare: 0.5, rudeShare: 0.4, moodAgreement: 0, meanMiddle: 1.5 },
};

describe('the exact entropy of the grammar', () => {
  for (const [name, config] of Object.entries(CONFIGS)) {
    it(`is the mean of −log p over stories it writes: ${name}`, () => {
      const random = Random.fromSeed(11);
      const rates = storyRates(config);
      const logProbability = storyLogProbability(config);
      const COUNT = 4000;
      let sum = 0;
      let squares = 0;
      let tokens = 0;
      for (let i = 0; i < COUNT; i++) {
        const story = writeStory(random, rates);
        const nats = -logProbability(story.prompt, story.completion);
        sum += nats;
        squares += nats * nats;
        tokens += splitWords(story.prompt).length + splitWords(story.completion).length + 1;
      }
      const standardError = Math.sqrt((squares / COUNT - (sum / COUNT) ** 2) / COUNT);
      const exact = storyEntropy(config);
      expect(Math.abs(sum / COUNT - exact.natsPerStory)).toBeLessThan(4 * standardError);
      expect(Math.abs(tokens / COUNT - exact.tokensPerStory)).toBeLessThan(0.2);
      expect(Math.abs(sum / tokens - exact.natsPerToken)).toBeLessThan(0.01);
    });
  }

  it('is where the shipped grammar was settled', () => {
    const { natsPerToken, natsPerStory, natsPerCompletion, tokensPerStory } = storyEntropy(SHIPPED);
    expect(natsPerToken).toBeCloseTo(1.067, 3);
    expect(natsPerStory).toBeCloseTo(25.2526, 4);
    expect(natsPerCompletion).toBeCloseTo(12.2358, 4);
    expect(natsPerToken).toBeCloseTo(natsPerStory / tokensPerStory, 12);
  });

  it('gives the completions of a prompt a total probability of one', () => {
    // importance sampling from another grammar: the mean of p(x)/q(x) under q is 1 only if both sum to 1
    const other: StoryConfig = { ...SHIPPED, happyShare: 0.2, sadShare: 0.5, meanMiddle: 1.2, moodAgreement: 0.5 };
    const [p, q] = [storyLogProbability(SHIPPED), storyLogProbability(other)];
    const random = Random.fromSeed(12);
    const rates = storyRates(other);
    const ratios = Array.from({ length: 4000 }, () => {
      const story = writeStory(random, rates);
      return Math.exp(p(story.prompt, story.completion) - q(story.prompt, story.completion));
    });
    expect(Math.abs(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length - 1)).toBeLessThan(0.05);
  });

  it('counts the short stories right, one by one', () => {
    // no middles, all neutral: the entropy of the ending can be added up by hand
    const config: StoryConfig = { ...SHIPPED, meanMiddle: 0, happyShare: 0, sadShare: 0 };
    const friend = 0.75 * Math.log(15) + 0.25 * Math.log(14);
    const byHand = Math.log(5) + (friend + 0 + Math.log(5) + Math.log(12) + 0) / 5;
    expect(storyEntropy(config).natsPerCompletion).toBeCloseTo(byHand, 12);
    const p = storyLogProbability(config);
    const prompt = 'in the garden the fox found a kite .';
    const promptNats = -Math.log(0.15) + Math.log(8) + Math.log(16) + Math.log(8) + Math.log(30);
    expect(p(prompt, 'he kept the kite .')).toBeCloseTo(-promptNats - Math.log(5), 12);
    expect(p(prompt, 'then he went home with the owl .')).toBeCloseTo(-promptNats - Math.log(5) - Math.log(15), 12);
  });

  it('gives what the grammar never writes no probability', () => {
    const p = storyLogProbability(SHIPPED);
    const { prompt } = writePrompt(Random.fromSeed(1));
    expect(p(prompt, 'happy happy happy .')).toBe(-Infinity);
    expect(p('hello .', 'he kept the kite .')).toBe(-Infinity);
    expect(
      storyLogProbability({ ...SHIPPED, happyShare: 0 })('in the garden the fox found a kite .', 'he was so happy .'),
    ).toBe(-Infinity);
  });
});
