/** Whatever a model writes can be read again by its own tokenizer, and learned from. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import type { Corpus, TextTokenizer, Tokenizer } from '../../../src/core/text/corpus';
import { roomToCompare, whatDoesNotFit } from '../../../src/core/text/fitness';
import { createStoryCorpus } from '../../../src/core/text/storyCorpus';
import { tokenizeText } from '../../../src/core/text/textCorpus';
import { restoreTokenizer } from '../../../src/core/text/textTokenizers';
import { firstThatDoesNotFit } from '../../helpers/atOnce';

const TEXT = 'The cat sat.\n\nThe hen ran; the cat, too.  A ☕ for the hen — naïve hens’ tea!\n'.repeat(4);
const stories = createStoryCorpus({ ...presetConfig('tiny').stories, stories: 50 }, 1);

const learned = async (kind: 'char' | 'word' | 'bpe', vocabSize: number): Promise<TextTokenizer> =>
  (await tokenizeText(TEXT, { tokenizer: kind, vocabSize, heldOutShare: 0.1, textWindow: 0 })).tokenizer;

const [char, word, rareWords, bpe] = await Promise.all([
  learned('char', 99),
  learned('word', 99),
  learned('word', 8),
  learned('bpe', 300),
]);

/** as own text has it, for a model of so many tokens */
const ownText = (tokenizer: Tokenizer, completionLength: number): Corpus =>
  ({
    kind: 'text',
    tokenizer,
    promptLength: 8,
    completionLength,
    encodePrompt: (prompt: string) => tokenizer.encode(prompt),
  }) as unknown as Corpus;

const tokensOf = (tokenizer: Tokenizer, most: number) =>
  fc.array(fc.integer({ min: 0, max: tokenizer.vocabSize - 1 }), { minLength: 1, maxLength: most });

describe.each([
  ['characters', char],
  ['words', word],
  ['few words', rareWords],
  ['byte pairs', bpe],
  ['stories', stories.tokenizer],
] as const)('texts of any tokens: %s', (_, tokenizer) => {
  it('hold no unknown word and no more tokens than were written', () => {
    fc.assert(
      fc.property(tokensOf(tokenizer, 24), (ids) => {
        const text = tokenizer.decode(ids);
        expect(tokenizer.unknownWords(text)).toEqual([]);
        const encoded = tokenizer.encode(text);
        const fewest = tokenizer.fewestTokens?.(text) ?? encoded.length;
        expect(fewest).toBeLessThanOrEqual(Math.min(ids.length, encoded.length));
        if (tokenizer.kind !== 'bpe') expect(tokenizer.decode(encoded)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('can be compared, as long as a completion may be', () => {
    const corpus = tokenizer === stories.tokenizer ? stories : ownText(tokenizer, 24);
    const room = roomToCompare(corpus, corpus);
    fc.assert(
      fc.property(
        tokensOf(tokenizer, corpus.completionLength),
        tokensOf(tokenizer, corpus.completionLength),
        (a, b) => {
          const texts = [tokenizer.decode(a), tokenizer.decode(b)];
          const isEmpty = corpus.tokenizer.eosId === null && texts.includes('');
          if (texts[0] !== texts[1] && !isEmpty) expect(whatDoesNotFit(corpus, '', texts, room)).toBeNull();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are so after a reload too', () => {
    const restored = restoreTokenizer(tokenizer.save());
    fc.assert(
      fc.property(tokensOf(tokenizer, 24), (ids) => {
        expect(restored.unknownWords(tokenizer.decode(ids))).toEqual([]);
      }),
    );
  });
});

describe('texts that nobody wrote in these tokens', () => {
  it('are named by the words that are unknown', () => {
    expect(word.unknownWords('The dog sat.')).toEqual(['dog']);
    expect(rareWords.unknownWords(' the zebra')).toEqual(['zebra']);
    expect(char.unknownWords('cat z☂')).toEqual(['z', '☂']);
    expect(stories.tokenizer.unknownWords('the fox � .')).toEqual(['�']);
  });

  it('may be words that were never side by side', () => {
    expect(word.unknownWords('The catThe hen')).toEqual([]);
    expect(word.decode(word.encode('The catThe hen'))).toBe('The catThe hen');
  });
});

describe('the first text that does not fit', () => {
  const room = roomToCompare(stories, stories);
  const fine = { prompt: 'the fox found a kite .', completions: ['he was glad .', ''] };
  const strange = { prompt: 'the fox found a kite .', completions: ['he was glad .', 'the zebra was glad .'] };

  it('is named with its number among all, those that teach nothing counted but not read', () => {
    expect(firstThatDoesNotFit(stories, 'Vote', [fine, null, strange, strange], room)).toBe(
      'Vote 3 of 4: the model does not know “zebra”',
    );
    expect(firstThatDoesNotFit(stories, 'Vote', [fine, null], room)).toBeNull();
  });

  it('may be as a model writes: ended at once, or not at all, but no longer', () => {
    const whole = new Array(stories.completionLength).fill('fox').join(' ');
    expect(whatDoesNotFit(stories, fine.prompt, ['', whole], room)).toBeNull();
    expect(whatDoesNotFit(stories, fine.prompt, ['', `${whole} fox`], room)).toBe(
      `completion 2 is ${stories.completionLength + 1} tokens long; at most ${stories.completionLength} fit`,
    );
  });

  it('has room for the prompts of its corpus in a model that reads only their end', () => {
    const short = { ...stories, promptLength: 4, completionLength: 8 };
    expect(whatDoesNotFit(short, fine.prompt, ['he was glad .', 'sad'], roomToCompare(short, stories))).toBeNull();
    expect(whatDoesNotFit(short, fine.prompt, ['he was glad .', 'sad'])).toMatch(/^the prompt is 7 tokens long/);
  });

  it('is one where texts that have no end of their own are empty', () => {
    const corpus = ownText(word, 24);
    expect(whatDoesNotFit(corpus, 'The', ['', ' hen'], roomToCompare(corpus, corpus))).toBe('completion 1 is empty');
  });
});
