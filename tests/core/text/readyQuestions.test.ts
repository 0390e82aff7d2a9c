import { describe, expect, it } from 'vitest';
import { ANALOGIES } from '../../../src/core/text/analogies';
import { READY_QUESTIONS, storyQuestions, textQuestions } from '../../../src/core/text/readyQuestions';
import { MOOD_OF_WORD } from '../../../src/core/text/words';
import { storyVocabulary } from '../../../src/core/text/wordTokenizer';

describe('ready questions', () => {
  const known = storyVocabulary();

  it('are among those that the grammar answers, or lead from joy to sorrow', () => {
    const keys = new Set(ANALOGIES.map(({ from, to, base }) => `${from} ${to} ${base}`));
    const moods = READY_QUESTIONS.filter(({ from, to, base }) => !keys.has(`${from} ${to} ${base}`));
    for (const { from, to, base } of moods)
      expect([from, to, base].map((word) => MOOD_OF_WORD.get(word))).toEqual([1, -1, 1]);
  });

  it('are the same for everyone first, then about words of the text, each asked about once', () => {
    expect(storyQuestions(known, [])).toEqual(READY_QUESTIONS);
    const asked = storyQuestions(known, ['the', 'glad', 'fox', 'glad', 'him', 'lamp']);
    expect(asked.slice(0, READY_QUESTIONS.length)).toEqual(READY_QUESTIONS);
    expect(asked.slice(READY_QUESTIONS.length).map(({ base }) => base)).toEqual(['glad', 'him']);
    expect(
      storyQuestions(
        known.filter((word) => word !== 'she'),
        [],
      ).some(({ to }) => to === 'she'),
    ).toBe(false);
  });

  it('of the visitor’s own text are about what its words become, those of the text first', () => {
    const words = ['gull', 'boat', 'boats', 'gulls', 'walk', 'walked', 'as', 'a', 'talk', 'talked'];
    expect(textQuestions(words, ['boat'])).toEqual([
      { from: 'gull', to: 'gulls', base: 'boat' },
      { from: 'talk', to: 'talked', base: 'walk' },
    ]);
    expect(textQuestions(['a', 'b', 'c'], ['a'])).toEqual([]);
  });
});
