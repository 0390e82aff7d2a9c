import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/contract/config';
import { LEARNED_WORDS } from '../../../src/contract/translate';
import { Random } from '../../../src/core/tensor/random';
import { writeStory } from '../../../src/core/text/generator';
import { isHeldOut } from '../../../src/core/text/split';
import { storyRates } from '../../../src/core/text/storyRates';
import { storyVocabulary } from '../../../src/core/text/wordTokenizer';
import { classOf, genderOf, knownWords, ourWord, ourWords, stemOf } from '../../../src/core/translate/lexicon';
import { drawSentences, pairsOf, targetWord } from '../../../src/core/translate/sentences';
import { translate } from '../../../src/core/translate/translation';

const said = (text: string): string => translate(text.split(' ')).words.join(' ');
const sentences = [false, true].flatMap((heldOut) => drawSentences(Random.fromSeed(1), 2000, heldOut));
const inAll = (wanted: (words: string[], ours: string[], partner: number[]) => boolean): void => {
  const wrong = sentences.filter((words) => {
    const { words: ours, partner } = translate(words);
    return !wanted(words, ours, partner);
  });
  expect(wrong).toEqual([]);
};
const isVerb = (word: string): boolean => classOf(word) === 'verb';
const isAdjective = (word: string): boolean => classOf(word) === 'adjective';

describe('the words of the made-up language', () => {
  it('stand for the whole vocabulary of the stories, and for nothing else', () => {
    expect([...knownWords()].sort()).toEqual(storyVocabulary().slice(3).sort());
  });

  it('are all different, in every form', () => {
    const words = ourWords();
    expect(new Set(words).size).toBe(words.length);
  });

  it('show what they are: a noun its gender, an adjective a stem with three endings, a verb its -ik', () => {
    for (const word of knownWords()) {
      const ours = ourWord(word, 'masculine');
      if (classOf(word) === 'noun') expect(ours).toMatch(/[oa]$/);
      if (isVerb(word)) expect(ours).toMatch(/ik$/);
      if (!isAdjective(word)) continue;
      const forms = (['masculine', 'feminine', 'many'] as const).map((gender) => ourWord(word, gender));
      expect(forms).toEqual(['o', 'a', 'i'].map((ending) => stemOf(ours) + ending));
    }
  });

  it('take an animal as the stories do: the owl is a she', () => {
    expect(['owl', 'hen', 'she'].map(genderOf)).toEqual(['feminine', 'feminine', 'feminine']);
    expect(['fox', 'goat', 'he'].map(genderOf)).toEqual(['masculine', 'masculine', 'masculine']);
  });
});

describe('the true translation', () => {
  it('puts the verb last and the adjective behind its noun, with its ending', () => {
    const { words, partner } = translate('the brave fox found a red lamp .'.split(' '));
    expect(words.join(' ')).toBe('ko vulto dremo na lumma ruva tadik .');
    expect(partner).toEqual([0, 2, 1, 4, 6, 5, 3, 7]);
  });

  it('lets an adjective without a noun agree with the subject', () => {
    expect(said('in the end the fox was happy .')).toBe('sar ko donta ko vulto gilvo selik .');
    expect(said('in the end the owl was happy .')).toBe('sar ko donta ko kuva gilva selik .');
    expect(said('they were happy .')).toBe('tir gilvi sunkik .');
    expect(said('the fox and the owl were happy .')).toBe('ko vulto son ko kuva gilvi sunkik .');
    expect(said('the owl was kind and he laughed .')).toBe('ko kuva grusa selik son fi flimtik .');
  });

  it('ends a clause at a mark and at an "and" that follows a verb', () => {
    expect(said('he put it away and rested .')).toBe('fi rin bu terbik son bultik .');
    expect(said('go away , said the owl .')).toBe('bu lungik , ko kuva malgik .');
    expect(said('what a silly lamp , said his friend .')).toBe('tal na lumma saba , ran nota malgik .');
  });

  it('is one for each sentence, and pairs all words of both', () => {
    inAll((words, ours, partner) => {
      const pairs = [...partner].sort((a, b) => a - b);
      return ours.length === words.length && pairs.every((at, i) => at === i);
    });
  });

  it('ends every clause with its verbs', () => {
    inAll((words, _, partner) =>
      partner.every((at, i) => {
        const next = words[partner[i + 1]!]!;
        return !isVerb(words[at]!) || isVerb(next) || ['and', '.', ','].includes(next);
      }),
    );
  });

  it('never has an adjective before the noun that it speaks of, and gives it that noun’s ending', () => {
    inAll((words, ours, partner) =>
      words.every((word, at) => {
        if (!isAdjective(word) || classOf(words[at + 1]!) !== 'noun') return true;
        const place = partner.indexOf(at);
        return partner[place - 1] === at + 1 && ours[place]!.slice(-1) === ours[place - 1]!.slice(-1);
      }),
    );
  });

  it('says which word it does not know', () => {
    expect(() => translate(['the', 'dragon'])).toThrow('dragon');
  });
});

describe('the sentences that are learned from', () => {
  it('are those of the stories, and a plain one, never longer than the longest', () => {
    const random = Random.fromSeed(9);
    const written = new Set(
      Array.from({ length: 300 }, () => writeStory(random, storyRates(presetConfig('tiny').stories)).prompt),
    );
    expect([...written].every((prompt) => translate(prompt.split(' ')).words.length === prompt.split(' ').length)).toBe(
      true,
    );
    expect(Math.max(...sentences.map(({ length }) => length))).toBe(LEARNED_WORDS);
    expect(sentences.some((words) => /^the \w+ \w+ \w+ a \w+ \w+ \.$/.test(words.join(' ')))).toBe(true);
  });

  it('use every word of the grammar', () => {
    const used = new Set(drawSentences(Random.fromSeed(2), 20_000, false).flat());
    expect(knownWords().filter((word) => !used.has(word))).toEqual([]);
  });

  it('are on one side of the split by their text alone', () => {
    const text = (words: string[]) => words.join(' ');
    expect(sentences.slice(0, 2000).some((words) => isHeldOut(text(words)))).toBe(false);
    expect(sentences.slice(2000).every((words) => isHeldOut(text(words)))).toBe(true);
  });

  it('lie in rows of their own length, what is read one word behind what is asked for', () => {
    const short = 'they were happy .'.split(' ');
    const { rows, targetColumns, target, labels, sourceLengths, targetLengths } = pairsOf([short, sentences[0]!]);
    expect(rows).toBe(2);
    expect([...sourceLengths]).toEqual([4, sentences[0]!.length]);
    expect(targetLengths[0]).toBe(5);
    const words = (ids: Int32Array) => [...ids.slice(0, targetColumns)].map(targetWord).filter((w) => w !== '<pad>');
    expect(words(target)).toEqual(['<bos>', 'tir', 'gilvi', 'sunkik', '.']);
    expect(words(labels)).toEqual(['tir', 'gilvi', 'sunkik', '.', '<eos>']);
  });
});
