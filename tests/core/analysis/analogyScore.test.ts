import { describe, expect, it } from 'vitest';
import { ANALOGIES_CHANCE } from '../../../src/contract/inside';
import { scoreAnalogies } from '../../../src/core/analysis/analogyScore';
import { sumAnswers, unitVectors } from '../../../src/core/analysis/wordVectors';
import { Random } from '../../../src/core/tensor/random';
import { ANALOGIES } from '../../../src/core/text/analogies';
import { MOOD_OF_WORD } from '../../../src/core/text/words';
import { SPECIAL_TOKENS, storyVocabulary } from '../../../src/core/text/wordTokenizer';

const WORDS = storyVocabulary().slice(SPECIAL_TOKENS.length);
const WIDTH = 24;
const drawn = (seed: number) => {
  const random = Random.fromSeed(seed);
  return {
    rows: WORDS.length,
    width: WIDTH,
    data: Float64Array.from({ length: WORDS.length * WIDTH }, () => random.normal()),
  };
};
const asked = (from: string, to: string, base: string) =>
  ANALOGIES.filter((one) => one.from === from && one.to === to && one.base === base);

describe('the analogies of the grammar', () => {
  it('are asked in words that a model knows, none twice, and never answered by a word of the question', () => {
    const keys = ANALOGIES.map(({ from, to, base }) => `${from} ${to} ${base}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { from, to, base, answers } of ANALOGIES) {
      const all = [from, to, base, ...answers];
      expect(new Set(all).size).toBe(all.length);
      expect(all.filter((word) => !WORDS.includes(word))).toEqual([]);
    }
  });

  it('lead from joy to sorrow, from he to she, from one to many; where two answers are right, both count', () => {
    expect(asked('he', 'she', 'his')[0]!.answers).toEqual(['her']);
    expect(asked('she', 'he', 'her')[0]!.answers).toEqual(['him', 'his']);
    expect(asked('he', 'they', 'was')[0]!.answers).toEqual(['were']);
    expect(asked('him', 'her', 'his')).toEqual([]);
    expect(asked('happy', 'sad', 'smiled')[0]!.answers).toContain('cried');
    for (const { family, base, answers } of ANALOGIES.filter(({ family }) => family === 'mood')) {
      expect([family, MOOD_OF_WORD.get(base)]).toEqual(['mood', 1]);
      for (const answer of answers) expect(MOOD_OF_WORD.get(answer)).toBe(-1);
    }
  });

  it('are guessed as often as the page says', () => {
    expect(scoreAnalogies(WORDS, drawn(1))!.chance).toBeCloseTo(ANALOGIES_CHANCE, 3);
    const solved = [1, 2, 3, 4, 5, 6].map((seed) => scoreAnalogies(WORDS, drawn(seed))!);
    const share = solved.reduce((sum, score) => sum + score.solved / score.of, 0) / solved.length;
    expect(Math.abs(share - ANALOGIES_CHANCE)).toBeLessThan(0.015);
  });

  it('are marked as the sums themselves are answered', () => {
    const vectors = drawn(1);
    const score = scoreAnalogies(WORDS, vectors)!;
    const row = (word: string) => WORDS.indexOf(word);
    const right = ANALOGIES.filter(({ from, to, base, answers }) => {
      const [best] = sumAnswers(unitVectors(vectors), { from: row(from), to: row(to), base: row(base) }, 1);
      return answers.includes(WORDS[best!.word]!);
    });
    expect([score.solved, score.of]).toEqual([right.length, ANALOGIES.length]);
    expect(score.families.reduce((sum, { of }) => sum + of, 0)).toBe(score.of);
    expect(score.missed!.answers).not.toContain(score.missed!.answer);
  });

  it('of moods are all solved by words that are a list each plus one step to sorrow', () => {
    const moods = ANALOGIES.filter(({ family }) => family === 'mood');
    const lists = [...new Set(moods.map(({ answers }) => answers))];
    const listOf = new Map<string, number>();
    for (const { base, answers } of moods)
      for (const word of [base, ...answers]) listOf.set(word, lists.indexOf(answers));
    const width = lists.length + 1;
    const rows = WORDS.map((word) => {
      const row = new Array<number>(width).fill(0);
      const list = listOf.get(word);
      if (list !== undefined) row[list] = 1;
      if (list !== undefined && MOOD_OF_WORD.get(word) === -1) row[width - 1] = 1;
      return row;
    });
    const score = scoreAnalogies(WORDS, { rows: WORDS.length, width, data: Float64Array.from(rows.flat()) })!;
    expect(score.families.find(({ family }) => family === 'mood')).toEqual({
      family: 'mood',
      solved: moods.length,
      of: moods.length,
    });
  });

  it('are none where the words are not the grammar’s', () => {
    expect(scoreAnalogies(['a', 'b', 'c', 'd'], { rows: 4, width: 1, data: new Float64Array(4) })).toBeNull();
  });
});
