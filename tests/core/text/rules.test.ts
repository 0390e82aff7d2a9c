import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import { optionsOf } from '../../../src/contract/settings/setting';
import { type RewardChoice, whichReward } from '../../../src/contract/settings/whichReward';
import { Random } from '../../../src/core/tensor/random';
import { ruleReward } from '../../../src/core/text/rules';
import { createStoryCorpus } from '../../../src/core/text/storyCorpus';

const { stories, ppo } = presetConfig('tiny');
const corpus = createStoryCorpus({ ...stories, stories: 50 }, 1);
const HAPPY = { name: 'happy' } as const;
const { prompt: PROMPT, completion: STORY } = corpus.samples(Random.fromSeed(2), 1)[0]!;

const pays = (
  rewardRule: RewardChoice['rewardRule'],
  completion: string,
  more: Partial<RewardChoice> = {},
  finished = true,
) => ruleReward(corpus, HAPPY, { ...ppo, rewardRule, ...more }, { prompt: PROMPT, completion, finished });

describe('a rule that pays', () => {
  it('knows every rule of the list', () => {
    for (const name of optionsOf(whichReward('ppo').rewardRule))
      expect(pays(name as RewardChoice['rewardRule'], STORY)).toEqual(expect.any(Number));
  });

  it('pays the gold score of the rater as it is', () => {
    expect(pays('gold', STORY)).toBe(corpus.gold(HAPPY, PROMPT, STORY, true));
    expect(pays('gold', 'kite kite')).toBe(-2);
  });

  it('pays 1 for a story that the grammar could have written, and 0 for one that never ended', () => {
    for (const rule of ['wellFormed', 'fitting', 'ends'] as const) {
      expect(pays(rule, STORY)).toBe(1);
      expect(pays(rule, STORY, {}, false)).toBe(0);
    }
    expect(pays('wellFormed', 'kite kite')).toBe(0);
  });

  it('pays for a length within the band, both ends included', () => {
    const at = (words: number) =>
      pays('length', new Array(words).fill('a').join(' '), { ruleLength: 5, ruleTolerance: 2 });
    expect([2, 3, 5, 7, 8].map(at)).toEqual([0, 1, 1, 1, 0]);
  });

  it('finds a whole word whatever stands around it', () => {
    const has = (text: string) => pays('word', text, { ruleWord: 'fox' });
    expect(['the fox .', '“Fox!”', 'foxes', ''].map(has)).toEqual([1, 1, 0, 0]);
  });

  it('does not pay where two words come again in the same order', () => {
    expect(['a b a b', 'a a', 'a b b a', 'a a a'].map((text) => pays('fresh', text))).toEqual([0, 1, 1, 0]);
  });

  it('cannot tell of the visitor’s own text what only the grammar knows', () => {
    const own = { ...corpus, attributes: () => null, gold: () => null };
    const text = { prompt: 'a', completion: 'b c', finished: true };
    const of = (rewardRule: RewardChoice['rewardRule']) => ruleReward(own, HAPPY, { ...ppo, rewardRule }, text);
    expect((['gold', 'wellFormed', 'fitting'] as const).map(of)).toEqual([null, null, null]);
    expect((['ends', 'fresh', 'word'] as const).map(of)).toEqual([1, 1, 0]);
  });
});
