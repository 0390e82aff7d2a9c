import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import { Random } from '../../../src/core/tensor/random';
import { writeStory } from '../../../src/core/text/generator';
import { storyRates } from '../../../src/core/text/storyRates';
import { createStoryTokenizer, SPECIAL_TOKENS, storyWords } from '../../../src/core/text/wordTokenizer';

const tokenizer = createStoryTokenizer();

describe('the ids of a story', () => {
  it('are those of its words, one after the other', () => {
    const random = Random.fromSeed(5);
    const rates = storyRates(presetConfig('tiny').stories);
    for (let i = 0; i < 200; i++) {
      const { prompt, completion } = writeStory(random, rates);
      const text = `${prompt} ${completion}`;
      expect(tokenizer.encode(text)).toEqual(storyWords(text).flatMap((word) => tokenizer.encode(word)));
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }
  });

  it('do not depend on how it was typed: capitals, spaces, full stops that touch their word', () => {
    const plain = tokenizer.encode('the fox was glad .');
    expect(plain.length).toBe(5);
    for (const typed of ['The fox was glad.', ' the  fox was glad . ', 'the fox\nwas glad .', 'THE FOX WAS GLAD .'])
      expect(tokenizer.encode(typed), typed).toEqual(plain);
  });

  it('leave out words that it lacks, special tokens among them', () => {
    expect(tokenizer.encode('the zebra <eos> fox')).toEqual(tokenizer.encode('the fox'));
    expect(tokenizer.encode('')).toEqual([]);
  });

  it('are found as they always were where a saved word is one that typing would take apart', () => {
    const saved = createStoryTokenizer([...SPECIAL_TOKENS, 'fox', "don't", 'don', 'Owl', 'owl']);
    expect(saved.encode("fox don't Owl")).toEqual([3, 5, 7]);
  });
});
